/** TALLY-01, TALLY-02 and BOX-01: the box and the recount of every version of the result (SPEC 6.2, 8.1, 8.2). */
import { fromBase64Url } from '../base/bytes.ts';
import type { Canonical } from '../base/canonical.ts';
import { h256Text } from '../crypto/frame.ts';
import { opensBox } from '../crypto/sealed-box.ts';
import { inputsHash, TALLY_INPUTS } from '../record/bundle-lines.ts';
import type { TallyRecord } from '../record/tally-record.ts';
import { participationHash, tallyHash } from '../record/tally-record.ts';
import type { Read } from './bundle-contents.ts';
import { leafText } from './bundled-log.ts';
import { checkCertificate, NOT_YET } from './certificate-checks.ts';
import { differences } from './difference.ts';
import { entriesOf } from './entry-scope.ts';
import { checkLateChanges } from './late-changes.ts';
import type { Course } from './meeting-checks.ts';
import type { Officers } from './officers.ts';
import type { OpenedMemory, OpenedVotes } from './opened-votes.ts';
import { boxSecretOf, openVotes } from './opened-votes.ts';
import type { Counted, PaperStatement } from './paper-statements.ts';
import { countedOf } from './paper-statements.ts';
import { countable, recount } from './recount.ts';
import type { Roll } from './roll-checks.ts';
import { areaIn } from './roll-checks.ts';
import { silentEntitlements } from './silence.ts';
import type { Statement } from './statements.ts';
import type { TallyVersion } from './tally-versions.ts';
import { tallyVersions } from './tally-versions.ts';
import type { Verification } from './verification.ts';
import { checkSettled } from './void-checks.ts';

const WHOLE_COMMUNITY = { kind: 'community', members: [] } as const;

/** Makes the checks of the result. */
export function checkTally(
  the: Verification,
  course: Course,
  officers: Officers | undefined,
  roll: Roll | undefined,
  statements: readonly Statement[] | undefined,
  papers: readonly PaperStatement[] | undefined,
): void {
  const { contents, notebook, rules, definition } = the;
  checkBox(the, course, officers);
  checkCertificate(the);
  const versions = tallyVersions(the);
  if (versions.length === 0 && course.final === undefined && contents.tally === undefined) {
    notebook.cannot('TALLY-01', NOT_YET);
    notebook.cannot('TALLY-02', NOT_YET);
    return;
  }
  notebook.made('TALLY-01', 'TALLY-02');
  const { tally, box } = contents;
  if (tally === undefined) {
    notebook.cannot('TALLY-01', contents.whyNot('tally.json'));
    notebook.cannot('TALLY-02', contents.whyNot('tally.json'));
    return;
  }
  checkHashes(the, versions);
  checkLists(the, tally.value);
  for (const version of versions) checkCounts(the, version);
  const isReadable = statements !== undefined && papers !== undefined;
  if (roll === undefined || !isReadable || box === undefined || rules === undefined) {
    const why = contents.whyNot(
      'roll.jsonl',
      'casts.jsonl',
      'paper.jsonl',
      'ballots.jsonl',
      'credentials.jsonl',
      'box.json',
    );
    for (const id of ['TALLY-01', 'TALLY-02', 'BOX-02'] as const) notebook.cannot(id, why);
    return;
  }
  checkSettled(the, course, statements, papers);
  if (rules.silenceFollows && contents.deliveries === undefined)
    notebook.cannot('TALLY-02', contents.whyNot('deliveries.jsonl'));
  const memory: OpenedMemory = new Map();
  for (const version of versions) {
    if (version.tally === undefined) continue;
    // Whose lost cast is restored later was silent in the count before.
    const spoke = [...statements, ...papers].flatMap(({ index, entry }) =>
      index < version.index ? [entry.entitlement] : [],
    );
    const silent = rules.silenceFollows ? silentEntitlements(the, spoke) : new Set<string>();
    const counted = countedOf(the, statements, papers, version.index);
    const opened = openVotes(definition, roll, rules, counted, boxSecretOf(box.value.secret), memory, silent);
    checkMalformed(the, version.tally, opened);
    if (silent !== undefined) checkRecount(the, version.tally, opened);
    checkParticipation(the, roll, counted, version.tally, version.participation);
  }
}

