/** Accepted casts in bulk, so that a bench can see what a full table costs. */
import type { LogDeps } from '../../auditlog/log-deps.ts';
import { sequenceAll } from '../../auditlog/sequencing.ts';
import { openBenchClient } from '../../db/bench-rows.ts';
import type { BenchDeployment } from './deployment.ts';

const CHUNK = 50_000;

/** Adds casts to a meeting up to a number, numbers their entries, and lets the database settle. */
export async function growTables(
  place: BenchDeployment,
  log: LogDeps,
  meeting: string,
  rows: { readonly from: number; readonly to: number },
  say: (line: string) => void,
): Promise<void> {
  const client = await openBenchClient(place.ownerUrl);
  try {
    for (let from = rows.from + 1; from <= rows.to; from += CHUNK) {
      const to = Math.min(rows.to, from + CHUNK - 1);
      await client.addCasts(meeting, from, to);
      say(`行 rows ${to}/${rows.to}`);
    }
    await sequenceAll(log);
    await client.settle();
  } finally {
    await client.close();
  }
}
