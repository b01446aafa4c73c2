/** CAST-01 to CAST-05, and BOX-02 of casts and papers: every accepted cast obeys the rules that the server should have kept (SPEC 6). */
import { fromBase64Url, toBase64Url, toHex } from '../base/bytes.ts';
import { parseInstant } from '../base/instant.ts';
import { isBoxKey } from '../crypto/sealed-box.ts';
import { isSignedBy } from '../record/binding-evidence.ts';
import { sealedSize } from '../record/choice.ts';
import { evidenceHash } from '../record/signature.ts';
import { checkChains, checkEntries } from './chain-checks.ts';
import type { Designations } from './designation-checks.ts';
import { NOBODY, votersAt } from './designation-checks.ts';
import type { Mandates } from './mandate-checks.ts';
import { checkCap, checkMandateUse } from './mandate-checks.ts';
import type { Course } from './meeting-checks.ts';
import type { Officers } from './officers.ts';
import type { PaperStatement } from './paper-statements.ts';
import type { Roll } from './roll-checks.ts';
import { areaIn } from './roll-checks.ts';
import type { Statement } from './statements.ts';
import type { Verification } from './verification.ts';

const OF_CASTS = ['CAST-01', 'CAST-02', 'CAST-03', 'CAST-04', 'CAST-05', 'BOX-02'] as const;

/** Makes the checks of casts. */
export function checkCasts(
  the: Verification,
  course: Course,
  officers: Officers | undefined,
  roll: Roll | undefined,
  {
    statements,
    papers,
    mandates,
    designations,
  }: {
    readonly statements: readonly Statement[] | undefined;
    readonly papers: readonly PaperStatement[] | undefined;
    readonly mandates: Mandates | undefined;
    readonly designations: Designations;
  },
): void {
  const { contents, notebook } = the;
  checkEntries(the, course);
  if (statements === undefined) {
    const why = contents.whyNot('casts.jsonl', 'ballots.jsonl', 'credentials.jsonl');
    for (const id of OF_CASTS) notebook.cannot(id, why);
    return;
  }
  notebook.made(...OF_CASTS);
  // Of a chain with papers nothing can be said without them.
  if (papers === undefined)
    for (const id of ['CAST-03', 'BOX-02'] as const) notebook.cannot(id, contents.whyNot('paper.jsonl'));
  else {
    checkSealed(the, [...statements, ...papers]);
    checkChains(the, statements, papers, mandates ?? new Map());
  }
  for (const statement of statements) {
    checkSignature(the, statement);
    checkOrder(the, statement);
    if (roll !== undefined) checkBallots(the, roll, statement);
    if (roll?.openings !== undefined) checkVoter(the, officers, roll, statement, { mandates, designations });
  }
  checkCap(the, mandates ?? new Map(), [
    ...statements.map(({ where, index, cast, credential }) => ({
      where,
      index,
      mandate: cast.mandate,
      agent: credential?.person,
    })),
    ...(papers ?? []).map(({ where, index, paper }) => ({
      where,
      index,
      mandate: paper.mandate,
      agent: paper.signer,
    })),
  ]);
  checkSpent(the, statements);
  if (roll === undefined) notebook.cannot('CAST-04', contents.whyNot('roll.jsonl'));
  if (the.rules === undefined) {
    const why = { zh: '规则参数不全', en: 'the parameters are not complete' };
    for (const id of ['CAST-03', 'CAST-04', 'CAST-05'] as const) notebook.cannot(id, why);
  }
  if (roll?.openings === undefined)
    notebook.cannot('CAST-02', contents.whyNot('roll.jsonl', 'holders.jsonl'));
}

/** CAST-01: the credential signed these bytes, and the log names this very signature – for a restored cast its promise does (CAST-06). */
function checkSignature({ definition, notebook }: Verification, statement: Statement): void {
  const { where, entry, signature, credential, hash } = statement;
  if (entry.kind === 'cast.accepted')
    notebook.same('CAST-01', `${where} evidence`, entry.evidence.join(' '), evidenceHash(signature));
  if (credential === undefined) {
    notebook.finding('CAST-01', where, 'a credential in credentials.jsonl', statement.cast.credential);
    return;
  }
  const key = {
    alg: credential.alg,
    publicKey: fromBase64Url(credential.publicKey) ?? new Uint8Array(),
    webauthnId: fromBase64Url(credential.webauthnId) ?? new Uint8Array(),
  };
  const isSigned = isSignedBy(key, hash, signature, definition);
  notebook.holds('CAST-01', where, isSigned, 'signed by its credential', 'the signature does not verify');
}

