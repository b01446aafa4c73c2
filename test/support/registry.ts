// A community with its officers on a fresh database, and the way from a register file to a register in force.

import { present } from '../../src/base/assert.ts';
import { utf8 } from '../../src/base/bytes.ts';
import { ok } from '../../src/base/result.ts';
import { atRestKeys } from '../../src/crypto/at-rest.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { checkRegisterFile } from '../../src/registry/file-check.ts';
import { applyImport, createCommunity, importRegister } from '../../src/registry/importing.ts';
import type { RegistryDeps } from '../../src/registry/registry-deps.ts';
import type { CommunityRow } from '../../src/registry/store/communities.ts';
import { communityById } from '../../src/registry/store/communities.ts';
import type { TestOfficer } from './acts.ts';
import { appoint, executeAct, signBy } from './acts.ts';
import { fixedClock } from './clock.ts';
import type { FreshDatabase } from './database.ts';
import { seededRandom } from './random.ts';

export const ORIGIN = 'https://vote.example';

export type TestCommunity = {
  readonly deps: RegistryDeps;
  readonly time: ReturnType<typeof fixedClock>;
  readonly community: string;
  readonly committee: TestOfficer;
  readonly street: TestOfficer;
  readonly registrar: TestOfficer;
};

export async function newCommunity(fresh: FreshDatabase, seed: string): Promise<TestCommunity> {
  const time = fixedClock();
  const deps: RegistryDeps = {
    db: fresh.db,
    clock: time.clock,
    random: seededRandom(seed),
    rpId: 'vote.example',
    origins: [ORIGIN],
    atRest: atRestKeys([new Uint8Array(32).fill(1)], new Uint8Array(32).fill(2)),
    // As the command line checks a file; test/registry/check-workers.test.ts has the service's workers.
    fileChecks: {
      check: async (file, settings) => ok(await checkRegisterFile(file, settings)),
      close: async () => undefined,
    },
  };
  const community = await inTransaction(fresh.db, (tx) => createCommunity(tx, deps, { name: '测试花园' }));
  const [committee, street, registrar] = [
    await appoint(deps, 'committee', community),
    await appoint(deps, 'street', community),
    await appoint(deps, 'registrar', community),
  ];
  return { deps, time, community, committee, street, registrar };
}

/** Drafts, signs and applies a register file, ticking what wants it; throws where it is refused. */
export async function bringIntoForce(the: TestCommunity, file: Uint8Array): Promise<string> {
  const { deps, community, committee, street } = the;
  const drafted = await importRegister(deps, committee, { community, file, confirmed: true });
  if (!drafted.ok) throw new Error(`${drafted.refusal.code} ${JSON.stringify(drafted.refusal)}`);
  await signBy(deps, drafted.value.act, [committee, street]);
  const done = await executeAct(deps, drafted.value.act, applyImport);
  if (!done.ok) throw new Error(done.refusal.code);
  return drafted.value.register;
}

export const communityRow = async ({ deps, community }: TestCommunity): Promise<CommunityRow> =>
  present(await communityById(deps.db, community), 'created');

/** A register file of rows `building, room, area, names, numbers, state, phone, address`. */
export const registerFile = (rows: readonly string[]): Uint8Array =>
  utf8(`楼栋,房号,建筑面积,业主姓名,证件号码,房屋状态,手机,通讯地址\n${rows.join('\n')}\n`);

/** Numbers with right check characters, of nobody. */
export const NUMBERS = {
  chen: '11010519491231002X',
  li: '440524188001010014',
  wang: '442000199001011233',
  company: '91350100M000100Y43',
} as const;
