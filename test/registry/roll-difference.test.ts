// Goal: the difference of two rolls names units, areas and head groups and nothing of persons; what is no roll is refused. Method: leaves
// drawn up by the roll's own rule from two states of one register, written as bundles have them, through the command.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { registerCommand } from '../../src/cli/register.ts';
import { rollLeafForm } from '../../src/record/roll.ts';
import type { RegistryUnit } from '../../src/registry/domain/roll-leaves.ts';
import { draftEntitlements } from '../../src/registry/domain/roll-leaves.ts';
import { seededRandom } from '../support/random.ts';

const random = seededRandom('roll difference');
const ids = new Map<string, string>();
const idOf = (name: string): string => {
  const id = ids.get(name) ?? newId(random);
  ids.set(name, id);
  return id;
};
const unit = (room: string, areaDm2: bigint, ...owners: readonly string[]): RegistryUnit => ({
  unit: idOf(`unit ${room}`),
  building: '1栋',
  stair: '',
  room,
  kind: 'dwelling',
  areaDm2,
  areaSource: 'register',
  state: 'delivered',
  owners: owners.map(idOf),
});

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rolls-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A bundle's folder with the roll of these units. */
function bundle(name: string, units: readonly RegistryUnit[]): string {
  const identities = new Map(
    units.flatMap((each) => each.owners).map((person) => [person, toBase64Url(random(32))]),
  );
  const leaves = draftEntitlements(newId(random), units, identities, () => ({
    entitlement: newId(random),
    holdersSalt: toBase64Url(random(16)),
    voterSalt: toBase64Url(random(16)),
  }));
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(
    join(path, 'roll.jsonl'),
    leaves.map(({ leaf }) => `${new TextDecoder().decode(rollLeafForm.bytes(leaf))}\n`).join(''),
  );
  return path;
}

async function run(...argv: readonly string[]) {
  const written = { stdout: '', stderr: '' };
  const code = await registerCommand(['diff', ...argv], {
    stdout: (text) => {
      written.stdout += text;
    },
    stderr: (text) => {
      written.stderr += text;
    },
  });
  return { code, ...written };
}

const place = (room: string) => ({ building: '1栋', stair: '', room });

describe('register diff', () => {
  it('names units that came and went, areas that changed, and heads that were joined or split', async () => {
    const before = bundle('before', [
      unit('101', 8000n, '陈'),
      unit('102', 9000n, '陈'),
      unit('103', 7000n, '李'),
      unit('104', 7000n, '王'),
    ]);
    const after = bundle('after', [
      unit('101', 8050n, '陈'),
      unit('102', 9000n, '赵'),
      unit('104', 7000n, '王'),
      unit('105', 6000n, '王'),
    ]);
    const { code, stdout } = await run(before, after, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      before: { units: 4, heads: 3, areaDm2: '31000' },
      after: { units: 4, heads: 3, areaDm2: '30050' },
      added: [{ ...place('105'), kind: 'dwelling', areaDm2: '6000' }],
      removed: [{ ...place('103'), kind: 'dwelling', areaDm2: '7000' }],
      changed: [
        {
          ...place('101'),
          before: { kind: 'dwelling', areaDm2: '8000' },
          after: { kind: 'dwelling', areaDm2: '8050' },
        },
      ],
      headsGone: [[place('101'), place('102')]],
      headsNew: [[place('101')], [place('102')]],
    });
    for (const id of ids.values()) expect(stdout).not.toContain(id);
    const report = (await run(before, after)).stdout;
    expect(report).toContain('增加的房屋 units added 1\n    1栋 105 dwelling 60.00 ㎡');
    expect(report).toContain('不再合计一人的房屋 no longer one head 1\n    1栋 101、1栋 102');
  });

  it('says that nothing differs where a title only passed to another owner', async () => {
    const one = bundle('one', [unit('201', 8000n, '陈'), unit('202', 8000n, '李')]);
    const two = bundle('two', [unit('201', 8000n, '赵'), unit('202', 8000n, '李')]);
    expect(await run(one, two)).toMatchObject({ code: 0, stdout: expect.stringContaining('no difference') });
  });

  it('refuses rolls of two communities, what is no roll, and a wrong usage', async () => {
    const here = bundle('here', [unit('301', 8000n, '陈')]);
    const there = bundle('there', [unit('401', 8000n, '陈')]);
    expect((await run(here, there)).code).toBe(1);
    const broken = join(folder, 'broken');
    mkdirSync(broken);
    writeFileSync(join(broken, 'roll.jsonl'), '{"v":1}\n');
    expect(await run(here, broken)).toMatchObject({ code: 65, stderr: expect.stringContaining('第 1 行') });
    expect((await run(here, join(folder, 'nowhere'))).code).toBe(65);
    expect((await run(here)).code).toBe(2);
    expect((await run(here, there, '--all')).code).toBe(2);
  });
});
