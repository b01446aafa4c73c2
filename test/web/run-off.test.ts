// Goal: an election that ends in a tie is carried on by one press: the run-off's draft has the tied candidates and the open seats (SPEC 8.1).
// Method: the whole service; three candidates for two seats get equal heads and areas from homes of equal area; Chromium drafts the next meeting.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MeetingAnswer, MeetingListAnswer } from '../../src/assembly/contract.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { addDays, civilDateAt } from '../../src/base/civil-date.ts';
import { httpClient } from '../../src/cli/demo/http-client.ts';
import { actTogether, signInOfficer } from '../../src/cli/demo/officer.ts';
import { voteWith } from '../../src/cli/demo/owner.ts';
import { definitionForm } from '../../src/record/meeting.ts';
import { expectDecent, launch, watchedPage } from './browser.ts';
import { enrolOfficer } from './enrolment.ts';
import type { WebWorld } from './web-world.ts';
import { openMeeting, ownsOneDwelling, webWorld } from './web-world.ts';

/** Ballots that mark nobody are invalid: they count for the quorum, and leave each candidate above half. */
const BLANK = 5;

let world: WebWorld;
let browser: Browser;

/** Every ballot marks two of three, so that a round of three ballots gives each candidate two. */
const ROUND = [
  ['zhao', 'qian'],
  ['qian', 'sun'],
  ['zhao', 'sun'],
] as const;

/** Owners of one home each: threes of equal area, and some of the rest, who make up the quorum and mark nobody. */
function voters({ codes }: WebWorld) {
  const homes = new Map<string, WebWorld['codes'][number]>();
  for (const letter of codes.filter(ownsOneDwelling)) {
    const [home] = letter.units;
    if (home?.building === '1栋') homes.set(`${home.stair} ${home.room}`, letter);
  }
  const byArea = new Map<string, WebWorld['codes'][number][]>();
  for (const letter of homes.values()) {
    const area = String(letter.units[0]?.areaDm2);
    byArea.set(area, [...(byArea.get(area) ?? []), letter]);
  }
  const inThrees = [...byArea.values()].flatMap((group) => group.slice(0, group.length - (group.length % 3)));
  const others = [...homes.values()].filter((letter) => !inThrees.includes(letter));
  return [
    ...inThrees.map((letter, at) => ({ letter, marks: ROUND[at % 3] })),
    ...others.slice(0, BLANK).map((letter) => ({ letter, marks: [] })),
  ];
}

beforeAll(async () => {
  browser = await launch();
  world = await webWorld('run-off');
  const { demo, officers } = world;
  const opened = await openMeeting(world, {
    change: (body) => ({
      ...body,
      proposals: [
        {
          title: '选举业主委员会委员',
          text: '选举两名委员。',
          classes: ['M3'],
          scope: { kind: 'buildings', members: ['1栋'] },
          form: 'election',
          candidates: [
            { id: 'zhao', text: '赵一' },
            { id: 'qian', text: '钱二' },
            { id: 'sun', text: '孙三' },
          ],
          seats: 2,
          fund: [],
        },
      ],
    }),
  });
  const newClient = () => httpClient(demo.service.url, () => toBase64Url(demo.world.random(16)));
  for (const { letter, marks } of voters(world))
    await voteWith(
      demo.world,
      newClient(),
      { code: letter.code, number: letter.owner.number },
      opened.meeting,
      () => marks,
    );
  demo.clock.moveTo(opened.closesAt + 1000);
  await demo.world.beatNow();
  for (const officer of Object.values(officers)) await signInOfficer(demo.world, officer);
  const post = (path: string, body?: unknown) =>
    officers.street.client.post<{ act: string }>(`/v1/meetings/${opened.meeting}/${path}`, body);
  const secret = toBase64Url(opened.boxSecret);
  await actTogether(demo.world, () => post('box/release', { secret }), [officers.street]);
  await demo.world.beatNow();
  await actTogether(demo.world, () => post('final'), [officers.committee, officers.street]);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

it('a tied election becomes the draft of its run-off', async () => {
  const { page } = await watchedPage(browser, { width: 1280, height: 900 });
  await enrolOfficer(world, page, 'committee', '演示委员 丙', '442000198303030033');
  await page.getByRole('button', { name: '起草会议，决选：选举业主委员会委员' }).click();
  const proposal = page.locator('fieldset', { hasText: '候选人' });
  expect(await proposal.getByLabel('标题').inputValue()).toBe('决选：选举业主委员会委员');
  expect((await proposal.getByLabel('候选人').inputValue()).split('\n')).toEqual(['赵一', '钱二', '孙三']);
  expect(await proposal.getByLabel('名额').inputValue()).toBe('2');
  expect(await proposal.getByLabel('正文', { exact: true }).inputValue()).toContain('3 位候选人');
  await proposal.getByText('只由这些范围的业主表决：1栋', { exact: true }).waitFor();
  await expectDecent(page, 'run-off');

  await page.getByLabel('名称').fill('决选会议');
  await page.getByLabel('公告正文').fill('决选。');
  // Late enough for any notice, whatever the day on which this runs.
  const day = (inDays: number): string => addDays(civilDateAt(world.demo.clock()), inDays);
  await page.getByLabel('投票开始').fill(`${day(30)}T09:00`);
  await page.getByLabel('投票截止').fill(`${day(45)}T18:00`);
  await page.getByRole('button', { name: '保存草稿' }).click();
  await page.getByRole('heading', { name: '决选会议' }).waitFor();
  const { meetings } = await world.officers.committee.client.get<MeetingListAnswer>(
    `/v1/communities/${world.community}/meetings`,
  );
  const drafted = present(
    meetings.find(({ title }) => title === '决选会议'),
    'the draft',
  );
  const answer = await world.officers.committee.client.get<MeetingAnswer>(`/v1/meetings/${drafted.meeting}`);
  const definition = definitionForm.parse(present(fromBase64Url(answer.definition), 'its bytes'));
  expect(definition.ok && definition.value.proposals).toMatchObject([
    { scope: { kind: 'buildings', members: ['1栋'] }, form: 'election', seats: 2, max: 2 },
  ]);
}, 120_000);
