/** What the shells of this floor are given; drafting a payment needs the officers' deps. */
import type { OfficerDeps } from '../officers/officer-deps.ts';
import type { RegistryDeps } from '../registry/registry-deps.ts';

export type FundDeps = Pick<OfficerDeps, 'db' | 'clock' | 'random'>;

/** Drafting what names an account also seals what opens it. */
export type SealingDeps = OfficerDeps & Pick<RegistryDeps, 'atRest'>;

/** The routes also read clerks' files in a worker. */
export type FileDeps = SealingDeps & Pick<RegistryDeps, 'fileChecks'>;
