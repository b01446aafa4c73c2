/** ROOT-01, OFF-01, ACT-01 to ACT-04 and REV-01: the root, its officers, and the acts that need them (SPEC 2, 9.3). */
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { parseInstant, showInstant } from '../base/instant.ts';
import { isEnrollableKey } from '../crypto/ed25519-key.ts';
import { isP256Point } from '../crypto/p256.ts';
import { ACTION_LIFE_MS } from '../record/action.ts';
import { parseCoseKey } from '../record/cose-key.ts';
import type { Entry } from '../record/entry.ts';
import type { PublicKey } from '../record/signature.ts';
import { actionRuleOf, ruleVariantOf, satisfies } from '../record/two-officers.ts';
import { entriesOf, isByOwner, isOurs } from './entry-scope.ts';
import { letterBatches } from './letter-checks.ts';
import type { Officers, Signer } from './officers.ts';
import { actionIdentity, readActions, walkOfficers } from './officers.ts';
import type { Verification } from './verification.ts';

/** The officers of the log; undefined where the bundle does not hold their actions. */
export function checkOfficers(the: Verification): Officers | undefined {
  const { contents, notebook } = the;
  checkRoot(the);
  if (contents.actions === undefined) {
    const why = contents.whyNot('actions.jsonl');
    for (const id of ['ROOT-01', 'OFF-01', 'ACT-01', 'ACT-02', 'ACT-03', 'ACT-04', 'REV-01'] as const) {
      notebook.cannot(id, why);
    }
    return undefined;
  }
  const officers = walkOfficers(the, readActions(contents.actions, the));
  notebook.made('OFF-01', 'ACT-01', 'ACT-02', 'ACT-03', 'ACT-04', 'REV-01');
  checkRootSignatures(the, officers);
  checkAppointments(the, officers);
  for (const { index, entry } of the.log.entries) {
    if (entry === undefined || !isOurs(entry, the.definition.community, the.definition.meeting)) continue;
    checkRule(the, officers, index, entry);
    checkSigners(the, index, entry, officers.signers.get(index) ?? []);
  }
  checkUse(the, officers);
  checkRevocations(the, officers);
  return officers;
}

/** ROOT-01: what entry 0 says agrees with itself and with the definition. */
function checkRoot({ log, definition, notebook }: Verification): void {
  notebook.made('ROOT-01');
  const declared = entriesOf(log, 'root.declared', {});
  notebook.same('ROOT-01', 'log', '1 root.declared', `${declared.length} root.declared`);
  const first = log.entries[0]?.entry;
  if (first?.kind !== 'root.declared') {
    notebook.finding('ROOT-01', 'log 0', 'root.declared', first?.kind ?? 'no readable entry');
    return;
  }
  const where = 'log 0 root.declared';
  const isPossible =
    first.threshold <= first.roots.length && new Set(first.roots).size === first.roots.length;
  notebook.holds('ROOT-01', where, isPossible, 'different roots, at least the threshold', 'otherwise');
  for (const key of first.roots) {
    const isGood = isEnrollableKey(fromBase64Url(key) ?? new Uint8Array());
    notebook.holds('ROOT-01', where, isGood, 'a canonical key of full order', key);
  }
  notebook.same('ROOT-01', 'meeting.json origin', first.origin, definition.origin);
  notebook.same('ROOT-01', 'meeting.json rpId', first.rpId, definition.rpId);
  notebook.same('ROOT-01', 'meeting.json origins', first.origins.join(' '), definition.origins.join(' '));
  notebook.same(
    'ROOT-01',
    'meeting.json demoRoot',
    String(first.demo === 'demo'),
    String(definition.demoRoot),
  );
}

/** ROOT-01: t different roots signed their own declaration. */
function checkRootSignatures({ notebook }: Verification, { root, signers }: Officers): void {
  const valid = (signers.get(0) ?? []).filter(
    ({ isValid, signed }) => isValid && signed.action.role === 'root',
  );
  const count = new Set(valid.map(({ key }) => key)).size;
  const expected = `${root?.threshold ?? 1} different roots`;
  notebook.holds('ROOT-01', 'log 0', count >= (root?.threshold ?? 1), expected, `${count} valid signatures`);
}

