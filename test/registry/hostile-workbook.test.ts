// Goal: each hostile workbook is refused by its own finding within a second of work and 150 MB, whatever it unpacks to, and the largest
// register costs a few times its bare parsing. Method: the workbooks of hostile-workbooks.ts, damage at random, and times side by side.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { checkRegisterFile } from '../../src/registry/file-check.ts';
import { goodSheet, HOSTILE, largestSheet, MEBIBYTE } from './hostile-workbooks.ts';
import { codesOf, SETTINGS } from './register-file.ts';
import { goodRow, merges, oneSheet, register } from './workbook-file.ts';

/** CPU in ms, and the growth of memory in MiB, of a check. */
async function measured(bytes: Uint8Array) {
  const [cpu, memory] = [process.cpuUsage(), process.memoryUsage().rss];
  const result = await checkRegisterFile(bytes, SETTINGS);
  const used = process.cpuUsage(cpu);
  return {
    result,
    cpuMs: (used.user + used.system) / 1000,
    grownMiB: (process.memoryUsage().rss - memory) / MEBIBYTE,
  };
}

describe('a hostile workbook', () => {
  it.each(HOSTILE)('%s: %s', async (code, _what, make) => {
    const bytes = make();
    expect(bytes.length).toBeLessThan(8 * MEBIBYTE);
    const { result, cpuMs, grownMiB } = await measured(bytes);
    expect(codesOf(result)).toEqual([code]);
    expect(result.accepted).toBe(false);
    expect(cpuMs).toBeLessThan(1_000);
    expect(grownMiB).toBeLessThan(150);
  });

  it('of fifty thousand merges over all rows takes no longer', async () => {
    const rows = Array.from({ length: 5_000 }, (_, at) => goodRow({ 房号: String(at + 1) }));
    const all = Array.from(
      { length: 50_000 },
      (_, at) => `${'ACE'.charAt(at % 3)}2:${'ACE'.charAt(at % 3)}1048576`,
    );
    const plain = await measured(register(rows));
    const merged = await measured(register(rows, merges(...all)));
    expect(merged.cpuMs).toBeLessThan(plain.cpuMs + 1_000);
  });

  it('of any damage is refused or read, and never throws', async () => {
    const sound = register([goodRow(), goodRow({ 房号: '102' })]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        fc.nat(sound.length),
        async (changes, kept) => {
          const damaged = sound.slice(0, kept > 100 ? sound.length : kept + 4);
          for (const [at, value] of changes) if (at < damaged.length) damaged[at] = value;
          expect(typeof (await checkRegisterFile(damaged, SETTINGS)).accepted).toBe('boolean');
        },
      ),
      { numRuns: 300 },
    );
  });

  it('of any damaged worksheet is refused or read, and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(goodSheet.length - 1),
        fc.nat(20),
        fc.string({ maxLength: 8 }),
        async (at, gone, more) => {
          const xml = goodSheet.slice(0, at) + more + goodSheet.slice(at + gone);
          expect(typeof (await checkRegisterFile(oneSheet(xml), SETTINGS)).accepted).toBe('boolean');
        },
      ),
      { numRuns: 300 },
    );
  });
});

it('a register of 20,000 rows is checked in a few times the time of unpacking and parsing it, in 300 MB', async () => {
  const xml = largestSheet();
  const packed = deflateRawSync(xml);
  const bytes = oneSheet(xml);
  const timeOf = async (work: () => unknown): Promise<number> => {
    const before = performance.now();
    await work();
    return performance.now() - before;
  };
  const bare = (): void => {
    const parser = new SaxesParser({ position: false });
    parser.on('opentag', () => undefined);
    parser.on('text', () => undefined);
    parser.write(new TextDecoder().decode(inflateRawSync(packed))).close();
  };
  const memory = process.memoryUsage().rss;
  const times: { readonly limit: number; readonly ours: number }[] = [];
  let grownMiB = 0;
  for (let round = 0; round < 5; round += 1) {
    const limit = await timeOf(bare);
    const ours = await timeOf(async () => {
      expect((await checkRegisterFile(bytes, SETTINGS)).summary.units).toBe(20_000);
    });
    times.push({ limit, ours });
    grownMiB = Math.max(grownMiB, (process.memoryUsage().rss - memory) / MEBIBYTE);
  }
  // What else the machine does only adds to a time, so the least of each is nearest to the truth.
  const ratio = Math.min(...times.map(({ ours }) => ours)) / Math.min(...times.map(({ limit }) => limit));
  // 3.0 to 3.4 alone (the aim is 4), more beside other tests; a mistake that looks at every row for every row gives hundreds.
  expect(ratio).toBeLessThan(8);
  expect(grownMiB).toBeLessThan(300);
}, 120_000);
