/**
 * Which identity providers may vouch for owners of a community: regulator and street office declare them with their keys, a later
 * declaration replaces the earlier one, and nothing else makes a provider (SPEC 2.4, 3.4).
 */
import { assert } from '../base/assert.ts';
import { newId } from '../base/clock.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct } from '../officers/acts.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { Provider } from '../record/provider.ts';
import { jwkThumbprint } from '../record/thumbprint.ts';
import { lockCommunityOf } from '../registry/communities.ts';
import type { ActingOfficer } from '../registry/registry-deps.ts';
import { lockCommunity } from '../registry/store/communities.ts';
import type { IdentityDeps } from './identity-deps.ts';
import type { ProviderClient, ProviderPlace } from './provider-client.ts';
import { readProvider } from './provider-client.ts';
import type { IdentityRefusal } from './refusals.ts';
import { insertDeclaration, lastDeclaration, lastDeclarations } from './store/providers.ts';

/** What officers say of a provider; the audience comes from the key file. `keys` are thumbprints that they got from it by a way of their own. */
export type ProviderWish = Omit<Provider, 'aud'>;

/** What the service keeps of a declaration: the public entry's list, and by issuer where to go and which key has which name. */
export type Declaration = {
  readonly providers: readonly Provider[];
  readonly places: Readonly<Record<string, ProviderPlace>>;
};

const NOTHING: Declaration = { providers: [], places: {} };

const mayDeclare = (officer: ActingOfficer, community: string): boolean =>
  (officer.role === 'regulator' || officer.role === 'street') && actsIn(officer, community);

export const clientOf = (deps: IdentityDeps, iss: string): ProviderClient | undefined =>
  deps.providerClients?.find((client) => client.iss === iss);

/**
 * Fetches of each provider's keys those that the officer named, no other, and drafts the declaration, which both officers read before they
 * sign; an empty list takes all back. A key that is named and not published is refused.
 */
export async function declareProviders(
  deps: IdentityDeps,
  officer: ActingOfficer,
  {
    community,
    providers: wishes,
  }: { readonly community: string; readonly providers: readonly ProviderWish[] },
): Promise<Result<{ readonly act: string; readonly providers: readonly Provider[] }, IdentityRefusal>> {
  if (!mayDeclare(officer, community)) return refuse('NOT_ALLOWED');
  if (new Set(wishes.map(({ iss }) => iss)).size < wishes.length)
    return refuse('PROVIDER_TWICE', 'providers');
  const providers: Provider[] = [];
  const places: Record<string, ProviderPlace> = {};
  for (const wish of wishes) {
    const client = clientOf(deps, wish.iss);
    if (client === undefined) return refuse('PROVIDER_NO_CLIENT', wish.iss);
    const place = await readProvider(wish.iss, wish.alg);
    if (!place.ok) return place;
    const keys = place.value.keys.filter(({ jwk }) => wish.keys.includes(jwkThumbprint(jwk)));
    const published = new Set(keys.map(({ jwk }) => jwkThumbprint(jwk)));
    if (published.size !== wish.keys.length) return refuse('PROVIDER_ANSWER', 'keys');
    places[wish.iss] = { ...place.value, keys };
    providers.push({ ...wish, aud: client.clientId });
  }
  const entry = {
    v: 1,
    kind: 'providers.declared',
    community,
    declaration: newId(deps.random),
    providers,
  } as const;
  return inTransaction(deps.db, async (tx) => {
    if ((await lockCommunity(tx, community)) === undefined) return refuse('COMMUNITY_UNKNOWN');
    const details = { places: JSON.stringify(places) };
    const act = await draftAct(tx, deps, { entry, details, draftedBy: officer.officer });
    return ok({ act, providers });
  });
}

/** Puts a signed declaration in force. */
export async function applyProviders(
  tx: Tx,
  _deps: IdentityDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, IdentityRefusal>> {
  const { entry } = act;
  assert(entry.kind === 'providers.declared', `${act.kind} declares no provider`);
  await lockCommunityOf(tx, act);
  const places = JSON.parse(act.details['places'] ?? '{}') as Declaration['places'];
  const kept: Declaration = { providers: entry.providers, places };
  await insertDeclaration(tx, {
    community_id: entry.community,
    entry_id: entryId,
    declaration: JSON.stringify(kept),
  });
  return ok(undefined);
}

/** The declaration in force; none where there never was one. */
export async function declarationIn(db: Database, community: string): Promise<Declaration> {
  const row = await lastDeclaration(db, community);
  return row === undefined ? NOTHING : (JSON.parse(row.declaration) as Declaration);
}

export type UsableProvider = { readonly iss: string; readonly name: string };

const usableOf = (deps: IdentityDeps, { providers }: Declaration): readonly UsableProvider[] =>
  providers
    .filter(({ iss, aud }) => clientOf(deps, iss)?.clientId === aud)
    .map(({ iss, name }) => ({ iss, name }));

/** The providers by which an owner may bind a key here: declared, and known to this service. */
export const usableProviders = async (
  deps: IdentityDeps,
  community: string,
): Promise<readonly UsableProvider[]> => usableOf(deps, await declarationIn(deps.db, community));

/** Where an owner, of whom nothing is known yet, may go: the communities that have providers, in the order of their names. */
export async function providersByCommunity(
  deps: IdentityDeps,
): Promise<
  readonly { readonly community: string; readonly name: string; readonly providers: UsableProvider[] }[]
> {
  const rows = await lastDeclarations(deps.db);
  return rows
    .map(({ community_id: community, name, declaration }) => ({
      community,
      name,
      providers: [...usableOf(deps, JSON.parse(declaration) as Declaration)],
    }))
    .filter(({ providers }) => providers.length > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
