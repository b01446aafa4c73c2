/** A whole meeting, told over HTTP: from the register file to a verified result and a payment (DESIGN §6). */

import type { MeetingAnswer } from '../../assembly/contract.ts';
import { sumAreas } from '../../base/area.ts';
import { present } from '../../base/assert.ts';
import { fromBase64Url, toBase64Url, utf8 } from '../../base/bytes.ts';
import { addDays, civilDateAt, startOfCivilDate } from '../../base/civil-date.ts';
import { boxPublicKey } from '../../crypto/sealed-box.ts';
import { sha256 } from '../../crypto/sha256.ts';
import type { BookAnswer } from '../../fund/contract.ts';
import type { LetterCode } from '../../identity/domain/letter-making.ts';
import { accountHash } from '../../record/meeting.ts';
import { tallyRecordForm } from '../../record/tally-record.ts';
import type { UnitsAnswer } from '../../registry/contract.ts';
import type { ResultAnswer } from '../../tally/contract.ts';
import { castAll } from './casting.ts';
import type { DemoCommunity } from './community.ts';
import { generateCommunity } from './community.ts';
import type { DemoService } from './demo-deployment.ts';
import type { Officers } from './founding.ts';
import { foundCommunity, importFile, issueDemoLetters } from './founding.ts';
import { httpClient } from './http-client.ts';
import type { MeetingBody } from './meeting-texts.ts';
import { demoMeeting } from './meeting-texts.ts';
import type { DemoWorld } from './officer.ts';
import { actTogether, signBy, signInOfficer, untilDone } from './officer.ts';
import { signInOwner } from './owner.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const NOTICE_DAYS = 15;
const WINDOW_DAYS = 10;
/** 80 yuan per m² was paid in, and the roof may cost 32 yuan per m² of its building: fen per dm² (0.01 m²). */
const DEPOSIT_FEN_PER_DM2 = 80n;
const ROOF_FEN_PER_DM2 = 32n;
const ROOF_BUILDING = '1栋';
const PAYEE_ACCOUNT = '44050178020800000321';

export type Telling = {
  readonly demo: DemoService;
  readonly seed: string;
  readonly units: number;
  /** Called when a phase begins. */
  readonly phase: (words: string) => void;
};

export type Told = {
  readonly community: string;
  readonly meeting: string;
  readonly casts: number;
  readonly result: ResultAnswer;
  readonly officers: Officers;
  readonly codes: readonly LetterCode[];
  readonly generated: DemoCommunity;
};

const together = (officers: Officers) => [officers.committee, officers.street] as const;

/** Sessions end while the demo's clock leaps. */
async function signInAgain(world: DemoWorld, officers: Officers): Promise<void> {
  for (const officer of Object.values(officers)) await signInOfficer(world, officer);
}

async function moveTo(demo: DemoService, at: number, officers?: Officers): Promise<void> {
  demo.clock.moveTo(at);
  await demo.world.beatNow();
  if (officers !== undefined) await signInAgain(demo.world, officers);
}

/** What a unit's first deposit is. */
const depositFen = ({ areaDm2 }: UnitsAnswer['units'][number]): string =>
  String(BigInt(areaDm2) * DEPOSIT_FEN_PER_DM2);

const BANK = { name: '建行', lastDigits: '0321' };

/** Opening balances: one deposit for each unit that was handed over, by area, citing the old statement; the developer paid nothing yet. */
export async function openFund(officers: Officers, community: string): Promise<void> {
  const { client } = officers.committee;
  const { units } = await client.get<UnitsAnswer>(`/v1/communities/${community}/units`);
  const balances = units
    .filter(({ kind, state }) => kind !== 'parking' && kind !== 'storage' && state === 'delivered')
    .map((each) => ({ unit: each.unit, amountFen: depositFen(each) }));
  await client.post(`/v1/communities/${community}/fund/opening-balances`, {
    statement: { reference: '专户对账单2026-09', asOn: '2026-09-30' },
    bank: BANK,
    balances,
  });
}

