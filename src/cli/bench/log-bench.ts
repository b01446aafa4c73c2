/**
 * `bench log`: entries that the sequencer numbers a second, beside bare hashing and a bare insert of the same bytes; how long a
 * checkpoint and the check of the whole log take.
 */
import { checkLog } from '../../auditlog/checking.ts';
import { entryBytes } from '../../auditlog/entry-writing.ts';
import { publishOnce } from '../../auditlog/publishing.ts';
import { sequenceAll } from '../../auditlog/sequencing.ts';
import { assert } from '../../base/assert.ts';
import { toBase64Url } from '../../base/bytes.ts';
import { newId } from '../../base/clock.ts';
import { openBenchClient } from '../../db/bench-rows.ts';
import { deploymentDeps } from '../../main.ts';
import { leafHash, rootOfHashes } from '../../record/merkle.ts';
import { systemRandom } from '../opening.ts';
import { openBench } from './deployment.ts';
import type { Figure } from './figures.ts';
import { against, alone, median } from './figures.ts';

export type LogBenchOptions = {
  readonly entries: number;
  readonly rounds: number;
  readonly flushDelayMs: number;
};

const hash = (): string => toBase64Url(systemRandom(32));

function entryOfCast(meeting: string): Uint8Array {
  const entitlement = newId(systemRandom);
  return entryBytes({ v: 1, kind: 'cast.accepted', meeting, entitlement, seq: 1, castHash: hash() }, [
    hash(),
  ]);
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

/** Rounds of the same entries: bare insert and hash, then the log itself. */
export async function benchLog(
  options: LogBenchOptions,
  say: (line: string) => void,
): Promise<readonly Figure[]> {
  const place = await openBench(options.flushDelayMs, say);
  const meeting = newId(systemRandom);
  const client = await openBenchClient(place.ownerUrl);
  const deps = await deploymentDeps({
    config: place.config,
    appUrl: place.appUrl,
    keys: place.keys,
    clock: Date.now,
    random: systemRandom,
  });
  try {
    const bare: number[] = [];
    const sequenced: number[] = [];
    const published: number[] = [];
    for (let round = 0; round < options.rounds; round += 1) {
      const entries = Array.from({ length: options.entries }, () => entryOfCast(meeting));
      bare.push(
        await seconds(async () => {
          rootOfHashes(entries.map(leafHash));
          await client.addBare(entries);
        }),
      );
      await client.addEntries(meeting, entries);
      sequenced.push(await seconds(() => sequenceAll(deps.log)));
      published.push(
        await seconds(async () => {
          const done = await publishOnce(deps.log);
          assert(done.ok, 'the log is published');
        }),
      );
      say(`第 ${round + 1} 轮 round ${round + 1} of ${options.rounds}`);
    }
    let findings = -1;
    const checked = await seconds(async () => {
      findings = (await checkLog(deps.log)).findings.length;
    });
    assert(findings === 0, 'the log agrees with itself');
    const total = options.entries * options.rounds;
    return [
      against(
        'log.sequence',
        options.entries / median(sequenced),
        'entries/s',
        options.entries / median(bare),
      ),
      alone('log.publish', median(published) * 1000, 'ms'),
      alone('log.check', total / checked, 'entries/s'),
    ];
  } finally {
    await deps.db.destroy();
    await client.close();
    await place.close();
  }
}