/** CAST-02: cast by a holder, by the designated one where somebody is designated, or by the agent of one who might. */
function checkVoter(
  the: Verification,
  officers: Officers | undefined,
  { holdersAt, leaves }: Roll,
  statement: Statement,
  {
    mandates,
    designations,
  }: { readonly mandates: Mandates | undefined; readonly designations: Designations },
): void {
  const { notebook } = the;
  const { where, index, cast, credential } = statement;
  const isOfficer = (officers?.appointments ?? []).some(
    (one) => one.entry.officer === cast.assisted && one.index < index && (one.removedAt ?? index) >= index,
  );
  if (cast.assisted !== '' && officers !== undefined) {
    notebook.holds('CAST-02', `${where} assisted`, isOfficer, 'an officer in force', cast.assisted);
  }
  const held = holdersAt(cast.entitlement, index);
  const leaf = leaves.get(cast.entitlement);
  if (held === undefined || leaf === undefined) {
    notebook.finding('CAST-02', where, 'an entitlement of the roll', cast.entitlement);
    return;
  }
  const voters = votersAt(the, designations, statement, { leaf, opening: held });
  if (cast.mandate !== '') {
    // Where the mandates cannot be read, checkMandates has said so.
    if (mandates !== undefined) checkMandateUse(the, mandates, statement, { leaf, opening: held, voters });
    return;
  }
  if (credential === undefined) return;
  const holder = held.holders.find(({ person }) => person === credential.person);
  const named = voters?.map((one) => (one === NOBODY ? 'nobody, since none is designated' : one)) ?? [];
  const expected =
    voters === undefined ? 'a holder of the entitlement' : `the designated: ${named.join(' or ')}`;
  const isAllowed = holder !== undefined && (voters?.includes(holder.person) ?? true);
  notebook.holds('CAST-02', where, isAllowed, expected, credential.person);
  if (holder !== undefined)
    notebook.same('CAST-02', `${where} identity`, holder.identity, credential.identity);
}

/** CAST-04: each ballot gives the weight that the roll gives, to this entitlement and credential. */
function checkBallots(the: Verification, { leaves }: Roll, { where, cast, answers }: Statement): void {
  const { notebook, meetingHash, definition, rules } = the;
  const leaf = leaves.get(cast.entitlement);
  notebook.holds('CAST-04', where, leaf !== undefined, 'an entitlement of the roll', cast.entitlement);
  if (leaf === undefined || rules === undefined) return;
  for (const [at, { claims, proposal }] of answers.entries()) {
    if (claims === undefined || proposal === undefined) continue;
    const place = `${where} answers[${at}]`;
    const areaDm2 = areaIn(leaf, proposal.scope, rules.countSpecialSpaces);
    notebook.same('CAST-04', `${place} meeting`, meetingHash, claims.meeting);
    notebook.same('CAST-04', `${place} entitlement`, cast.entitlement, claims.entitlement);
    notebook.same('CAST-04', `${place} credential`, cast.credential, claims.credential);
    notebook.same('CAST-04', `${place} mandate`, cast.mandate, claims.mandate);
    notebook.same('CAST-04', `${place} areaDm2`, String(areaDm2), claims.areaDm2);
    notebook.same('CAST-04', `${place} mode`, proposal.mode, claims.mode);
    const opens = (parseInstant(definition.window.opens) ?? 0) / 1000;
    notebook.holds('CAST-04', `${place} nbf`, claims.nbf >= opens, `at least ${opens}`, String(claims.nbf));
    notebook.holds(
      'CAST-05',
      place,
      areaDm2 > 0n,
      'a proposal whose scope holds the entitlement',
      proposal.proposal,
    );
  }
}

/** CAST-05: answers follow the definition's order, one for a proposal, each by a ballot that is at hand. */
function checkOrder({ definition, notebook }: Verification, { where, answers }: Statement): void {
  const order = new Map(definition.proposals.map(({ proposal }, at) => [proposal, at]));
  let before = -1;
  for (const [at, { ballot, claims }] of answers.entries()) {
    const place = `${where} answers[${at}]`;
    if (claims === undefined) {
      notebook.finding('CAST-05', place, 'an authentic ballot in ballots.jsonl', ballot);
      continue;
    }
    const position = order.get(claims.proposal) ?? -1;
    notebook.holds('CAST-05', place, position > before, 'a later proposal of the meeting', claims.proposal);
    before = Math.max(before, position);
  }
}

/** CAST-05: a ballot, and the jti in it, is spent by one statement (SPEC 6.1). */
function checkSpent({ notebook }: Verification, statements: readonly Statement[]): void {
  const spent = new Map<string, string>();
  for (const { where, answers } of statements) {
    for (const { ballot, claims } of answers) {
      for (const token of claims === undefined ? [ballot] : [ballot, claims.jti]) {
        const other = spent.get(token);
        notebook.holds(
          'CAST-05',
          where,
          other === undefined,
          'a ballot spent once',
          `${ballot}, also ${other}`,
        );
        spent.set(token, where);
      }
    }
  }
}

/** BOX-02: exact sizes, canonical keys, and no ephemeral key that two statements share (SPEC 6.2, 6.5). */
function checkSealed(
  { definition, notebook }: Verification,
  statements: readonly (Statement | PaperStatement)[],
): void {
  const isKey = isBoxKey(fromBase64Url(definition.boxKey) ?? new Uint8Array());
  notebook.holds('BOX-02', 'meeting.json boxKey', isKey, 'a canonical key of full order', definition.boxKey);
  const [users, nonces] = [new Map<string, string>(), new Set<string>()];
  for (const { where, hash, answers } of statements) {
    for (const [at, { sealed, proposal }] of answers.entries()) {
      const place = `${where} answers[${at}]`;
      if (proposal !== undefined) {
        const size = sealedSize(proposal.sealLength);
        notebook.same('BOX-02', `${place} bytes`, String(size), String(sealed.length));
      }
      const epk = toHex(sealed.subarray(0, 32));
      notebook.holds('BOX-02', place, isBoxKey(sealed.subarray(0, 32)), 'a canonical ephemeral key', epk);
      const user = users.get(epk) ?? toBase64Url(hash);
      notebook.same('BOX-02', `${place} ephemeral key of this statement alone`, toBase64Url(hash), user);
      users.set(epk, user);
      const use = toHex(sealed.subarray(0, 56));
      notebook.holds('BOX-02', place, !nonces.has(use), 'a nonce used once', use);
      nonces.add(use);
    }
  }
}
