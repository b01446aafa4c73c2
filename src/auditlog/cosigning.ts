/**
 * Asks the witnesses about a checkpoint, all at once, and keeps what they answer (SPEC 7.4). A witness that does not answer costs
 * one bounded wait, then it rests, so that it cannot slow the beat in which the sequencer and the jobs run.
 */
import { present } from '../base/assert.ts';
import type { Instant } from '../base/instant.ts';
import type { LogDeps, Witness } from './log-deps.ts';
import type { CosignatureRow } from './store.ts';
import { cosignaturesOf, insertCosignatures, largestCosignedSize, newestCheckpointRow } from './store.ts';
import { storedConsistency } from './tree.ts';
import type { WitnessRefusal } from './witness-client.ts';
import { askWitness } from './witness-client.ts';

/** A witness that did not cosign, and whether it was asked just now; one that rests repeats its last refusal. */
export type WitnessAlarm = WitnessRefusal & { readonly isFresh: boolean };

/** A witness that cosigned is asked again for a fresh time after this long. */
const REFRESH_S = 600;

/** The first rest, after the second failure in a row; each further one doubles it up to the longest. */
const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 30_000;
/** A fork is for people: asking again changes nothing, asking rarely shows when it is over. */
const FORK_REST_MS = 600_000;

type Rest = { readonly refusal: WitnessRefusal; readonly failures: number; readonly until: Instant };

/** By the configured witness, for the life of this process; another process finds out by itself. */
const resting = new WeakMap<Witness, Rest>();

function rest(witness: Witness, refusal: WitnessRefusal, now: Instant): void {
  const failures = (resting.get(witness)?.failures ?? 0) + 1;
  const doubled = failures === 1 ? 0 : FIRST_REST_MS * 2 ** Math.min(failures - 2, 10);
  const length = refusal.code === 'WITNESS_SAW_A_FORK' ? FORK_REST_MS : Math.min(doubled, LONGEST_REST_MS);
  resting.set(witness, { refusal, failures, until: now + length });
}

/** Whether a witness has nothing to add: it cosigned this size, and not long ago. */
function isFresh(rows: readonly CosignatureRow[], witness: Witness, nowSeconds: number): boolean {
  const times = rows.filter((row) => row.vkey === witness.vkey).map((row) => Number(row.at_s));
  return times.some((at) => Math.abs(nowSeconds - at) < REFRESH_S);
}

/** Asks one witness and keeps its lines; the refusal where it did not cosign. */
async function gatherFrom(
  deps: LogDeps,
  witness: Witness,
  size: number,
  note: string,
): Promise<WitnessRefusal | undefined> {
  const wish = {
    note,
    size,
    nowSeconds: Math.floor(deps.clock() / 1000),
    proofFrom: async (oldSize: number) =>
      present(await storedConsistency(deps.db, oldSize, size), 'the tiles of a signed size are there'),
    newestSize: async () => Number((await newestCheckpointRow(deps.db))?.size ?? 0),
  };
  const answer = await askWitness(witness, wish, await largestCosignedSize(deps.db, witness.vkey));
  if (!answer.ok) return answer.refusal;
  const lines = answer.value.map(({ line, atSeconds }) => ({
    size: BigInt(size),
    vkey: witness.vkey,
    at_s: BigInt(atSeconds),
    line,
  }));
  await insertCosignatures(deps.db, lines);
  return undefined;
}

/** Asks every witness, whatever it said before; for those who need its answer of now. */
export async function askEveryWitness(
  deps: LogDeps,
  size: number,
  note: string,
): Promise<readonly { readonly witness: Witness; readonly refusal: WitnessRefusal | undefined }[]> {
  return Promise.all(
    deps.witnesses.map(async (witness) => ({
      witness,
      refusal: await gatherFrom(deps, witness, size, note),
    })),
  );
}

/** Asks the witnesses that have something to add and do not rest; the alarms are those that did not cosign. */
export async function gatherCosignatures(
  deps: LogDeps,
  size: number,
  note: string,
): Promise<readonly WitnessAlarm[]> {
  const rows = await cosignaturesOf(deps.db, BigInt(size));
  const now = deps.clock();
  const wanting = deps.witnesses.filter((witness) => !isFresh(rows, witness, Math.floor(now / 1000)));
  const alarms = await Promise.all(
    wanting.map(async (witness): Promise<WitnessAlarm | undefined> => {
      const last = resting.get(witness);
      // A rest that ends later than any can is of a clock that ran ahead.
      const rests = last !== undefined && last.until > now && last.until - now <= FORK_REST_MS;
      if (rests) return { ...last.refusal, isFresh: false };
      const refusal = await gatherFrom(deps, witness, size, note);
      // Another process published a larger size meanwhile and asks for that one: nothing is wrong.
      if (refusal === undefined || refusal.code === 'WITNESS_MOVED_ON') {
        resting.delete(witness);
        return undefined;
      }
      rest(witness, refusal, now);
      return { ...refusal, isFresh: true };
    }),
  );
  return alarms.filter((alarm) => alarm !== undefined);
}
