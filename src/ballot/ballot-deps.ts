/** What the shells of this floor are given. */
import type { AssemblyDeps } from '../assembly/assembly-deps.ts';
import type { LogDeps } from '../auditlog/log-deps.ts';
import type { MandateDeps } from '../identity/mandate-rules.ts';
import type { CastQueues } from './cast-queues.ts';
import type { SigningKey } from './tokens.ts';

export type BallotDeps = AssemblyDeps &
  Pick<MandateDeps, 'mandateTerms' | 'providerClients'> & {
    readonly log: LogDeps;
    /** The queues of this process, through which every cast goes. */
    readonly casts: CastQueues;
    readonly keys: {
      readonly ballot: SigningKey;
      readonly ack: SigningKey;
      readonly certificate: SigningKey;
    };
  };
