/** LOG-01: every entry of the meeting is explained by bytes whose hash it names, and every line has its entry (SPEC 9.1). */
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { castForm, castHash } from '../record/cast.ts';
import { rulesHash } from '../record/community-rules.ts';
import { deliveryHash } from '../record/delivery.ts';
import type { EntryKind } from '../record/entry.ts';
import { decisionHash, objectionHash } from '../record/objection.ts';
import { paperHash } from '../record/paper.ts';
import { promiseHash } from '../record/promise.ts';
import { tallyHash } from '../record/tally-record.ts';
import { castsOf, entriesOf, isByOwner, isOurs } from './entry-scope.ts';
import { explainFund } from './explained-fund.ts';
import { compare, missing } from './explained-lines.ts';
import { explainOwners } from './explained-owners.ts';
import type { Officers } from './officers.ts';
import { explainRequisitions } from './requisition-checks.ts';
import type { Verification } from './verification.ts';

const bytesOf = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();

/** Makes the check, file by file. */
export function checkExplanation(the: Verification, officers: Officers | undefined): void {
  the.notebook.made('LOG-01');
  explainCasts(the);
  explainPromises(the);
  explainPapers(the);
  explainBallots(the);
  explainActions(the, officers);
  explainOwners(the);
  explainDeliveries(the);
  explainRules(the);
  explainRequisitions(the);
  explainObjections(the);
  explainFund(the);
  explainFormerTallies(the);
  explainSingles(the);
}

function explainCasts(the: Verification): void {
  const { contents, definition, log } = the;
  const entries = castsOf(log, definition.meeting);
  compare(
    the,
    'casts.jsonl',
    entries.map(({ index, entry }) => ({ index, hash: entry.castHash })),
    contents.casts?.map(({ where, value }) => ({ where, hash: toBase64Url(castHash(bytesOf(value.cast))) })),
  );
}

/** Only where a cast was restored is there a file of promises. */
function explainPromises(the: Verification): void {
  const { contents, definition, log, notebook } = the;
  const restored = entriesOf(log, 'cast.restored', { meeting: definition.meeting });
  if (restored.length === 0 && contents.promises === undefined) return;
  // Which promises were broken is for everybody to see, so that a public bundle may not lack them either.
  if (!contents.files.has('promises.jsonl'))
    return void notebook.finding(
      'LOG-01',
      'promises.jsonl',
      'the promises that entries of the log name',
      'no such file',
    );
  compare(
    the,
    'promises.jsonl',
    restored.map(({ index, entry }) => ({ index, hash: entry.promiseHash })),
    contents.promises?.map(({ where, value }) => ({ where, hash: promiseHash(value.acknowledgement) })),
  );
}

function explainPapers(the: Verification): void {
  const { contents, definition, log } = the;
  compare(
    the,
    'paper.jsonl',
    entriesOf(log, 'paper.accepted', { meeting: definition.meeting }).map(({ index, entry }) => ({
      index,
      hash: entry.paperHash,
    })),
    contents.papers?.map(({ where, value }) => ({
      where,
      hash: toBase64Url(paperHash(bytesOf(value.paper))),
    })),
  );
}

/** Ballots and credentials: exactly those that casts name. */
function explainBallots(the: Verification): void {
  const { contents, notebook } = the;
  if (contents.casts === undefined) return;
  if (contents.casts.length > 0 && contents.ballots === undefined) missing(the, 'ballots.jsonl');
  if (contents.casts.length > 0 && contents.credentials === undefined) missing(the, 'credentials.jsonl');
  const [ballots, credentials] = [new Set<string>(), new Set<string>()];
  for (const { value } of contents.casts) {
    const parsed = castForm.parse(bytesOf(value.cast));
    if (!parsed.ok) continue;
    credentials.add(parsed.value.credential);
    for (const { ballot } of parsed.value.answers) ballots.add(ballot);
  }
  for (const { where, value } of contents.credentials ?? []) {
    notebook.holds(
      'LOG-01',
      where,
      credentials.has(value.credential),
      'the credential of a cast',
      value.credential,
    );
  }
  notebook.holds(
    'LOG-01',
    'ballots.jsonl',
    contents.ballots === undefined || contents.ballots.length === ballots.size,
    `${ballots.size} ballots that casts name`,
    `${contents.ballots?.length ?? 0}`,
  );
}

