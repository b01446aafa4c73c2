// The disk of this machine with one step that fails, before or after it took effect, and a power failure that undoes what no sync of the
// folder has made durable.
import { rmSync, writeFileSync } from 'node:fs';
import type { Disk } from '../../src/auditlog/durable-file.ts';
import { machineDisk } from '../../src/auditlog/durable-file.ts';

export type DiskStep = keyof Disk;
/** `half` leaves the half of a new file. */
export type DiskOutcome = 'lost' | 'done' | 'half';
type Fault = { readonly step: DiskStep; readonly outcome: DiskOutcome; skip: number };

export const diskError = (step: DiskStep): Error =>
  Object.assign(new Error(`EIO: i/o error, ${step}`), { code: 'EIO' });

/** A disk for the file at `path`; the first `skip` uses of the step that is to fail go well. */
export function failingDisk(path: string) {
  let durable = machineDisk.read(path);
  let fault: Fault | undefined;
  /** Runs one step, or fails it. */
  function run<T>(step: DiskStep, work: () => T, half: () => void = () => undefined): T {
    if (fault?.step !== step) return work();
    if (fault.skip > 0) {
      fault.skip -= 1;
      return work();
    }
    const { outcome } = fault;
    fault = undefined;
    if (outcome === 'done') work();
    if (outcome === 'half') half();
    throw diskError(step);
  }
  const disk: Disk = {
    read: (at) => run('read', () => machineDisk.read(at)),
    writeNew: (at, content) =>
      run(
        'writeNew',
        () => machineDisk.writeNew(at, content),
        () => machineDisk.writeNew(at, content.subarray(0, content.length / 2)),
      ),
    rename: (from, to) => run('rename', () => machineDisk.rename(from, to)),
    syncFolder: (at) =>
      run('syncFolder', () => {
        machineDisk.syncFolder(at);
        durable = machineDisk.read(path);
      }),
    list: (at) => run('list', () => machineDisk.list(at)),
    remove: (at) => run('remove', () => machineDisk.remove(at)),
  };
  return {
    disk,
    failNext: (step: DiskStep, outcome: DiskOutcome, skip = 0): void => {
      fault = { step, outcome, skip };
    },
    isWaiting: (): boolean => fault !== undefined,
    /** What was not made durable is gone. */
    powerFailure: (): void => {
      if (durable === undefined) rmSync(path, { force: true });
      else writeFileSync(path, durable, { mode: 0o600 });
    },
  };
}
