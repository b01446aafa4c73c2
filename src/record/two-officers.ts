/** Whose actions each log kind needs: the table of SPEC 2.4, for the server and for every verifier. */
import type { Role } from './action.ts';
import type { Entry, EntryKind, UnsignedEntry } from './entry.ts';

/** Alternatives of roles; each alternative must be signed by different officers, identities and keys. */
export type ActionRule = readonly (readonly Role[])[];

const byTwo: ActionRule = [
  ['committee', 'street'],
  ['street', 'regulator'],
];
/** One who sees the owner and his document, and one of an office that has no part in the vote's outcome. */
const atTheCounter: ActionRule = [
  ['clerk', 'street'],
  ['clerk', 'regulator'],
  ['registrar', 'street'],
  ['registrar', 'regulator'],
];
/** Two who count and one who watches: never the committee, whose matter is voted on, and never two of one office (SPEC 2.4, 6.4). */
const byThoseWhoCount: ActionRule = [
  ['clerk', 'scrutineer'],
  ['clerk', 'street'],
  ['scrutineer', 'street'],
];
const byOneOfEach: ActionRule = [['regulator', 'street']];
const withRegulator: ActionRule = [
  ['committee', 'regulator'],
  ['street', 'regulator'],
];
/** A merge takes a head away: one who sees documents, and no part of it is the committee's, whom the heads elect. */
const overDocuments: ActionRule = [
  ['registrar', 'street'],
  ['street', 'regulator'],
];

/** Roles that may hold and release a ballot box, but for the convener's own (SPEC 5); a clerk counts paper and holds none. */
export const BOX_ROLES: readonly Role[] = ['street', 'regulator', 'registrar', 'committee'];

/** Kinds that carry no officer's action are absent: the clock, a vote or the arithmetic makes them. */
export const ACTION_RULES: Readonly<Partial<Record<EntryKind, ActionRule>>> = {
  'root.declared': [['root']],
  /** Regulator and street officers by the roots alone, all others by one of each (SPEC 2.2). */
  'officer.appointed': [['root'], ...byOneOfEach],
  'officer.removed': [['root'], ...byOneOfEach],
  'register.imported': byTwo,
  'letters.issued': [['registrar']],
  'letters.reissued': byTwo,
  'letters.revoked': [['registrar']],
  /** Whoever names a provider names who may vouch for owners: no part of it is the convener's alone (SPEC 3.4). */
  'providers.declared': byOneOfEach,
  /** Where no letter and no key of the owner signed; `signedBy` says which (SPEC 3.4). */
  'credential.bound': atTheCounter,
  'credential.revoked': atTheCounter,
  /** The registrar sees the owner and his document, and the street office has no part in the vote (SPEC 3.5). */
  'voting.unfrozen': [['registrar', 'street']],
  'persons.merged': overDocuments,
  'persons.separated': overDocuments,
  /** Where its principal did not sign himself; `signedBy` says which. */
  'mandate.granted': byTwo,
  'mandate.revoked': byTwo,
  /** Where the other holders did not sign themselves; `signedBy` says which. */
  'designation.recorded': byTwo,
  'roll.frozen': byTwo,
  'roll.corrected': byTwo,
  'rules.adopted': byTwo,
  'meeting.noticed': byTwo,
  'meeting.opened': byTwo,
  'meeting.extended': byTwo,
  /** Whoever stops a vote must not need the office whose conduct may be the reason (SPEC 5). */
  'meeting.paused': [['regulator']],
  'meeting.resumed': [['regulator']],
  'meeting.cancelled': byTwo,
  'paper.accepted': byThoseWhoCount,
  'cast.voided': byTwo,
  /** A vote that was promised and lost: late, so two offices answer for it (SPEC 6.12). */
  'cast.restored': byTwo,
  'box.released': BOX_ROLES.map((role) => [role]),
  'objection.decided': [['committee'], ['street']],
  'tally.final': byTwo,
  /** A report to the owners, which moves nothing. */
  'followup.recorded': [['committee'], ['street']],
  /** Whoever convenes answers for it: the committee, or the street office in its place (SPEC 5.4). */
  'requisition.answered': [['committee'], ['street']],
  /** The answer to a manager: whoever convenes, or says why not (SPEC 8.3). */
  'application.answered': [['committee'], ['street']],
  /** A court's judgment or an order of the authority: the regulator sees the document (SPEC 8.3). */
  'resolution.annulled': withRegulator,
  /** A building that is gone: the regulator sees the document (SPEC 8.3). */
  'refund.authorised': withRegulator,
  /** Rules of the owners or of the city that let emergencies go before a vote: the regulator sees the document (SPEC 8.3). */
  'emergencies.declared': withRegulator,
  /** Nobody voted: the street office is always one of the two who have seen the danger (SPEC 8.3). */
  'emergency.authorised': byTwo,
  /** An order of the authority that an emergency was none (SPEC 8.3). */
  'emergency.annulled': withRegulator,
  /** Money of everybody goes out, or an entry is undone (SPEC 8.5). */
  'revenue.spent': byTwo,
  /** Work that was accepted, or is not done: two officers have seen the document (SPEC 8.3). */
  'fund.closed': byTwo,
  /** Owners are asked for money as they decided: two officers have seen the file of first deposits (SPEC 8.6). */
  'topup.called': byTwo,
  'topup.withdrawn': byTwo,
};

/** Entries of the fund that need two officers (SPEC 2.4, DESIGN §7). */
export const FUND_ACTION_RULES: Readonly<Record<string, ActionRule>> = {
  pay: byTwo,
  deposit_reversed: byTwo,
  deposit_identified: byTwo,
  bank_moved: byTwo,
};

/** Letters that a page made, whose program came from the service: an office outside the vote was there and signs too (SPEC 3.2). */
export const BROWSER_LETTERS_RULE: ActionRule = [
  ['registrar', 'street'],
  ['registrar', 'regulator'],
];

/** Nobody voted: the rule of the city needs the two offices that are not the owners' own (SPEC 8.6). */
const TOP_UP_BY_RULE: ActionRule = byOneOfEach;

/** The member that decides the rule beside the kind; undefined where the kind alone does. */
export function ruleVariantOf(entry: Entry | UnsignedEntry): string | undefined {
  if (entry.kind === 'fund.entry') return entry.entryKind;
  if (entry.kind === 'topup.called') return entry.ground;
  return entry.kind === 'letters.issued' ? entry.madeIn : undefined;
}

/** The rule for an entry, or undefined where it needs nobody; `variant` is that of `ruleVariantOf`. */
export function actionRuleOf(kind: EntryKind, variant?: string): ActionRule | undefined {
  if (kind === 'fund.entry') return variant === undefined ? undefined : FUND_ACTION_RULES[variant];
  if (kind === 'topup.called' && variant === 'rule') return TOP_UP_BY_RULE;
  return kind === 'letters.issued' && variant === 'browser' ? BROWSER_LETTERS_RULE : ACTION_RULES[kind];
}

/** Whether these roles are exactly one alternative of the rule, in any order; for roots, `threshold` of them. */
export function satisfies(rule: ActionRule, roles: readonly Role[], threshold: number): boolean {
  const found = [...roles].sort();
  return rule.some((wanted) => {
    if (wanted.length === 1 && wanted[0] === 'root')
      return found.length >= threshold && found.every((role) => role === 'root');
    const sorted = [...wanted].sort();
    return sorted.length === found.length && sorted.every((role, at) => role === found[at]);
  });
}
