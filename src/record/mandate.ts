/** Mandates: who may vote for whom, on what and until when, and whether a use keeps to it (SPEC 3.6; Civil Code §19–23, §165). */
import { fromBase64Url } from '../base/bytes.ts';
import { h256, h256Text } from '../crypto/frame.ts';
import type { Of } from './schema.ts';
import { closed, exactly, list, oneOf, recordForm } from './schema.ts';
import { civilDate, hash, hashOrNone, id, idOrNone, nonce } from './shapes.ts';

/**
 * `mandate` is given by the principal himself; a `guardian` acts by law for a minor or a person without capacity, a
 * `representative` is the natural person through whom a legal person votes. The last two only two officers may enter.
 */
export const BASES = ['mandate', 'guardian', 'representative'] as const;
export type Basis = (typeof BASES)[number];

const party = closed({ person: id, identity: hash });

const mandate = closed({
  v: exactly(1),
  kind: oneOf('mandate'),
  community: id,
  /** The meeting that it is for, or none for every meeting until its end. */
  meeting: idOrNone,
  mandate: id,
  basis: oneOf(...BASES),
  /** The principal. */
  by: party,
  /** The agent. */
  to: party,
  /** It reaches an entitlement all of whose units stand here: ids of entitlements are fresh in each meeting, those of units stay. */
  units: list(id, 20_000, 1),
  /** Empty for all proposals; a mandate for every meeting names none. */
  proposals: list(id, 40),
  /** The last civil day on which it may be used. */
  until: civilDate,
  /** What whoever gives it declares of the agent (Zhoushan §17); nobody can compute it. */
  declares: oneOf('agent-is-no-property-staff'),
  /** The paper that two officers saw, `H256("scan", salt, file)`; none where the principal signed himself. */
  scanHash: hashOrNone,
  nonce,
});

export type Mandate = Of<typeof mandate>;
/** 20 000 units fit. */
export const mandateForm = recordForm(mandate, 'mandate', 700_000);

/** `H256("mandate", bytes)`: what the principal signs, and what the log names. */
export const mandateHash = (bytes: Uint8Array): Uint8Array => h256('mandate', bytes);

/** `H256("mandate-revocation", mandateHash)`: what the principal signs to end it; a mandate is ended once, so nothing else is needed. */
export const mandateRevocationHash = (bytes: Uint8Array): Uint8Array =>
  h256('mandate-revocation', mandateHash(bytes));

/** `H256("scan", salt, file)` of the paper that two officers saw; the salt is 16 bytes in base64url. */
export const scanHash = (salt: string, file: Uint8Array): string =>
  h256Text('scan', fromBase64Url(salt) ?? new Uint8Array(), file);

/** Whether the record agrees with itself: two persons, each thing named once, proposals only of a named meeting. */
export function isMandateSound({ by, to, units, proposals, meeting }: Mandate): boolean {
  const areOnce = new Set(units).size === units.length && new Set(proposals).size === proposals.length;
  return by.person !== to.person && areOnce && (meeting !== '' || proposals.length === 0);
}

/** A use of a mandate: by whom, in which meeting, for which units and proposals, held by whom. */
export type MandateUse = {
  readonly meeting: string;
  readonly agent: { readonly person: string; readonly identity: string };
  readonly units: readonly string[];
  readonly proposals: readonly string[];
  /** The identity of the principal as the roll has it, where he is a holder who may vote. */
  readonly principalIdentity: string | undefined;
};

export type MandateFault = 'AGENT' | 'PRINCIPAL' | 'SCOPE';

/** Why a mandate does not cover a use, or undefined; its period, its revocation and the cap are other questions. */
export function mandateFault(given: Mandate, use: MandateUse): MandateFault | undefined {
  const { person, identity } = use.agent;
  if (given.to.person !== person || given.to.identity !== identity) return 'AGENT';
  if (given.by.identity !== use.principalIdentity) return 'PRINCIPAL';
  if (given.meeting !== '' && given.meeting !== use.meeting) return 'SCOPE';
  const [units, proposals] = [new Set(given.units), new Set(given.proposals)];
  const isWithin =
    use.units.every((unit) => units.has(unit)) &&
    (proposals.size === 0 || use.proposals.every((proposal) => proposals.has(proposal)));
  return isWithin ? undefined : 'SCOPE';
}

/** Whether an agent's principals under this basis are counted by `proxyCap`: those who act by law are not (law page §4.3). */
export const isCapped = (basis: Basis): boolean => basis === 'mandate';

/** Whether the principal may replace what was cast for him: a ward may not vote against his guardian (Civil Code §19–23). */
export const yieldsToPrincipal = (basis: Basis): boolean => basis !== 'guardian';
