/** What the shells of the register are given: the officers' deps, the keys that personal data rests under, and who checks files (SPEC 3.1). */
import type { AtRestKeys } from '../crypto/at-rest.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';
import type { FileChecks } from './check-workers.ts';

export type RegistryDeps = OfficerDeps & { readonly atRest: AtRestKeys; readonly fileChecks: FileChecks };

/** The officer who asks, as his session says; `community` is empty for the whole deployment. */
export type ActingOfficer = {
  readonly officer: string;
  readonly role: string;
  readonly community: string;
};
