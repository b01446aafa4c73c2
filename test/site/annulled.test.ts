// Goal: wherever the outcome of a resolution is read, it is read that it was annulled since, by which document, when and where in the log, with
// or without money in it, and nothing of a person (SPEC 8.2, 9.5). Method: one meeting over HTTP to its final result; its second resolution, which
// asks for no money, is annulled before its archive pack is first made, its first one afterwards; answer, pages, papers, pack and the bundle.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MeetingAnswer } from '../../src/assembly/contract.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { civilDateAt } from '../../src/base/civil-date.ts';
import { actTogether, signInOfficer } from '../../src/cli/demo/officer.ts';
import { voteWith } from '../../src/cli/demo/owner.ts';
import { convene, roofCapFen } from '../../src/cli/demo/story.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { definitionForm } from '../../src/record/meeting.ts';
import type { ResultAnswer } from '../../src/tally/contract.ts';
import { hexGroups } from '../../src/web/kit/fingerprint.ts';
import { dayWords } from '../../src/web/kit/times.ts';
import { newClient } from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import { verifiedBundle } from '../support/verified.ts';
import { unzipped } from './unzipped.ts';

let service: TestService;
let settled: TestCommunity;
let meeting: string;
let proposals: readonly { readonly proposal: string; readonly title: string }[];

const JUDGMENT = toBase64Url(sha256(utf8('(2027)粤2071民终1号')));
const PRINTED_JUDGMENT = hexGroups(JUDGMENT, 16).join(' ');
const SAID = '法院或有关机关撤销了这项决议';

const html = async (end = ''): Promise<string> =>
  (await fetch(`${service.service.url}/meetings/${meeting}${end}`)).text();
const result = () => newClient(service).get<ResultAnswer>(`/v1/meetings/${meeting}/result`);
const count = (text: string, part: string): number => text.split(part).length - 1;

async function annul(at: number): Promise<void> {
  const { regulator, street } = settled.officers;
  await signInOfficer(service.world, regulator);
  await signInOfficer(service.world, street);
  const draft = () =>
    regulator.client.post<{ act: string }>(`/v1/communities/${settled.community}/fund/annulments`, {
      meeting,
      proposal: proposals[at]?.proposal,
      documentHash: JUDGMENT,
    });
  await actTogether(service.world, draft, [regulator, street]);
}

beforeAll(async () => {
  service = await startTestService({ beatMs: 3_600_000 });
  settled = await settle(service);
  const opened = await convene(service, settled.officers, settled.community, {
    profile: 'DEMO-CN-2021',
    noticeDays: 0,
    windowMs: 10 * 86_400_000,
    capFen: roofCapFen(settled.generated),
  });
  ({ meeting } = opened);
  for (const { code, owner } of settled.codes)
    await voteWith(service.world, newClient(service), { code, number: owner.number }, meeting, () => ['for']);
  service.clock.moveTo(opened.closesAt + 1000);
  await service.world.beatNow();
  for (const officer of Object.values(settled.officers)) await signInOfficer(service.world, officer);
  const { committee, street } = settled.officers;
  const post = (path: string, body?: object) => () =>
    street.client.post<{ act: string }>(`/v1/meetings/${meeting}/${path}`, body);
  await actTogether(service.world, post('box/release', { secret: toBase64Url(opened.boxSecret) }), [street]);
  await service.world.beatNow();
  await actTogether(service.world, post('final'), [committee, street]);
  await service.world.beatNow();
  const { definition } = await newClient(service).get<MeetingAnswer>(`/v1/meetings/${meeting}`);
  ({ proposals } = definitionForm.own(present(fromBase64Url(definition), 'bytes')));
}, 180_000);
afterAll(async () => service?.close());

it('nothing of an annulment is said of resolutions that stand', async () => {
  expect((await result()).annulments).toEqual([]);
  for (const end of ['', '/documents/announcement', '/documents/minutes'])
    expect(await html(end)).not.toContain('撤销');
  expect(await (await fetch(service.service.url)).text()).not.toContain('有决议已被撤销');
});

