/** What the shells of the register are given: the officers' deps, and the keys that personal data rests under (SPEC 3.1). */
import type { AtRestKeys } from '../crypto/at-rest.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';

export type RegistryDeps = OfficerDeps & { readonly atRest: AtRestKeys };

/** The officer who asks, as his session says; `community` is empty for the whole deployment. */
export type ActingOfficer = {
  readonly officer: string;
  readonly role: string;
  readonly community: string;
};
