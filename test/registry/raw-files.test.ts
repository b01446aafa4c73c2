// Goal: the file of a register is sealed, handed out only with a recorded reason, and gone when its time is over. Method: real
// imports, rolls and acts, a clock that is moved, and the command itself; every refusal.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import type { Refusal, Result } from '../../src/base/result.ts';
import { registerCommand } from '../../src/cli/register.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { withdrawAct } from '../../src/officers/acts.ts';
import { personalAccesses, readRegisterFile } from '../../src/registry/raw-files.ts';
import { applyRoll, draftRoll } from '../../src/registry/rolling.ts';
import { appoint, executeAct, signBy } from '../support/acts.ts';
import { TEST_NOW } from '../support/clock.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import type { TestCommunity } from '../support/registry.ts';
import { bringIntoForce, importRegister, NUMBERS, newCommunity, registerFile } from '../support/registry.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(async () => fresh.close());

const DAY_MS = 24 * 60 * 60_000;
const fileOf = (area: string): Uint8Array =>
  registerFile([`1栋,101,${area},陈大文,${NUMBERS.chen},已交付,,`]);
const FILE = fileOf('88.88');
const codeOf = (result: Result<unknown, Refusal>): string => (result.ok ? '' : result.refusal.code);

const restOf = (register: string) =>
  fresh.db
    .selectFrom('register')
    .select(['draft', 'file'])
    .where('register_id', '=', register)
    .executeTakeFirstOrThrow();
const holds = async (register: string): Promise<readonly boolean[]> => {
  const { draft, file } = await restOf(register);
  return [draft !== null, file !== null];
};

async function drafted({ deps, community, committee }: TestCommunity, area = '88.88') {
  const made = await importRegister(deps, committee, { community, file: fileOf(area), confirmed: true });
  if (!made.ok) throw new Error(made.refusal.code);
  return made.value;
}

async function freezeRoll(the: TestCommunity): Promise<void> {
  const { deps, community, committee, street } = the;
  const roll = await inTransaction(deps.db, (tx) =>
    draftRoll(tx, deps, {
      community,
      meeting: newId(deps.random),
      proposals: [{ proposal: newId(deps.random), scope: { kind: 'community', members: [] } }],
      countSpecialSpaces: false,
      draftedBy: committee.officer,
    }),
  );
  if (!roll.ok) throw new Error(roll.refusal.code);
  await signBy(deps, roll.value.act, [committee, street]);
  expect(codeOf(await executeAct(deps, roll.value.act, applyRoll))).toBe('');
}

/** The command at some days after the start; its code, output and errors. */
async function purge(days: number, ...argv: string[]) {
  const said = { stdout: '', stderr: '' };
  const code = await registerCommand(
    ['purge', ...argv],
    {
      stdout: (text) => {
        said.stdout += text;
      },
      stderr: (text) => {
        said.stderr += text;
      },
    },
    () => TEST_NOW + days * DAY_MS,
    async () => ({ db: fresh.db, close: async () => undefined }),
  );
  return { code, ...said };
}

describe('the file', () => {
  it('rests sealed from the draft on, each in its place, and is given back byte by byte', async () => {
    const the = await newCommunity(fresh, 'sealed');
    const { register } = await drafted(the);
    const { file } = await restOf(register);
    expect(toHex(file ?? new Uint8Array())).not.toContain(toHex(FILE.subarray(-40)));
    const request = { community: the.community, register, reason: '核对 面积' };
    expect(await readRegisterFile(the.deps, the.street, request)).toEqual({ ok: true, value: FILE });
    const other = await drafted(await newCommunity(fresh, 'sealed elsewhere'));
    await fresh.db.updateTable('register').set({ file }).where('register_id', '=', other.register).execute();
    const { community_id: elsewhere } = await fresh.db
      .selectFrom('register')
      .select('community_id')
      .where('register_id', '=', other.register)
      .executeTakeFirstOrThrow();
    const moved = { community: elsewhere, register: other.register, reason: '核对' };
    await expect(readRegisterFile(the.deps, { ...the.street, community: '' }, moved)).rejects.toThrow(
      'was altered',
    );
  });

  it('goes to street office and regulator alone, and each access stands with its reason', async () => {
    const the = await newCommunity(fresh, 'accesses');
    const register = await bringIntoForce(the, FILE);
    const { deps, community, street } = the;
    const regulator = await appoint(deps, 'regulator', '');
    const request = { community, register, reason: '信访核查 第3号' };
    for (const officer of [the.committee, the.registrar, (await newCommunity(fresh, 'another')).street]) {
      expect(codeOf(await readRegisterFile(deps, officer, request))).toBe('NOT_ALLOWED');
      expect(codeOf(await personalAccesses(deps, officer, community))).toBe('NOT_ALLOWED');
    }
    const unknown = { ...request, register: 'a'.repeat(26) };
    expect(codeOf(await readRegisterFile(deps, street, unknown))).toBe('REGISTER_UNKNOWN');
    expect(codeOf(await personalAccesses(deps, regulator, 'a'.repeat(26)))).toBe('COMMUNITY_UNKNOWN');
    expect(await personalAccesses(deps, street, community)).toEqual({ ok: true, value: [] });
    expect(codeOf(await readRegisterFile(deps, regulator, request))).toBe('');
    const { officer } = regulator;
    const access = {
      officer,
      kind: 'register.file',
      subject: register,
      reason: request.reason,
      accessedAt: TEST_NOW,
    };
    expect(await personalAccesses(deps, street, community)).toEqual({ ok: true, value: [access] });
  });
});