/** TALLY-01: what the log alone can count of a version: the voids before it, and what joined before the close. */
function checkCounts(the: Verification, { index, tally }: TallyVersion): void {
  if (tally === undefined) return;
  const { definition, log, notebook } = the;
  const voids = entriesOf(log, 'cast.voided', { meeting: definition.meeting });
  const before = voids.filter((each) => each.index < index).length;
  notebook.same('TALLY-01', `${tally.where} voids`, String(before), String(tally.value.voids));
  const restored = entriesOf(log, 'cast.restored', { meeting: definition.meeting });
  const late = restored.filter((each) => each.index < index).length;
  notebook.same('TALLY-01', `${tally.where} restored`, String(late), String(tally.value.restored));
  checkLateChanges(the, tally);
}

/** BOX-01: the released secret is that of the box key and of the log entry, after the close, by another role (SPEC 5). */
function checkBox(the: Verification, course: Course, officers: Officers | undefined): void {
  const { contents, definition, log, notebook } = the;
  const released = entriesOf(log, 'box.released', { meeting: definition.meeting });
  const { box } = contents;
  if (released.length === 0 && box === undefined) {
    notebook.cannot('BOX-01', { zh: '票箱密钥尚未公布', en: 'the box key is not released yet' });
    return;
  }
  notebook.made('BOX-01');
  notebook.same('BOX-01', 'log', '1 box.released', `${released.length} box.released`);
  for (const { index, entry } of released) {
    const isAfter = course.closed !== undefined && index > course.closed;
    notebook.holds('BOX-01', `log ${index}`, isAfter, 'after meeting.closed', `closed at ${course.closed}`);
    for (const { signed } of officers?.signers.get(index) ?? []) {
      if (definition.boxHolder !== 'officer') continue;
      const isOther = signed.action.role !== definition.convenerRole;
      notebook.holds('BOX-01', signed.where, isOther, "another role than the convener's", signed.action.role);
    }
    if (box === undefined) continue;
    notebook.same('BOX-01', `log ${index} secretHash`, entry.secretHash, secretHashOf(box.value.secret));
  }
  if (definition.boxHolder === 'server') notebook.remark('BOX-01', READABLE);
  if (box === undefined) {
    notebook.cannot('BOX-01', contents.whyNot('box.json'));
    return;
  }
  const opens = opensBox(boxSecretOf(box.value.secret), fromBase64Url(definition.boxKey) ?? new Uint8Array());
  notebook.holds('BOX-01', 'box.json secret', opens, 'the secret of the box key', 'another secret');
  notebook.same('BOX-01', 'box.json meeting', definition.meeting, box.value.meeting);
}

const secretHashOf = (secret: string): string => h256Text('secret', boxSecretOf(secret));

/** What every report must say of a demo's box (SPEC 5). */
export const READABLE = {
  zh: '票箱密钥由服务器保管，投票期间服务器可以读取选择',
  en: 'the server held the box key, so it could read the choices during the vote',
} as const;