it('a resolution that asks for no money is shown as annulled in the answer, on the page, in the list and on the papers', async () => {
  expect(proposals).toHaveLength(2);
  const enteredOn = civilDateAt(service.clock());
  await annul(1);
  const [annulment, ...others] = (await result()).annulments;
  expect(others).toEqual([]);
  expect(annulment).toEqual({
    proposal: proposals[1]?.proposal,
    documentHash: JUDGMENT,
    logIndex: expect.any(Number),
    enteredOn,
  });
  const stored = await service.fresh.owner
    .selectFrom('log_entry')
    .select('idx')
    .where('kind', '=', 'resolution.annulled')
    .execute();
  expect(stored).toEqual([{ idx: BigInt(annulment?.logIndex ?? -1) }]);

  const page = await html();
  expect(page).toContain(`决议已被撤销：“${proposals[1]?.title}”`);
  expect(count(page, '已被撤销（计票结果：通过）')).toBe(1);
  // The other resolution stands.
  expect(count(page, '✓ 通过')).toBe(1);
  for (const end of ['', '/documents/announcement', '/documents/minutes']) {
    const text = await html(end);
    expect(count(text, SAID), end).toBe(1);
    for (const said of [PRINTED_JUDGMENT, dayWords(enteredOn), `公开日志第 ${annulment?.logIndex} 条`])
      expect(text, end).toContain(said);
    for (const { owner } of settled.codes) expect(text.includes(owner.name)).toBe(false);
  }
  const minutes = await html('/documents/minutes');
  expect(minutes).toContain(`“${proposals[1]?.title}”：已被撤销（计票结果：通过）`);
  expect(minutes).toContain(`“${proposals[0]?.title}”：通过`);
  expect(count(await (await fetch(service.service.url)).text(), '有决议已被撤销')).toBe(1);
});

const packOf = async () => {
  const answer = await fetch(`${service.service.url}/meetings/${meeting}/archive.zip`);
  expect(answer.status).toBe(200);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const files = await unzipped(bytes);
  const text = (path: string) => new TextDecoder().decode(files.get(path));
  return { bytes, text };
};

it('a pack that is first made afterwards says so, but not on the announcement that was posted before; one that is kept stays, and its page says it', async () => {
  const first = await packOf();
  expect(count(first.text('pages/final.html'), SAID)).toBe(1);
  expect(count(first.text('pages/minutes.html'), SAID)).toBe(1);
  expect(first.text('pages/preliminary.html')).not.toContain('撤销');
  expect(first.text('cover.html')).toContain(`决议已被撤销：“${proposals[1]?.title}”`);
  const rows = first.text('tables/result.csv').trimEnd().split('\r\n');
  const outcomes = new Set(rows.slice(1).map((row) => row.split(',').slice(0, 3).join(',')));
  expect(outcomes).toEqual(
    new Set([`1,${proposals[0]?.title},通过`, `2,${proposals[1]?.title},已被撤销（计票结果：通过）`]),
  );

  await annul(0);
  expect((await packOf()).bytes).toEqual(first.bytes);
  const page = await html('/archive');
  expect(page).toContain(`决议已被撤销：“${proposals[1]?.title}”、“${proposals[0]?.title}”`);
  expect(page).toContain('撤销以前生成的归档包保持原样');
  expect(count(await html(), '已被撤销（计票结果：通过）')).toBe(2);
});

it('the bundle verifies, and the annulled resolutions are in its log, also in public', async () => {
  await service.world.beatNow();
  for (const audience of ['auditor', 'public'] as const) {
    const { failed, annulled } = await verifiedBundle(service, meeting, audience);
    expect(failed).toEqual([]);
    expect(annulled.map(({ title }) => title)).toEqual([proposals[1]?.title, proposals[0]?.title]);
  }
});
