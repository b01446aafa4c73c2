// A community whose roof is under repair, for the pages of the fund: opening balances, a resolution as the tally would leave it, the
// hold, one stage accepted and paid by two officers. All but the resolution goes over HTTP.

import { readMeeting } from '../../src/assembly/meetings.ts';
import { writeEntry } from '../../src/auditlog/entry-writing.ts';
import { present } from '../../src/base/assert.ts';
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { actTogether } from '../../src/cli/demo/officer.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { authoriseResolutions } from '../../src/fund/authorising.ts';
import type { UnitsAnswer } from '../../src/registry/contract.ts';
import { frozenLeaves } from '../../src/registry/frozen-roll.ts';
import type { WebWorld } from './web-world.ts';
import { openMeeting } from './web-world.ts';

const DEPOSIT_FEN_PER_DM2 = 80n;
export const BANK = { name: '建行', lastDigits: '0321' };
export const fundOf = ({ community }: WebWorld): string => `/v1/communities/${community}/fund`;

/** One deposit for each dwelling, by area; Σ in fen. */
export async function openBook(world: WebWorld): Promise<bigint> {
  const { client } = world.officers.committee;
  const { units } = await client.get<UnitsAnswer>(`/v1/communities/${world.community}/units`);
  const balances = units
    .filter(({ kind }) => kind !== 'parking' && kind !== 'storage')
    .map(({ unit, areaDm2 }) => ({ unit, amountFen: String(BigInt(areaDm2) * DEPOSIT_FEN_PER_DM2) }));
  const { totalFen } = await client.post<{ totalFen: string }>(`${fundOf(world)}/opening-balances`, {
    statement: { reference: '专户对账单2026-09', asOn: '2026-09-30' },
    bank: BANK,
    balances,
  });
  return BigInt(totalFen);
}

/** The meeting of the roof with its resolution standing, as `tally.final` and the row that the count writes. */
export async function resolveRoof(world: WebWorld, more: Parameters<typeof openMeeting>[1] = {}) {
  const { deps } = world.demo.service;
  const { community } = world;
  const { meeting, payeeAccount } = await openMeeting(world, more);
  const { definition } = present(await readMeeting(deps.db, meeting), 'the meeting');
  const proposal = present(
    definition.proposals.find(({ fund }) => fund.length > 0),
    'a proposal of the fund',
  );
  const capFen = BigInt(present(proposal.fund[0], 'its use').capFen);
  const recordHash = toBase64Url(sha256(utf8('record')));
  const none = { size: 0, count: 0, root: recordHash };
  await inTransaction(deps.db, async (tx) => {
    const tally = { recordHash, votes: none, controls: none, inputsHash: recordHash };
    const { entryId } = await writeEntry(tx, { v: 1, kind: 'tally.final', community, meeting, ...tally }, []);
    await tx
      .insertInto('resolution')
      .values({
        community_id: community,
        meeting_id: meeting,
        proposal_id: proposal.proposal,
        outcome: 'ADOPTED',
        cap_fen: capFen,
        entry_id: entryId,
      })
      .execute();
  });
  const leaves = (await frozenLeaves(deps.db, community, meeting)).map(({ leaf }) => leaf);
  const { authorisations } = await authoriseResolutions(deps, { definition, leaves });
  const authorisation = present(authorisations[0], 'one authorisation');
  return { meeting, payeeAccount, authorisation, capFen, title: proposal.title };
}

/** Accepts a stage, and pays it by two officers. */
export async function payStage(
  world: WebWorld,
  { authorisation, payeeAccount }: { readonly authorisation: string; readonly payeeAccount: string },
  stage: { readonly amountFen: bigint; readonly document: string; readonly bank?: string },
): Promise<void> {
  const { committee, street } = world.officers;
  const path = `${fundOf(world)}/authorisations/${authorisation}`;
  const amountFen = String(stage.amountFen);
  const acceptanceHash = toBase64Url(sha256(utf8(stage.document)));
  await committee.client.post(`${path}/accruals`, { amountFen, stage: 'advance', acceptanceHash });
  const bank = stage.bank === undefined ? {} : { bank: stage.bank };
  const payment = { amountFen, payeeAccount, reference: stage.document, ...bank };
  const draft = () => committee.client.post<{ act: string }>(`${path}/payments`, payment);
  await actTogether(world.demo.world, draft, [committee, street]);
}

/** The whole: 30 % of the cap is paid, the rest is held. */
export async function roofUnderRepair(world: WebWorld) {
  const depositedFen = await openBook(world);
  const resolved = await resolveRoof(world);
  await world.officers.committee.client.post(
    `${fundOf(world)}/authorisations/${resolved.authorisation}/hold`,
  );
  const paidFen = (resolved.capFen * 3n) / 10n;
  await payStage(world, resolved, { amountFen: paidFen, document: '屋面防水层验收记录' });
  await world.demo.world.beatNow();
  return { ...resolved, depositedFen, paidFen };
}
