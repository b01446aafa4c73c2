/** What the shells of this floor are given; drafting a payment needs the officers' deps. */
import type { OfficerDeps } from '../officers/officer-deps.ts';

export type FundDeps = Pick<OfficerDeps, 'db' | 'clock' | 'random'>;
