/** Mandates as those ask who use them: the ballot box, the pages of principal and agent, the bundle (SPEC 3.6, 6.5, 9.1). */
import { present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url, utf8 } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Instant } from '../base/instant.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import type { MandateEndLine, MandateLine } from '../record/bundle-lines.ts';
import type { Mandate } from '../record/mandate.ts';
import type { Signature } from '../record/signature.ts';
import { signatureForm } from '../record/signature.ts';
import { maskedPerson, registryUnits } from '../registry/units.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { mandateIn } from './mandates.ts';
import type { MandateRow } from './store/mandates.ts';
import {
  draftedMandates,
  loggedMandateEnds,
  loggedMandates,
  mandatesByIds,
  mandatesOf,
  shareMandates,
  usableMandates,
} from './store/mandates.ts';

/** A mandate by its place; `at` is the instant at which it is used. */
export type MandateUseAt = { readonly community: string; readonly mandate: string; readonly at: Instant };

const placeOf = (community: string, mandate: string): string => `${community} ${mandate}`;

/** The records of some mandates, in force or not, in the order asked; they never change. Undefined where there is none. */
export async function mandatesNamed(
  db: Database | Tx,
  wanted: readonly Omit<MandateUseAt, 'at'>[],
): Promise<readonly (Mandate | undefined)[]> {
  const named = wanted.filter(({ mandate }) => mandate !== '');
  if (named.length === 0) return wanted.map(() => undefined);
  const rows = await mandatesByIds(
    db,
    named.map(({ community }) => community),
    named.map(({ mandate }) => mandate),
  );
  const byPlace = new Map(
    rows.map((row) => [placeOf(row.community_id, row.mandate_id), mandateIn(row.mandate)]),
  );
  return wanted.map(({ community, mandate }) => byPlace.get(placeOf(community, mandate)));
}

/**
 * Whether each mandate is in force when it is used; a use that names none is. Those that are stay so until the caller's
 * transaction ends: whatever ends one waits for the caller's lock, and gets a later log entry (SPEC 6.5, 6.6).
 */
export async function areMandatesInForce(tx: Tx, uses: readonly MandateUseAt[]): Promise<readonly boolean[]> {
  const named = uses.filter(({ mandate }) => mandate !== '');
  if (named.length === 0) return uses.map(() => true);
  const rows = await shareMandates(
    tx,
    named.map(({ community }) => community),
    named.map(({ mandate }) => mandate),
  );
  const byPlace = new Map(rows.map((row) => [placeOf(row.community_id, row.mandate_id), row]));
  return uses.map(({ community, mandate, at }) => {
    if (mandate === '') return true;
    const row = byPlace.get(placeOf(community, mandate));
    return row !== undefined && row.ended_entry_id === null && civilDateAt(at) <= row.until_on;
  });
}

/** The mandates that an agent may use now in a meeting, in log order. */
export const mandatesForAgent = async (
  db: Database | Tx,
  {
    community,
    agent,
    meeting,
    at,
  }: Omit<MandateUseAt, 'mandate'> & {
    readonly agent: string;
    readonly meeting: string;
  },
): Promise<readonly { readonly mandate: Mandate; readonly bytes: Uint8Array }[]> =>
  (await usableMandates(db, community, agent, { meeting, today: civilDateAt(at) })).map((row) => ({
    mandate: mandateIn(row.mandate),
    bytes: row.mandate,
  }));

/** A mandate as people are shown it: names masked, units by their places. */
export type ShownMandate = {
  readonly mandate: string;
  readonly bytes: Uint8Array;
  readonly meeting: string;
  readonly basis: Mandate['basis'];
  readonly principal: string;
  readonly principalName: string;
  readonly agent: string;
  readonly agentName: string;
  readonly units: readonly { readonly building: string; readonly stair: string; readonly room: string }[];
  readonly until: string;
  readonly state: 'drafted' | 'in-force' | 'ended' | 'expired';
  readonly signedBy: 'owner' | 'officers';
};

/** The mandates that a person gave or holds, the newest first. */
export async function mandatesOfPerson(
  deps: IdentityDeps,
  community: string,
  person: string,
): Promise<readonly ShownMandate[]> {
  const shown: ShownMandate[] = [];
  for (const row of await mandatesOf(deps.db, community, person)) shown.push(await shownRow(deps, row));
  return shown;
}

/** The mandates of a community, the newest first; before them those that wait for their officers. */
export async function mandatesOfCommunity(
  deps: IdentityDeps,
  community: string,
): Promise<readonly ShownMandate[]> {
  const shown: ShownMandate[] = [];
  for (const details of await draftedMandates(deps.db, community)) {
    const { record = '' } = JSON.parse(details) as { readonly record?: string };
    const bytes = present(fromBase64Url(record), 'drafted with its record');
    shown.push(await shownMandate(deps, bytes, { state: 'drafted', signedBy: 'officers' }));
  }
  for (const row of await mandatesOf(deps.db, community)) shown.push(await shownRow(deps, row));
  return shown;
}

function shownRow(deps: IdentityDeps, row: MandateRow): Promise<ShownMandate> {
  const isOver = row.until_on < civilDateAt(deps.clock());
  return shownMandate(deps, row.mandate, {
    state: row.ended_entry_id !== null ? 'ended' : isOver ? 'expired' : 'in-force',
    signedBy: row.credential_id === null ? 'officers' : 'owner',
  });
}

async function shownMandate(
  deps: IdentityDeps,
  bytes: Uint8Array,
  how: Pick<ShownMandate, 'state' | 'signedBy'>,
): Promise<ShownMandate> {
  const { mandate, community, meeting, basis, by, to, units, until } = mandateIn(bytes);
  const nameOf = async (person: string): Promise<string> =>
    (await maskedPerson(deps, community, person))?.name ?? '';
  const places = await registryUnits(deps.db, community, units);
  return {
    mandate,
    bytes,
    meeting,
    basis,
    principal: by.person,
    principalName: await nameOf(by.person),
    agent: to.person,
    agentName: await nameOf(to.person),
    units: places.map(({ building, stair, room }) => ({ building, stair, room })),
    until,
    ...how,
  };
}

type Signed = { readonly credential_id: string | null; readonly signature: string | null };

const evidenceOf = ({ credential_id, signature }: Signed): { by: string; evidence: Signature[] } =>
  credential_id === null || signature === null
    ? { by: '', evidence: [] }
    : { by: credential_id, evidence: [signatureForm.own(utf8(signature))] };

/** `mandates.jsonl`: the mandates of a community among the first `size` entries of the log, in its order. */
export const mandateLines = async (
  db: Database,
  community: string,
  size: number,
): Promise<readonly MandateLine[]> =>
  (await loggedMandates(db, community, size)).map((row) => ({
    mandate: toBase64Url(row.mandate),
    ...evidenceOf(row),
  }));

/** `mandate-revocations.jsonl`: the revocations of a community's mandates among the first `size` entries, in log order. */
export const mandateEndLines = async (
  db: Database,
  community: string,
  size: number,
): Promise<readonly MandateEndLine[]> =>
  (await loggedMandateEnds(db, community, size)).map((row) => ({
    mandate: row.mandate_id,
    ...evidenceOf(row),
  }));
