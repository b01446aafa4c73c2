/**
 * Agents before they hold a mandate: one who owns nothing is written down as a person, one who gives his code is found by it, and
 * the property manager's staff is kept out by the street office's list (SPEC 3.6; Zhoushan §17).
 */
import { toBase32, toBase64Url } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { numberIndex } from '../crypto/at-rest.ts';
import { inTransaction } from '../db/transaction.ts';
import { actsIn } from '../officers/domain/session.ts';
import { readDocument } from '../registry/domain/document-number.ts';
import { maskName } from '../registry/domain/masking.ts';
import { indexOf, openName, personRow, readPerson } from '../registry/persons.ts';
import type { ActingOfficer } from '../registry/registry-deps.ts';
import { lockCommunity } from '../registry/store/communities.ts';
import { mergeOfMerged } from '../registry/store/merges.ts';
import { personsOf, upsertPersons } from '../registry/store/units.ts';
import { registryUnits } from '../registry/units.ts';
import { isWithinDay } from './day-limits.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { mayEnterMandates } from './paper-mandates.ts';
import type { IdentityRefusal } from './refusals.ts';
import { listStaff, unlistStaff } from './store/mandates.ts';

/** A document as the officer reads it from the card. */
export type ShownDocument = { readonly number: string; readonly name: string };
export type KnownPerson = { readonly person: string; readonly identity: string; readonly name: string };

/**
 * Writes down a person whose document an officer has seen, or finds him; the two who sign his mandate answer for it. Whether a number was
 * known is not told: under another name than the kept one it gets ids of nobody, the same each time, and no mandate can name them.
 */
export async function registerAgent(
  deps: IdentityDeps,
  officer: ActingOfficer,
  community: string,
  shown: ShownDocument,
): Promise<Result<KnownPerson, IdentityRefusal>> {
  if (!mayEnterMandates(officer, community)) return refuse('NOT_ALLOWED');
  const document = readDocument(shown.number, '', civilDateAt(deps.clock()));
  const name = shown.name.normalize('NFC').trim();
  if (document.fault !== undefined) return refuse('AGENT_MALFORMED', 'number');
  if (name === '') return refuse('AGENT_MALFORMED', 'name');
  if (!(await isWithinDay(deps, { community, deed: 'agent', subject: officer.officer })))
    return refuse('AGENT_LIMITED');
  const person = { docKind: document.kind, number: document.number, name, phones: [], mailingAddress: '' };
  return inTransaction(deps.db, async (tx) => {
    // Two at once would both find nobody.
    if ((await lockCommunity(tx, community)) === undefined) return refuse('COMMUNITY_UNKNOWN');
    const index = toBase64Url(indexOf(deps, person));
    const known = (await personsOf(tx, community)).find((row) => toBase64Url(row.number_index) === index);
    if (known !== undefined && openName(deps, known) !== name)
      return ok({ ...nobodyFor(deps, community, person), name: maskName(name) });
    const merge = known && (await mergeOfMerged(tx, community, known.person_id));
    // Either document of who is one finds him as he is kept.
    const kept = merge && (await readPerson({ db: tx }, community, merge.keeps_id));
    const row = kept ?? known ?? personRow(deps, community, person, undefined);
    if (known === undefined) await upsertPersons(tx, [row]);
    return ok({ person: row.person_id, identity: toBase64Url(row.identity), name: maskName(name) });
  });
}

/** Ids as a person has them, which only the service's key computes, and which belong to nobody. */
function nobodyFor(
  deps: IdentityDeps,
  community: string,
  { docKind, number, name }: { readonly docKind: string; readonly number: string; readonly name: string },
): Pick<KnownPerson, 'person' | 'identity'> {
  const of = (what: string): Uint8Array =>
    numberIndex(deps.atRest, `nobody-${what}`, JSON.stringify([community, docKind, number, name]));
  return { person: toBase32(of('person').subarray(0, 16)), identity: toBase64Url(of('identity')) };
}

/** The person whose code the principal was given; a code is his random id, which nobody guesses. */
export async function agentByCode(
  deps: IdentityDeps,
  community: string,
  code: string,
): Promise<Result<KnownPerson, IdentityRefusal>> {
  const row = await readPerson(deps, community, code);
  if (row === undefined) return refuse('MANDATE_AGENT_UNKNOWN');
  return ok({ person: code, identity: toBase64Url(row.identity), name: maskName(openName(deps, row)) });
}

/** Who holds a unit, for the officer who enters a paper; names masked. */
export async function holdersOfUnit(
  deps: IdentityDeps,
  officer: ActingOfficer,
  { community, unit }: { readonly community: string; readonly unit: string },
): Promise<Result<readonly (KnownPerson & { readonly units: readonly string[] })[], IdentityRefusal>> {
  if (!mayEnterMandates(officer, community)) return refuse('NOT_ALLOWED');
  const units = await registryUnits(deps.db, community);
  const owners = units.find((each) => each.unit === unit)?.owners ?? [];
  const holders = [];
  for (const person of owners) {
    const found = await agentByCode(deps, community, person);
    if (!found.ok) continue;
    const held = units.filter((each) => each.owners.includes(person)).map((each) => each.unit);
    holders.push({ ...found.value, units: held });
  }
  return ok(holders);
}

/** Puts a document of the property manager's staff on the list, or takes it off; the number itself is not kept. */
export async function setPropertyStaff(
  deps: IdentityDeps,
  officer: ActingOfficer,
  {
    community,
    number,
    isStaff,
  }: { readonly community: string; readonly number: string; readonly isStaff: boolean },
): Promise<Result<undefined, IdentityRefusal>> {
  if (officer.role !== 'street' || !actsIn(officer, community)) return refuse('NOT_ALLOWED');
  const document = readDocument(number, '', civilDateAt(deps.clock()));
  if (document.fault !== undefined) return refuse('AGENT_MALFORMED', 'number');
  const index = indexOf(deps, { docKind: document.kind, number: document.number });
  if (isStaff) {
    await listStaff(deps.db, {
      community_id: community,
      number_index: index,
      listed_by: officer.officer,
      listed_at_ms: BigInt(deps.clock()),
    });
    return ok(undefined);
  }
  return (await unlistStaff(deps.db, community, index)) ? ok(undefined) : refuse('AGENT_MALFORMED', 'number');
}
