/** What the shells of this floor are given; `origins` are those whose pages owners sign in from. */
import type { RegistryDeps } from '../registry/registry-deps.ts';

export type IdentityDeps = RegistryDeps;

/** Bindings also name the log in which they will stand. */
export type BindingDeps = IdentityDeps & { readonly deployment: { readonly origin: string } };