/** Drafts, notices and opens a meeting; returns its id and the box's secret. */
export async function convene(
  demo: DemoService,
  officers: Officers,
  community: string,
  options: {
    readonly profile: string;
    readonly noticeDays: number;
    readonly windowMs: number;
    readonly capFen: bigint;
    /** What is asked otherwise than by the demo. */
    readonly change?: (body: MeetingBody) => MeetingBody;
  },
): Promise<{
  readonly meeting: string;
  readonly boxSecret: Uint8Array;
  readonly closesAt: number;
  readonly payeeAccount: string;
}> {
  const { world, clock } = demo;
  const publishedOn = civilDateAt(clock());
  const opensAt =
    options.noticeDays === 0
      ? Math.ceil(clock() / 1000) * 1000
      : startOfCivilDate(addDays(publishedOn, options.noticeDays + 1));
  const closesAt = opensAt + options.windowMs;
  const payeeAccount = accountHash(world.random(16), PAYEE_ACCOUNT);
  const body = demoMeeting({
    profile: options.profile,
    publishedOn,
    opensAt,
    closesAt,
    capFen: options.capFen,
    payeeAccount,
  });
  const { client } = officers.committee;
  const asked = options.change?.(body) ?? body;
  const { meeting } = await client.post<{ meeting: string }>(`/v1/communities/${community}/meetings`, asked);
  const draft = (step: string) => () => client.post<{ act: string }>(`/v1/meetings/${meeting}/${step}`);
  await actTogether(world, draft('notice'), together(officers));
  if (options.noticeDays > 0) await moveTo(demo, opensAt - DAY_MS, officers);
  await actTogether(world, draft('roll'), together(officers));
  const boxSecret = world.random(32);
  await officers.street.client.post(`/v1/meetings/${meeting}/box`, {
    boxKey: toBase64Url(boxPublicKey(boxSecret)),
  });
  const { act } = await draft('opening')();
  await signBy(world, act, together(officers));
  await moveTo(demo, opensAt, officers);
  await untilDone(world, act, officers.committee);
  return { meeting, boxSecret, closesAt, payeeAccount };
}

/** From the close to the final result, with one objection on the way. */
async function conclude(
  telling: Telling,
  officers: Officers,
  codes: readonly LetterCode[],
  convened: { readonly meeting: string; readonly boxSecret: Uint8Array; readonly closesAt: number },
): Promise<void> {
  const { demo, phase } = telling;
  const { world } = demo;
  const { meeting, boxSecret } = convened;
  phase('截止、开箱、计票 closing, release of the box, count');
  await moveTo(demo, convened.closesAt, officers);
  const release = () =>
    officers.street.client.post<{ act: string }>(`/v1/meetings/${meeting}/box/release`, {
      secret: toBase64Url(boxSecret),
    });
  await actTogether(world, release, [officers.street]);
  await world.beatNow();
  phase('初步结果、异议与答复 preliminary result, objection, decision');
  const client = httpClient(demo.service.url, () => toBase64Url(world.random(16)));
  const [first] = codes;
  if (first === undefined) throw new Error('nobody to object');
  await signInOwner(world, client, { code: first.code, number: first.owner.number });
  const objecting = { text: '请说明三家单位的报价及比选过程。' };
  const { objection } = await client.post<{ objection: string }>(
    `/v1/meetings/${meeting}/objections`,
    objecting,
  );
  const decide = () =>
    officers.committee.client.post<{ act: string }>(
      `/v1/meetings/${meeting}/objections/${objection}/decision`,
      {
        decision: 'rejected',
        reason: '三家报价及评分表自公告之日起张贴于公告栏,并可在业委会查阅;选票和计票无误。',
      },
    );
  await actTogether(world, decide, [officers.committee]);
  phase('最终结果 final result');
  const { objectionsUntil } = await client.get<MeetingAnswer>(`/v1/meetings/${meeting}`);
  await moveTo(demo, Date.parse(objectionsUntil) + MINUTE_MS, officers);
  const final = () => officers.committee.client.post<{ act: string }>(`/v1/meetings/${meeting}/final`);
  await actTogether(world, final, together(officers));
  await world.beatNow();
}

