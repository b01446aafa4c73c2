/** What the shells of this floor are given. */

import type { IdentitySalts } from '../officers/officer-deps.ts';
import type { Definition } from '../record/meeting.ts';
import type { RegistryDeps } from '../registry/registry-deps.ts';
import type { Calendar } from './domain/calendar.ts';
import type { DeploymentFacts } from './domain/drafting.ts';

export type AssemblyDeps = RegistryDeps &
  IdentitySalts & {
    readonly deployment: DeploymentFacts;
    /** Holidays and maintenance windows of the deployment. */
    readonly calendar: Calendar;
    /** Public keys of the server, as every definition names them. */
    readonly publicKeys: Definition['keys'];
  };
