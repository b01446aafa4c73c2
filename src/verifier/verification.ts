/** What one run judges: what the bundle says, what its log holds, and what was given from outside (SPEC 9). */
import type { Definition } from '../record/meeting.ts';
import type { Trust } from '../record/trust.ts';
import type { Contents } from './bundle-contents.ts';
import type { BundledLog } from './bundled-log.ts';
import type { Merges } from './merged-persons.ts';
import type { Notebook } from './notebook.ts';
import type { Rules } from './profile-form.ts';
import type { TimeBrackets } from './time-brackets.ts';

/** Log and definition are there: without them no check of a meeting can be made. */
export type Verification = {
  readonly contents: Contents;
  readonly definition: Definition;
  readonly meetingHash: string;
  readonly log: BundledLog;
  /** Undefined where the definition does not give all parameters. */
  readonly rules: Rules | undefined;
  readonly trust: Trust | undefined;
  readonly brackets: TimeBrackets;
  readonly notebook: Notebook;
  /** Key, witnesses and quorum of the log: from the trust file where there is one, else as the definition says. */
  readonly logVkey: string;
  readonly witnesses: readonly string[];
  readonly quorum: number;
  /** Who was one person with another, and from where to where in the log (SPEC 3.8). */
  readonly merges: Merges;
};
