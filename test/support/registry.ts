// A community with its officers on a fresh database, and the way from a register file to a register in force.

import { present } from '../../src/base/assert.ts';
import { utf8 } from '../../src/base/bytes.ts';
import type { Result } from '../../src/base/result.ts';
import { ok } from '../../src/base/result.ts';
import { atRestKeys } from '../../src/crypto/at-rest.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { annotateRegisterFile } from '../../src/registry/annotating.ts';
import type { DifferenceCounts } from '../../src/registry/domain/differences.ts';
import { findingsOf } from '../../src/registry/domain/finding-groups.ts';
import type { Finding } from '../../src/registry/domain/findings.ts';
import type { RegisterSummary } from '../../src/registry/domain/import-check.ts';
import { checkedFileOf, checkRegisterFile, readColumnsOfFile } from '../../src/registry/file-check.ts';
import type { UploadSettings } from '../../src/registry/import-checking.ts';
import { checkImport } from '../../src/registry/import-checking.ts';
import type { DraftedImport } from '../../src/registry/import-drafting.ts';
import { draftImport } from '../../src/registry/import-drafting.ts';
import { applyImport, createCommunity } from '../../src/registry/importing.ts';
import type { ImportStanding } from '../../src/registry/imports.ts';
import { readImport, submitImport } from '../../src/registry/imports.ts';
import type { RegistryRefusal } from '../../src/registry/refusals.ts';
import type { ActingOfficer, RegistryDeps } from '../../src/registry/registry-deps.ts';
import type { CommunityRow } from '../../src/registry/store/communities.ts';
import { communityById } from '../../src/registry/store/communities.ts';
import type { TestOfficer } from './acts.ts';
import { appoint, executeAct, signBy } from './acts.ts';
import { fixedClock } from './clock.ts';
import type { FreshDatabase } from './database.ts';
import { seededRandom } from './random.ts';

export const ORIGIN = 'https://vote.example';

/** As the command line checks a file; test/registry/check-workers.test.ts has the service's workers. */
export const IN_PROCESS: RegistryDeps['fileChecks'] = {
  check: async (file, settings, onRows) => ok(checkedFileOf(await checkRegisterFile(file, settings, onRows))),
  annotate: async (file, settings, further) => {
    const { findings } = await checkRegisterFile(file, settings);
    return ok(await annotateRegisterFile(file, [...findings, ...further]));
  },
  read: async (file, columns) => ok(await readColumnsOfFile(file, columns)),
  close: async () => undefined,
};

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
    fileChecks: IN_PROCESS,
  };
  const community = await inTransaction(fresh.db, (tx) => createCommunity(tx, deps, { name: '测试花园' }));
  const [committee, street, registrar] = [
    await appoint(deps, 'committee', community),
    await appoint(deps, 'street', community),
    await appoint(deps, 'registrar', community),
  ];
  return { deps, time, community, committee, street, registrar };
}

export type FileRequest = {
  readonly community: string;
  readonly file: Uint8Array;
  readonly settings?: UploadSettings;
  /** Whether everything that wants a tick gets it. */
  readonly confirmed?: boolean;
};

/** Sends a file in and checks it, as the job does. */
export async function checkFile(
  deps: RegistryDeps,
  officer: ActingOfficer,
  { community, file, settings = {} }: FileRequest,
): Promise<Result<ImportStanding & { readonly findings: readonly Finding[] }, RegistryRefusal>> {
  const sent = await submitImport(deps, officer, { community, file, settings });
  if (!sent.ok) return sent;
  const place = { community, importId: sent.value.importId };
  if ((await checkImport(deps, place, 1)) !== 'done') throw new Error('no worker');
  const standing = await readImport(deps, officer, place);
  if (!standing.ok) return standing;
  return ok({ ...standing.value, findings: findingsOf(standing.value.outcome?.groups ?? []) });
}

/** The whole way of a file to its act; a refusal for what is in the file has its findings. */
export async function importRegister(
  deps: RegistryDeps,
  officer: ActingOfficer,
  request: FileRequest,
): Promise<
  Result<
    DraftedImport & {
      readonly summary: RegisterSummary;
      readonly findings: readonly Finding[];
      readonly differences?: DifferenceCounts;
    },
    RegistryRefusal & { readonly findings?: readonly Finding[] }
  >
> {
  const checked = await checkFile(deps, officer, request);
  if (!checked.ok) return checked;
  const { importId, outcome, findings, wantsTick } = checked.value;
  const place = { community: request.community, importId };
  const drafted = await draftImport(deps, officer, place, request.confirmed === true ? wantsTick : []);
  if (!drafted.ok) return { ok: false, refusal: { ...drafted.refusal, findings } };
  const { summary, differences } = present(outcome, 'checked');
  return ok({
    ...drafted.value,
    summary,
    findings,
    ...(differences === undefined ? {} : { differences }),
  });
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