describe('a draft that ends', () => {
  it('is erased with its file in the moment of its withdrawal', async () => {
    const the = await newCommunity(fresh, 'withdrawn');
    const { act, register } = await drafted(the);
    expect(await holds(register)).toEqual([true, true]);
    expect(codeOf(await withdrawAct(the.deps, act))).toBe('');
    expect(await holds(register)).toEqual([false, false]);
    const request = { community: the.community, register, reason: '核对' };
    expect(codeOf(await readRegisterFile(the.deps, the.street, request))).toBe('REGISTER_FILE_ERASED');
  });

  it('is erased where another register passes it, and leaves that one its file', async () => {
    const the = await newCommunity(fresh, 'passed');
    const early = await drafted(the);
    const later = await bringIntoForce(the, fileOf('90.00'));
    expect([await holds(early.register), await holds(later)]).toEqual([
      [false, false],
      [false, true],
    ]);
  });

  it('is erased where its act is refused at its execution', async () => {
    const the = await newCommunity(fresh, 'refused');
    const { act, register } = await drafted(the);
    await signBy(the.deps, act, [the.committee, the.street]);
    const refusal = { ok: false, refusal: { code: 'ACTION_EXPIRED' } } as const;
    expect(codeOf(await executeAct(the.deps, act, async () => refusal))).toBe('ACTION_EXPIRED');
    expect(await holds(register)).toEqual([false, false]);
  });

  it('is withdrawn by the purge where nobody signs it for 30 days', async () => {
    const the = await newCommunity(fresh, 'forgotten');
    const { act, register } = await drafted(the);
    await purge(29);
    expect(await holds(register)).toEqual([true, true]);
    await purge(30);
    expect(await holds(register)).toEqual([false, false]);
    await expect(signBy(the.deps, act, [the.committee])).rejects.toThrow('ACT_NOT_OPEN');
  });
});

describe('the purge', () => {
  it('erases a file 180 days after the last roll of its register was frozen', async () => {
    const the = await newCommunity(fresh, 'rolls');
    const register = await bringIntoForce(the, FILE);
    await purge(400);
    expect(await holds(register)).toEqual([false, true]);
    await freezeRoll(the);
    the.time.advance(DAY_MS);
    await freezeRoll(the);
    await purge(180);
    expect(await holds(register)).toEqual([false, true]);
    const done = await purge(181, '--json');
    expect([done.code, JSON.parse(done.stdout)]).toEqual([0, { withdrawn: 0, erased: 1, requests: 0 }]);
    expect(await holds(register)).toEqual([false, false]);
    expect((await purge(181)).stdout).toContain('删除到期的原始文件 0 份');
  });

  it('erases the file of a register that went out of force without a roll, by its own days', async () => {
    const the = await newCommunity(fresh, 'no roll');
    const former = await bringIntoForce(the, FILE);
    const current = await bringIntoForce(the, fileOf('90.00'));
    await purge(6, '--days', '7');
    expect(await holds(former)).toEqual([false, true]);
    await purge(7, '--days', '7');
    expect([await holds(former), await holds(current)]).toEqual([
      [false, false],
      [false, true],
    ]);
  });

  it.each([
    ['--days'],
    ['--days', 'many'],
    ['--days', '-1'],
    ['--days', '1', '--days', '2'],
    ['--all', '1'],
    ['--draft-days', '10000'],
  ])('touches nothing for %j %j', async (...argv) => {
    const refused = await purge(4000, ...argv);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('register purge');
  });
});