/** TALLY-02: the hashes under which each count and the final result were logged, and that the last count is the final one. */
function checkHashes(
  { contents, definition, log, notebook, meetingHash }: Verification,
  versions: readonly TallyVersion[],
): void {
  const { files } = contents;
  for (const { index, entry, tally, participation } of versions) {
    if (tally === undefined) notebook.cannot('TALLY-02', contents.whyNot('former-tallies.jsonl'));
    else {
      notebook.same('TALLY-02', `${tally.where} meeting`, definition.meeting, tally.value.meeting);
      notebook.same('TALLY-02', `${tally.where} meetingHash`, meetingHash, tally.value.meetingHash);
      notebook.same('TALLY-02', `log ${index} recordHash`, entry.recordHash, tallyHash(tally.bytes));
    }
    if (participation === undefined) notebook.cannot('TALLY-02', contents.whyNot('participation.json'));
    else {
      const hash = participationHash(participation.bytes);
      notebook.same('TALLY-02', `log ${index} participationHash`, entry.participationHash, hash);
    }
  }
  const filter = { meeting: definition.meeting };
  const recordHash = contents.tally === undefined ? '' : tallyHash(contents.tally.bytes);
  const changes = [...entriesOf(log, 'cast.voided', filter), ...entriesOf(log, 'cast.restored', filter)];
  const inputs = TALLY_INPUTS.map((path) => [path, files.get(path)] as const);
  for (const { index, entry } of entriesOf(log, 'tally.final', filter)) {
    notebook.same('TALLY-02', `log ${index} recordHash`, entry.recordHash, recordHash);
    const counted = versions.at(-1)?.index ?? 0;
    notebook.holds(
      'TALLY-02',
      `log ${index}`,
      counted < index,
      'after the last count',
      `counted at log ${counted}`,
    );
    const later = changes.find((each) => each.index > counted && each.index < index);
    const isRecounted = later === undefined;
    notebook.holds(
      'TALLY-02',
      `log ${index}`,
      isRecounted,
      'a recount after the last void or restored cast',
      `log ${later?.index}`,
    );
    if (inputs.some(([, bytes]) => bytes === undefined)) {
      notebook.cannot('TALLY-02', contents.whyNot(...TALLY_INPUTS));
      continue;
    }
    const hash = inputsHash(Object.fromEntries(inputs) as Parameters<typeof inputsHash>[0]);
    notebook.same('TALLY-02', `log ${index} inputsHash`, entry.inputsHash, hash);
  }
}

/** TALLY-01: refusals by code each once; corrections as the log has them; objections decided. */
function checkLists({ contents, definition, log, notebook }: Verification, tally: TallyRecord): void {
  const codes = tally.refusals.map(({ code }) => code);
  const isOnce = new Set(codes).size === codes.length && tally.refusals.every(({ count }) => count > 0);
  notebook.holds('TALLY-01', 'tally.json refusals', isOnce, 'each code once', codes.join(', '));
  const filter = { meeting: definition.meeting };
  const corrected = entriesOf(log, 'roll.corrected', filter).map((placed) => ({
    entitlement: placed.entry.entitlement,
    entry: leafText(placed),
  }));
  for (const one of differences('tally.json corrections', corrected, tally.corrections as Canonical))
    notebook.finding('TALLY-01', one.where, one.expected, one.found);
  const filed = entriesOf(log, 'objection.filed', filter);
  const [final] = entriesOf(log, 'tally.final', filter);
  const isBefore = ({ index }: { readonly index: number }): boolean =>
    final === undefined || index < final.index;
  const decided = new Set(
    entriesOf(log, 'objection.decided', filter)
      .filter(isBefore)
      .map(({ entry }) => entry.objection),
  );
  for (const { index, entry } of final === undefined ? [] : filed) {
    const where = `log ${index} objection.filed`;
    const isDecided = decided.has(entry.objection) || index > (final?.index ?? 0);
    notebook.holds('TALLY-01', where, isDecided, 'decided before tally.final', 'undecided');
  }
  for (const objection of decided) {
    const isFiled = filed.some(({ entry }) => entry.objection === objection);
    notebook.holds('TALLY-01', 'log objection.decided', isFiled, 'an objection that was filed', objection);
  }
  if (filed.length > 0 && contents.objections === undefined) {
    notebook.cannot('TALLY-01', contents.whyNot('objections.jsonl'));
  }
}