function isGoodKey(key: PublicKey): boolean {
  const bytes = fromBase64Url(key.publicKey) ?? new Uint8Array();
  if (key.alg === 'Ed25519') return isEnrollableKey(bytes) && key.webauthnId === '';
  const cose = parseCoseKey(bytes);
  if (!cose.ok || key.webauthnId === '') return false;
  return cose.value.alg === 'ES256' ? isP256Point(cose.value.point) : isEnrollableKey(cose.value.publicKey);
}

/** OFF-01: good keys that one officer alone has, and one role for one identity in a community (SPEC 2.2). */
function checkAppointments({ notebook }: Verification, { appointments }: Officers): void {
  const officerOfKey = new Map<string, string>();
  const roleOfIdentity = new Map<string, string>();
  for (const { index, entry, removedAt } of appointments) {
    const where = `log ${index} officer.appointed`;
    for (const { key } of entry.keys) {
      notebook.holds('OFF-01', where, isGoodKey(key), 'keys that obey SPEC 1.3', key.publicKey);
      const owner = officerOfKey.get(key.publicKey) ?? entry.officer;
      notebook.same('OFF-01', `${where} key`, entry.officer, owner);
      officerOfKey.set(key.publicKey, entry.officer);
    }
    if (removedAt !== undefined) continue;
    const role = roleOfIdentity.get(entry.identity) ?? entry.role;
    notebook.same('OFF-01', `${where} role of this identity`, role, entry.role);
    roleOfIdentity.set(entry.identity, role);
  }
}

/** ACT-01: exactly one alternative of the table of SPEC 2.4. */
function checkRule({ notebook }: Verification, officers: Officers, index: number, entry: Entry): void {
  const rule = actionRuleOf(entry.kind, ruleVariantOf(entry));
  if (rule === undefined || isByOwner(entry)) return;
  const roles = (officers.signers.get(index) ?? []).map(({ signed }) => signed.action.role);
  const expected = rule.map((alternative) => alternative.join(' + ')).join(' | ');
  const isMet = satisfies(rule, roles, officers.root?.threshold ?? 1);
  notebook.holds('ACT-01', `log ${index} ${entry.kind}`, isMet, expected, roles.join(' + ') || 'nobody');
}

/** Whether an entry has valid actions of those who may, as different officers, identities and keys. */
export function actedRightly({ root, signers }: Officers, index: number, entry: Entry): boolean {
  const rule = isByOwner(entry) ? undefined : actionRuleOf(entry.kind);
  const found = signers.get(index) ?? [];
  const roles = found.map(({ signed }) => signed.action.role);
  return (
    rule !== undefined &&
    satisfies(rule, roles, root?.threshold ?? 1) &&
    found.every(({ isValid }) => isValid) &&
    new Set(found.map(({ signed }) => signed.action.officer)).size === found.length &&
    new Set(found.map(({ identity }) => identity)).size === found.length &&
    new Set(found.map(({ key }) => key)).size === found.length
  );
}

/** Kinds of a meeting whose pair the convener's role decides. */
const BY_CONVENER: readonly string[] = [
  'roll.frozen',
  'roll.corrected',
  'meeting.noticed',
  'meeting.opened',
  'meeting.extended',
  'meeting.cancelled',
  'cast.voided',
  'cast.restored',
  'tally.final',
];

/** ACT-03: those who sign together differ in all respects, and form the convener's pair. */
function checkSigners(the: Verification, index: number, entry: Entry, found: readonly Signer[]): void {
  const { notebook, definition } = the;
  const where = `log ${index} ${entry.kind}`;
  const areDifferent = (facet: string, values: readonly (string | undefined)[]): void => {
    const known = values.filter((value) => value !== undefined);
    const isOnce = new Set(known).size === known.length;
    notebook.holds('ACT-03', where, isOnce, `different ${facet}`, known.join(', '));
  };
  areDifferent(
    'officers',
    found.map(({ signed }) => signed.action.officer),
  );
  areDifferent(
    'identities',
    found.map(({ identity }) => identity),
  );
  areDifferent(
    'keys',
    found.map(({ key }) => key),
  );
  const roles = found.map(({ signed }) => signed.action.role);
  // Roots share one role; that they are different keys is what counts.
  if (!roles.every((role) => role === 'root')) areDifferent('roles', roles);
  if (roles.length === 2 && BY_CONVENER.includes(entry.kind)) {
    const other = definition.convenerRole === 'committee' ? ['committee', 'street'] : ['street', 'regulator'];
    notebook.same('ACT-03', `${where} pair`, other.sort().join(' + '), [...roles].sort().join(' + '));
  }
}

