/**
 * Agents before they hold a mandate: one who owns nothing is written down as a person, and one who gives his code is found by it
 * (SPEC 3.6).
 */
import { concat, toBase32, toBase64Url } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { inTransaction } from '../db/transaction.ts';
import type { IdentitySalts } from '../officers/officer-deps.ts';
import { readDocument } from '../registry/domain/document-number.ts';
import { maskName } from '../registry/domain/masking.ts';
import { openName, personFinder, personRow, readPerson } from '../registry/persons.ts';
import type { ActingOfficer } from '../registry/registry-deps.ts';
import { lockCommunity } from '../registry/store/communities.ts';
import { mergeOfMerged } from '../registry/store/merges.ts';
import { personsOf, upsertPersons } from '../registry/store/units.ts';
import { registryUnits } from '../registry/units.ts';
import { isWithinDay } from './day-limits.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { mayEnterMandates } from './paper-mandates.ts';
import type { IdentityRefusal } from './refusals.ts';

/** A document as the officer reads it from the card. */
export type ShownDocument = { readonly number: string; readonly name: string };
export type KnownPerson = { readonly person: string; readonly identity: string; readonly name: string };

/**
 * Writes down a person whose document an officer has seen, or finds him; the two who sign his mandate answer for it. Whether a number was
 * known is not told: under another name than the kept one it gets ids of nobody, the same each time, and no mandate can name them.
 */
export async function registerAgent(
  deps: IdentityDeps & IdentitySalts,
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
    const known = personFinder(deps, await personsOf(tx, community))(person);
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

/**
 * Ids as a person has them, which only the service's key computes, and which belong to nobody. Of the key that stays: a change of the
 * index key would give others, and so tell who is nobody.
 */
function nobodyFor(
  deps: IdentitySalts,
  community: string,
  { docKind, number, name }: { readonly docKind: string; readonly number: string; readonly name: string },
): Pick<KnownPerson, 'person' | 'identity'> {
  const of = (what: string): Uint8Array =>
    deps.identitySalt(`nobody-${what}`, JSON.stringify([community, docKind, number, name]));
  const identity = concat(of('identity'), of('identity-rest'));
  return { person: toBase32(of('person')), identity: toBase64Url(identity) };
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