/** TALLY-01 and BOX-02: the answers that do not open are exactly those that the record lists. */
function checkMalformed(
  { notebook }: Verification,
  { where, value: tally }: Read<TallyRecord>,
  { malformed }: OpenedVotes,
): void {
  const name = (one: TallyRecord['malformed'][number]): string =>
    `${one.entitlement} ${one.proposal} ${one.castHash} ${one.code}`;
  const [listed, found] = [new Set(tally.malformed.map(name)), new Set(malformed.map(name))];
  notebook.same('TALLY-01', `${where} malformed`, String(malformed.length), String(tally.malformed.length));
  for (const one of found) {
    for (const id of ['TALLY-01', 'BOX-02'] as const) {
      notebook.holds(id, `${where} malformed`, listed.has(one), one, 'not listed');
    }
  }
  for (const one of listed) notebook.holds('TALLY-01', `${where} malformed`, found.has(one), 'it opens', one);
}

/** TALLY-02: every number and every inequality, counted again. */
function checkRecount(
  the: Verification,
  { where: file, value: tally }: Read<TallyRecord>,
  { votes }: OpenedVotes,
): void {
  const { definition, notebook, rules } = the;
  if (rules === undefined) return;
  const order = definition.proposals.map(({ proposal }) => proposal).join(', ');
  notebook.same('TALLY-02', file, order, tally.proposals.map(({ proposal }) => proposal).join(', '));
  const proposals = countable(definition);
  if (proposals.length < definition.proposals.length) {
    notebook.cannot('TALLY-02', {
      zh: '本版本不能核对秘密投票',
      en: 'this version counts no secret ballots',
    });
  }
  for (const proposal of proposals) {
    const found = tally.proposals.find((one) => one.proposal === proposal.proposal);
    if (found === undefined) continue;
    const expected = recount(proposal, votes.get(proposal.proposal) ?? [], rules);
    const where = `${file} ${proposal.proposal}`;
    for (const one of differences(where, expected as Canonical, found as Canonical)) {
      notebook.finding('TALLY-02', one.where, one.expected, one.found);
    }
  }
}

/** TALLY-02: who took part, by which channel, and with which statement. */
function checkParticipation(
  { definition, notebook, rules }: Verification,
  roll: Roll,
  counted: ReadonlyMap<string, Counted>,
  { where: file, value: tally }: Read<TallyRecord>,
  participation: TallyVersion['participation'],
): void {
  const channels = new Map<string, { areaDm2: bigint; heads: number }>();
  const took: { entitlement: string; channel: string; castHash: string }[] = [];
  for (const leaf of roll.leaves.values()) {
    const statement = counted.get(leaf.entitlement);
    if (statement === undefined || rules === undefined) continue;
    const { channel, hash } = statement;
    took.push({ entitlement: leaf.entitlement, channel, castHash: hash });
    const sum = channels.get(channel) ?? { areaDm2: 0n, heads: 0 };
    sum.areaDm2 += areaIn(leaf, WHOLE_COMMUNITY, rules.countSpecialSpaces);
    sum.heads += 1;
    channels.set(channel, sum);
  }
  for (const { channel, areaDm2, heads } of tally.channels) {
    const sum = channels.get(channel) ?? { areaDm2: 0n, heads: 0 };
    notebook.same(
      'TALLY-02',
      `${file} channels ${channel}`,
      `${sum.areaDm2} dm², ${sum.heads} heads`,
      `${areaDm2} dm², ${heads} heads`,
    );
    channels.delete(channel);
  }
  for (const channel of channels.keys())
    notebook.finding('TALLY-02', `${file} channels`, channel, 'not listed');
  if (participation === undefined) return;
  notebook.same(
    'TALLY-02',
    `${participation.where} meeting`,
    definition.meeting,
    participation.value.meeting,
  );
  for (const one of differences(`${participation.where} took`, took, participation.value.took as Canonical)) {
    notebook.finding('TALLY-02', one.where, one.expected, one.found);
  }
}
