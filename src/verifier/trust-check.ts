/** TRUST-01: what the bundle says of roots, log and witnesses against the file from outside (SPEC 9.2). */
import type { Definition } from '../record/meeting.ts';
import type { Trust } from '../record/trust.ts';
import type { BundledLog } from './bundled-log.ts';
import type { Notebook } from './notebook.ts';

const sorted = (texts: readonly string[]): string => [...texts].sort().join(' ');

/** Makes the check; without a trust file nothing is established. */
export function checkTrust(
  trust: Trust | undefined,
  definition: Definition,
  log: BundledLog,
  notebook: Notebook,
): void {
  if (trust === undefined) {
    const [zh, en] = ['未提供信任文件（--trust）', 'no trust file was given (--trust)'];
    notebook.cannot('TRUST-01', { zh, en });
    return;
  }
  notebook.made('TRUST-01');
  const same = (where: string, expected: string, found: string): void => {
    notebook.same('TRUST-01', where, expected, found);
  };
  same('meeting.json origin', trust.origin, definition.origin);
  same('meeting.json logVkey', trust.logVkey, definition.logVkey);
  same('meeting.json witnesses', sorted(trust.witnesses), sorted(definition.witnesses));
  same('meeting.json quorum', String(trust.quorum), String(definition.quorum));
  const first = log.entries[0]?.entry;
  if (first?.kind !== 'root.declared') {
    notebook.finding('TRUST-01', 'log 0', 'root.declared', first?.kind ?? 'no readable entry');
    return;
  }
  same('log 0 roots', sorted(trust.roots), sorted(first.roots));
  same('log 0 threshold', String(trust.threshold), String(first.threshold));
  same('log 0 demo', trust.demo ? 'demo' : 'real', first.demo);
}