function explainActions(the: Verification, officers: Officers | undefined): void {
  const { definition, log, notebook } = the;
  if (officers === undefined) {
    missing(the, 'actions.jsonl');
    return;
  }
  const held = new Set(officers.actions.map(({ evidence }) => evidence));
  const named = new Set<string>();
  for (const { index, entry } of log.entries) {
    if (entry === undefined || isByOwner(entry)) continue;
    for (const evidence of entry.evidence) named.add(evidence);
    if (!isOurs(entry, definition.community, definition.meeting)) continue;
    for (const evidence of entry.evidence) {
      const where = `log ${index} ${entry.kind}`;
      notebook.holds('LOG-01', where, held.has(evidence), `actions.jsonl holds ${evidence}`, 'no such line');
    }
  }
  for (const { where, evidence } of officers.actions) {
    notebook.holds('LOG-01', where, named.has(evidence), 'an entry that names this action', 'none does');
  }
}

function explainDeliveries(the: Verification): void {
  const { contents, definition, log } = the;
  compare(
    the,
    'deliveries.jsonl',
    entriesOf(log, 'delivery.recorded', { meeting: definition.meeting }).map(({ index, entry }) => ({
      index,
      hash: entry.deliveryHash,
    })),
    contents.deliveries?.map(({ where, value }) => ({ where, hash: deliveryHash(bytesOf(value.delivery)) })),
  );
}

/** Only where the community has own rules is there a file of them. */
function explainRules(the: Verification): void {
  const { contents, definition, log } = the;
  const adopted = entriesOf(log, 'rules.adopted', { community: definition.community });
  if (adopted.length === 0 && contents.rules === undefined) return;
  compare(
    the,
    'rules.jsonl',
    adopted.map(({ index, entry }) => ({ index, hash: entry.rulesHash })),
    contents.rules?.map(({ where, value }) => ({ where, hash: rulesHash(bytesOf(value.rules)) })),
  );
}

function explainObjections(the: Verification): void {
  const { contents, definition, log } = the;
  const filter = { meeting: definition.meeting };
  const lines = contents.objections;
  compare(
    the,
    'objections.jsonl',
    entriesOf(log, 'objection.filed', filter).map(({ index, entry }) => ({
      index,
      hash: entry.objectionHash,
    })),
    lines?.map(({ where, value }) => ({ where, hash: objectionHash(bytesOf(value.objection)) })),
  );
  const decisions = entriesOf(log, 'objection.decided', filter);
  const hashes = new Set((lines ?? []).map(({ value }) => decisionHash(bytesOf(value.decision))));
  for (const { index, entry } of lines === undefined ? [] : decisions) {
    const isHeld = hashes.has(entry.decisionHash);
    the.notebook.holds('LOG-01', `log ${index}`, isHeld, `a decision ${entry.decisionHash}`, 'no such line');
  }
  const named = new Set(decisions.map(({ entry }) => entry.decisionHash));
  for (const { where, value } of lines ?? []) {
    const isNamed = value.decision === '' || named.has(decisionHash(bytesOf(value.decision)));
    the.notebook.holds('LOG-01', where, isNamed, 'an entry for its decision', 'none');
  }
}

/** The counts that a later one replaced, each with its two records. */
function explainFormerTallies(the: Verification): void {
  const { contents, definition, log } = the;
  const former = entriesOf(log, 'tally.preliminary', { meeting: definition.meeting }).slice(0, -1);
  if (former.length === 0 && contents.formerTallies === undefined) return;
  compare(
    the,
    'former-tallies.jsonl',
    former.map(({ index, entry }) => ({ index, hash: entry.recordHash })),
    contents.formerTallies?.map(({ where, value }) => ({ where, hash: tallyHash(bytesOf(value.tally)) })),
  );
}

/** Entries that a file of one record explains; its own checks compare the hashes. */
function explainSingles(the: Verification): void {
  const { contents, definition, log, notebook } = the;
  const needs: readonly (readonly [EntryKind, string, unknown])[] = [
    ['roll.frozen', 'roll.jsonl', contents.roll],
    ['box.released', 'box.json', contents.box],
    ['tally.preliminary', 'tally.json', contents.tally],
    ['tally.preliminary', 'participation.json', contents.participation],
    ['tally.final', 'tally.json', contents.tally],
    ['tally.final', 'certificate.json', contents.certificate],
  ];
  for (const [kind, path, content] of needs) {
    const isLogged = entriesOf(log, kind, { meeting: definition.meeting }).length > 0;
    if (isLogged && content === undefined) missing(the, path);
    if (!isLogged && content !== undefined && kind !== 'tally.final') {
      notebook.finding('LOG-01', path, `${kind} in the log`, 'no such entry');
    }
  }
  // The definition commits to the profile, the leaves to their openings; an auditor's bundle holds both.
  if (contents.profile === undefined) missing(the, 'profile.json');
  if (contents.roll !== undefined && contents.openings === undefined) missing(the, 'holders.jsonl');
  const appointed = new Set(entriesOf(log, 'officer.appointed', {}).map(({ entry }) => entry.officer));
  for (const { where, value } of contents.officers ?? []) {
    notebook.holds('LOG-01', where, appointed.has(value.officer), 'an officer of the log', value.officer);
  }
}
