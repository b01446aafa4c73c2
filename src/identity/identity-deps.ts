/** What the shells of this floor are given; `origins` are those whose pages owners sign in from. */
import type { RegistryDeps } from '../registry/registry-deps.ts';
import type { ProviderClient } from './provider-client.ts';

export type IdentityDeps = RegistryDeps & {
  /** What this service is at identity providers; none where the operator named none (SPEC 3.4). */
  readonly providerClients?: readonly ProviderClient[];
};

/** Bindings also name the log in which they will stand. */
export type BindingDeps = IdentityDeps & { readonly deployment: { readonly origin: string } };