/** ACT-04: used by one entry, after the log that the officer saw, and covered before it expires (SPEC 2.3). */
function checkUse(the: Verification, { signers, actions }: Officers): void {
  const { log, notebook, brackets } = the;
  const users = new Map<string, number>();
  for (const { entry } of log.entries) {
    if (entry === undefined || isByOwner(entry)) continue;
    for (const evidence of new Set(entry.evidence)) users.set(evidence, (users.get(evidence) ?? 0) + 1);
  }
  const usesOf = new Map<string, number>();
  for (const signed of actions) {
    const identity = actionIdentity(signed);
    const uses = (usesOf.get(identity) ?? 0) + (users.get(signed.evidence) ?? 0);
    usesOf.set(identity, uses);
    notebook.holds('ACT-04', signed.where, uses <= 1, 'used by one entry', `used by ${uses}`);
  }
  for (const [index, found] of signers) {
    for (const { signed } of found) {
      const { size, expires } = signed.action;
      notebook.holds('ACT-04', signed.where, size <= index, `size at most ${index}`, String(size));
      const [until, covered] = [parseInstant(expires) ?? 0, brackets.coveredAt(index)];
      if (covered === undefined) continue;
      const at = showInstant(covered);
      notebook.holds('ACT-04', signed.where, covered <= until, `covered before ${expires}`, at);
      const isShort = until - covered <= ACTION_LIFE_MS;
      notebook.holds(
        'ACT-04',
        signed.where,
        isShort,
        'at most 72 hours to live',
        `expires ${expires}, used ${at}`,
      );
    }
  }
}

/** REV-01: what is revoked or removed exists, and the act is signed by those who may. */
function checkRevocations(the: Verification, { signers, appointments }: Officers): void {
  const { log, notebook, definition, contents } = the;
  const isSigned = (index: number): boolean => {
    const found = signers.get(index) ?? [];
    return found.length > 0 && found.every(({ isValid }) => isValid);
  };
  for (const { index, entry } of entriesOf(log, 'officer.removed', {})) {
    if (!isOurs(entry, definition.community, definition.meeting)) continue;
    const named = appointments.some((one) => one.entry.officer === entry.officer && one.index < index);
    notebook.holds('REV-01', `log ${index} officer.removed`, named, 'an appointed officer', entry.officer);
    notebook.holds('REV-01', `log ${index} officer.removed`, isSigned(index), 'validly signed', 'not so');
  }
  const batches = new Map(
    letterBatches(log, definition.community).map((one) => [one.entry.batch, one.index]),
  );
  const issued = new Map(
    (contents.letters ?? []).map(({ value }) => [value.item.letter, batches.get(value.batch)]),
  );
  for (const { index, entry } of entriesOf(log, 'letters.revoked', { community: definition.community })) {
    const where = `log ${index} letters.revoked`;
    notebook.holds('REV-01', where, isSigned(index), 'validly signed', 'not so');
    if (contents.letters === undefined) notebook.cannot('REV-01', contents.whyNot('letters.jsonl'));
    else
      notebook.holds(
        'REV-01',
        where,
        (issued.get(entry.letter) ?? index) < index,
        'an issued letter',
        entry.letter,
      );
  }
}

/** SEEN-01: (size, root) that an action or a cast names is a state of this very log (SPEC 2.3, 7.4). */
export function checkSeen(
  { log, notebook }: Verification,
  seen: readonly {
    readonly where: string;
    readonly index: number;
    readonly size: number;
    readonly root: string;
  }[],
): void {
  for (const { where, index, size, root } of seen) {
    if (!notebook.holds('SEEN-01', where, size <= index, `a size of at most ${index}`, String(size)))
      continue;
    notebook.same('SEEN-01', `${where} root at ${size}`, toBase64Url(log.tree.rootAt(size)), root);
  }
}