/** What the developer owes for units that he did not sell or hand over is claimed; then he pays their first deposits in. */
async function claim(
  { demo }: Telling,
  { client }: Officers['committee'],
  community: string,
  path: string,
): Promise<void> {
  await client.post(`${path}/claim`);
  const { units } = await client.get<UnitsAnswer>(`/v1/communities/${community}/units`);
  const receipts = units
    .filter(({ kind, state }) => kind !== 'parking' && kind !== 'storage' && state !== 'delivered')
    .map((each, at) => ({
      receipt: `交存${String(at + 1).padStart(4, '0')}`,
      unit: each.unit,
      amountFen: depositFen(each),
      valueOn: civilDateAt(demo.clock()),
    }));
  await client.post(`/v1/communities/${community}/fund/receipts`, { bank: BANK, receipts });
}

/** What the developer owes, hold on every unit, acceptance, one payment by two officers, release of the rest. */
async function spend(
  telling: Telling,
  officers: Officers,
  community: string,
  meeting: string,
  payeeAccount: string,
): Promise<void> {
  const { demo, phase } = telling;
  phase('维修资金:授权、冻结、拨付 fund: authorisation, hold, payment');
  const { client } = officers.committee;
  const base = `/v1/communities/${community}/fund`;
  const { authorisations } = await client.get<BookAnswer>(base);
  const found = authorisations.find((each) => each.meeting === meeting);
  if (found === undefined) throw new Error('the resolution opened nothing of the fund');
  const path = `${base}/authorisations/${found.authorisation}`;
  if (found.developerUnits > 0) await claim(telling, officers.committee, community, path);
  await client.post(`${path}/hold`);
  const amountFen = String((BigInt(found.capFen) * 3n) / 10n);
  const acceptanceHash = toBase64Url(sha256(utf8('屋面防水层验收记录(预付款)')));
  await client.post(`${path}/accruals`, { amountFen, stage: 'advance', acceptanceHash });
  const payment = { amountFen, payeeAccount, reference: '建行电汇20261230-0007' };
  await actTogether(
    demo.world,
    () => client.post<{ act: string }>(`${path}/payments`, payment),
    together(officers),
  );
  await demo.world.beatNow();
}

/** What the roof may cost at most, in whole hundreds of yuan. */
export function roofCapFen({ units }: DemoCommunity): bigint {
  const own = units.filter(
    ({ building, kind }) => building === ROOF_BUILDING && kind !== 'parking' && kind !== 'storage',
  );
  return ((sumAreas(own.map(({ areaDm2 }) => areaDm2)) * ROOF_FEN_PER_DM2) / 10_000n) * 10_000n;
}

/** Whether the first proposal passed: in a small community some seeds' owners do not agree. */
const isRoofAdopted = ({ record }: ResultAnswer): boolean =>
  tallyRecordForm.own(present(fromBase64Url(record), 'served bytes')).proposals[0]?.outcome === 'ADOPTED';

/** Tells the whole story. */
export async function tellStory(telling: Telling): Promise<Told> {
  const { demo, phase, seed, units } = telling;
  const { world } = demo;
  phase('设立:演示根、人员、小区 founding: demo root, officers, community');
  const generated = generateCommunity({ units, seed });
  const { community, officers } = await foundCommunity(
    world,
    demo.service.deps,
    demo.service.url,
    demo.root,
    generated.name,
  );
  phase('导入名册 register import');
  await importFile(world, officers, community, generated.csv);
  phase('制作表决函 letters');
  const codes = await issueDemoLetters(world, officers.registrar, community, generated.csv, world.random);
  phase('维修资金期初余额 opening balances of the fund');
  await openFund(officers, community);
  phase('公告、冻结名册、开票 notice, roll, opening');
  const convened = await convene(demo, officers, community, {
    profile: 'CN-2021',
    noticeDays: NOTICE_DAYS,
    windowMs: WINDOW_DAYS * DAY_MS,
    capFen: roofCapFen(generated),
  });
  phase('投票 casting');
  const casts = await castAll(demo, seed, codes, convened.meeting);
  await conclude(telling, officers, codes, convened);
  const result = await officers.committee.client.get<ResultAnswer>(`/v1/meetings/${convened.meeting}/result`);
  if (isRoofAdopted(result))
    await spend(telling, officers, community, convened.meeting, convened.payeeAccount);
  else phase('翻修未获通过,不动用维修资金 the roof was not adopted: nothing of the fund is used');
  return { community, meeting: convened.meeting, casts, result, officers, codes, generated };
}
