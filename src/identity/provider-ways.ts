/** The address by which an owner goes to a declared provider and comes back to his own page: authorisation code with PKCE (SPEC 3.4). */
import { present } from '../base/assert.ts';
import { toBase64Url, utf8 } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { BindingDeps } from './identity-deps.ts';
import type { ProviderClient, ProviderPlace } from './provider-client.ts';
import { clientOf, declarationIn } from './providers.ts';
import type { IdentityRefusal } from './refusals.ts';
import type { Leg } from './store/providers.ts';

/** A declared provider at which this service is a client. */
export type Way = { readonly place: ProviderPlace; readonly client: ProviderClient };

/** The way to a provider in force. */
export async function wayTo(
  deps: BindingDeps,
  community: string,
  iss: string,
): Promise<Result<Way, IdentityRefusal>> {
  const { providers, places } = await declarationIn(deps.db, community);
  const provider = providers.find((each) => each.iss === iss);
  const [place, client] = [places[iss], clientOf(deps, iss)];
  if (provider === undefined || place === undefined) return refuse('PROVIDER_UNKNOWN');
  return client?.clientId === provider.aud ? ok({ place, client }) : refuse('PROVIDER_NO_CLIENT', iss);
}

/** Back to the owner's own page, never to the service: the code is of no use to whoever reads it there. */
export const redirectOf = ({ origins }: BindingDeps): string => `${present(origins[0], 'an origin')}/mine`;

/** One way there and back, with its secrets. */
export const newLeg = (deps: BindingDeps, nonce: Uint8Array): Leg => ({
  state: deps.random(32),
  code_verifier: deps.random(32),
  expected_nonce: nonce,
});

/** The address of the way out: authorisation code with PKCE. */
export function addressOf(deps: BindingDeps, { place, client }: Way, leg: Leg): string {
  const address = new URL(place.authorization);
  const verifier = toBase64Url(leg.code_verifier);
  const members = {
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: redirectOf(deps),
    scope: client.scope,
    state: toBase64Url(present(leg.state, 'a way out has its state')),
    nonce: toBase64Url(leg.expected_nonce),
    code_challenge: toBase64Url(sha256(utf8(verifier))),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(members)) address.searchParams.set(name, value);
  return address.href;
}
