// Goal: the archive pack of a meeting holds what there is of it, says nothing of a person, is compared by `sha256sum` alone, and is the
// same bytes again, be it made twice or asked for years later (SPEC 9.5). Method: one meeting over HTTP from its opening to the final
// result, one that is cancelled; the pack read by another author's zip reader, its proof by the receipt's verifier.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeetingAnswer } from '../../src/assembly/contract.ts';
import { readMeeting } from '../../src/assembly/meetings.ts';
import { present } from '../../src/base/assert.ts';
import { fromUtf8, toBase64Url } from '../../src/base/bytes.ts';
import { exportBundle } from '../../src/bundle/exporting.ts';
import { actTogether, signInOfficer } from '../../src/cli/demo/officer.ts';
import { signInOwner, voteWith } from '../../src/cli/demo/owner.ts';
import { convene, roofCapFen } from '../../src/cli/demo/story.ts';
import { packageRoot } from '../../src/package-root.ts';
import type { ArchiveManifest } from '../../src/record/archive.ts';
import { archiveManifestForm } from '../../src/record/archive.ts';
import { verifyLogProof } from '../../src/record/proof.ts';
import { tallyRecordForm } from '../../src/record/tally-record.ts';
import { archiveOf } from '../../src/site/archive/archive.tsx';
import { readAssets } from '../../src/site/assets.ts';
import { meetingOf, newClient } from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import { unzipped } from './unzipped.ts';

const DAY_MS = 86_400_000;
let service: TestService;
let settled: TestCommunity;
let opened: Awaited<ReturnType<typeof convene>>;

beforeAll(async () => {
  service = await startTestService({ beatMs: 3_600_000 });
  settled = await settle(service);
  opened = await convene(service, settled.officers, settled.community, {
    profile: 'DEMO-CN-2021',
    noticeDays: 0,
    windowMs: 10 * DAY_MS,
    capFen: roofCapFen(settled.generated),
    change: (body) => ({ ...body, parameters: { objectionDays: 7 } }),
  });
  for (const { code, owner } of settled.codes.slice(0, -1))
    await voteWith(service.world, newClient(service), { code, number: owner.number }, opened.meeting, () => [
      'for',
    ]);
}, 180_000);
afterAll(async () => service?.close());

const page = (meeting: string, end: string) => fetch(`${service.service.url}/meetings/${meeting}/${end}`);
const hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const textOf = (files: ReadonlyMap<string, Uint8Array>, path: string): string =>
  present(fromUtf8(present(files.get(path), path)), 'text');

type Pack = {
  readonly bytes: Uint8Array;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly manifest: ArchiveManifest;
  readonly digest: string;
};

async function packOf(meeting: string): Promise<Pack> {
  const answer = await page(meeting, 'archive.zip');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-disposition')).toContain(`archive-${meeting}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const files = await unzipped(bytes);
  const manifest = present(files.get('manifest.json'), 'the manifest');
  return { bytes, files, manifest: archiveManifestForm.own(manifest), digest: hex(manifest) };
}

/** What holds of every pack: its digest on page and cover, its hashes, its proof, and nothing of a person or of the network. */
async function expectWhole(meeting: string, { bytes, files, manifest, digest }: Pack): Promise<void> {
  const shown = await (await page(meeting, 'archive')).text();
  expect(shown).toContain(digest);
  expect(shown).toContain(hex(bytes));
  const cover = textOf(files, 'cover.html');
  for (const said of [digest, manifest.root, `/meetings/${meeting}/archive<`, '<svg class="qr"'])
    expect(cover).toContain(said);
  const listed = manifest.files.map(({ path }) => path);
  expect(['cover.html', 'manifest.json', ...listed].sort()).toEqual([...files.keys()].sort());
  for (const { path, sha256 } of manifest.files)
    expect(sha256, path).toBe(hex(present(files.get(path), path)));
  const proven = verifyLogProof(
    present(files.get('log/entry.json'), 'entry'),
    textOf(files, 'log/entry.tlog-proof'),
    { logVkey: service.world.logVkey, witnesses: [], quorum: 0 },
  );
  expect(proven.ok && [proven.value.index, toBase64Url(proven.value.checkpoint.root)]).toEqual([
    manifest.index,
    manifest.root,
  ]);
  for (const path of [...files.keys()].filter((each) => each.endsWith('.html'))) {
    const html = textOf(files, path);
    expect(html, path).toMatch(/^<!doctype html><html lang="zh-CN">/);
    expect(html, path).not.toMatch(/<script|<link|<a |\ssrc=|\shref=|url\(|@import/i);
    expect(html, path).toContain('display:table-header-group');
  }
  for (const [path, content] of files)
    for (const { owner } of settled.codes) {
      const text = fromUtf8(content) ?? '';
      expect(text.includes(owner.name), `${path} names an owner`).toBe(false);
      expect(text.includes(owner.number), `${path} has a number`).toBe(false);
    }
}

async function countNow(): Promise<void> {
  service.clock.moveTo(opened.closesAt + 1000);
  await service.world.beatNow();
  for (const officer of Object.values(settled.officers)) await signInOfficer(service.world, officer);
  const { street } = settled.officers;
  const secret = toBase64Url(opened.boxSecret);
  const release = () =>
    street.client.post<{ act: string }>(`/v1/meetings/${opened.meeting}/box/release`, { secret });
  await actTogether(service.world, release, [street]);
  await service.world.beatNow();
}

describe('the archive pack', () => {
  let preliminary: Pack;

  it('is not there while a vote is open', async () => {
    const answer = await page(opened.meeting, 'archive.zip');
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      404,
      'RESULT_NOT_YET',
    ]);
    expect((await page(opened.meeting, 'archive')).status).toBe(404);
    expect(await (await page(opened.meeting, '')).text()).not.toContain('/archive"');
  });

  it('of a preliminary result is the same bytes each time, in any zone', async () => {
    await countNow();
    preliminary = await packOf(opened.meeting);
    await expectWhole(opened.meeting, preliminary);
    expect(preliminary.manifest.stage).toBe('preliminary');
    expect([...preliminary.files.keys()].filter((path) => path.startsWith('pages/'))).toEqual([
      'pages/delivery.html',
      'pages/minutes.html',
      'pages/notice.html',
      'pages/preliminary.html',
      'pages/roll.html',
    ]);
    service.clock.moveTo(service.clock() + 61_000);
    process.env['TZ'] = 'America/New_York';
    expect(hex((await packOf(opened.meeting)).bytes)).toBe(hex(preliminary.bytes));
    delete process.env['TZ'];
    service.clock.moveTo(service.clock() + 61_000);
    // Other entries of the log change nothing of it.
    await settled.officers.committee.client.post(
      `/v1/communities/${settled.community}/meetings`,
      meetingOf(service, settled),
    );
    await service.world.beatNow();
    expect(hex((await packOf(opened.meeting)).bytes)).toBe(hex(preliminary.bytes));
  });

  it('of a preliminary result follows an objection within a minute', async () => {
    const { code, owner } = present(settled.codes[0], 'an owner');
    const client = newClient(service);
    await signInOwner(service.world, client, { code, number: owner.number });
    await client.post(`/v1/meetings/${opened.meeting}/objections`, { text: '请说明报价。' });
    expect(hex((await packOf(opened.meeting)).bytes)).toBe(hex(preliminary.bytes));
    service.clock.moveTo(service.clock() + 61_000);
    const later = await packOf(opened.meeting);
    expect(later.digest).not.toBe(preliminary.digest);
    expect(textOf(later.files, 'pages/preliminary.html')).toContain('收到异议 1 件');
    const { objection } = present(
      (
        await settled.officers.committee.client.get<{ objections: { objection: string }[] }>(
          `/v1/meetings/${opened.meeting}/objections`,
        )
      ).objections[0],
      'it',
    );
    const decide = () =>
      settled.officers.committee.client.post<{ act: string }>(
        `/v1/meetings/${opened.meeting}/objections/${objection}/decision`,
        { decision: 'rejected', reason: '报价已公示。' },
      );
    await actTogether(service.world, decide, [settled.officers.committee]);
  });

  it('has the public records byte for byte, and their numbers in tables', async () => {
    const bundle = await exportBundle(service.service.deps, opened.meeting, 'public');
    if (!bundle.ok) throw new Error(bundle.refusal.code);
    const records = [...preliminary.files.keys()].filter(
      (path) => path.startsWith('data/') && !path.endsWith('-sums.json'),
    );
    expect(records).toContain('data/tally.json');
    expect(records).toContain('data/roll.jsonl');
    for (const path of records)
      expect(preliminary.files.get(path), path).toEqual(bundle.value.get(path.slice('data/'.length)));
    const record = tallyRecordForm.own(present(bundle.value.get('tally.json'), 'record'));
    const result = textOf(preliminary.files, 'tables/result.csv');
    expect(result.charCodeAt(0)).toBe(0xfeff);
    const [head = '', ...rows] = result.slice(1).trimEnd().split('\r\n');
    expect(head).toBe('序号,议题,结论,项目,人数,占比,面积（㎡）,占比');
    const sum = record.proposals.reduce((count, { options }) => count + options.length + 2, 0);
    expect(rows).toHaveLength(sum);
    const [first] = record.proposals;
    expect(rows[0]?.split(',')[4]).toBe(String(first?.options[0]?.heads));
    for (const name of ['conditions', 'channels', 'roll', 'deliveries', 'delivery-channels'])
      expect(textOf(preliminary.files, `tables/${name}.csv`).charCodeAt(0), name).toBe(0xfeff);
  });

  it('of a final result is kept as it was first made, and has both announcements', async () => {
    const { objectionsUntil } = await newClient(service).get<MeetingAnswer>(`/v1/meetings/${opened.meeting}`);
    service.clock.moveTo(Date.parse(objectionsUntil) + 60_000);
    await service.world.beatNow();
    for (const officer of Object.values(settled.officers)) await signInOfficer(service.world, officer);
    const { committee, street } = settled.officers;
    const final = () => committee.client.post<{ act: string }>(`/v1/meetings/${opened.meeting}/final`);
    await actTogether(service.world, final, [committee, street]);
    await service.world.beatNow();
    const { deps } = service.service;
    const assets = readAssets(join(packageRoot(), 'dist', 'web'), deps.deployment);
    const meeting = present(await readMeeting(deps.db, opened.meeting), 'it');
    // Whoever asks while it is made for the first time gets the very pack that is made.
    const made = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const archive = await archiveOf(deps, assets, meeting);
        if (!archive.ok) throw new Error(archive.refusal.code);
        return archive.value;
      }),
    );
    expect(new Set(made).size).toBe(1);
    const first = await packOf(opened.meeting);
    expect(first.bytes).toEqual(new Uint8Array(present(made[0], 'the pack').pack));
    await expectWhole(opened.meeting, first);
    expect(first.digest).not.toBe(preliminary.digest);
    expect(textOf(first.files, 'pages/final.html')).toContain('最终结果');
    expect(textOf(first.files, 'pages/preliminary.html')).toContain('初步结果，公示');
    expect(first.files.has('data/certificate.json')).toBe(true);
    // What a page shows of the meeting changes, as it would by another program; the pack does not.
    const shown = async () => (await page(opened.meeting, '')).text();
    const before = await shown();
    await service.fresh.owner
      .updateTable('meeting')
      .set((eb) => ({ objection_until_ms: eb('objection_until_ms', '+', BigInt(DAY_MS)) }))
      .where('meeting_id', '=', opened.meeting)
      .execute();
    expect(await shown()).not.toBe(before);
    expect(textOf(first.files, 'pages/preliminary.html')).toContain('以前，在表决页面或以书面向召集人提出');
    expect((await packOf(opened.meeting)).bytes).toEqual(first.bytes);
    const printed = execFileSync('sha256sum', {
      input: first.files.get('manifest.json') as Uint8Array,
      encoding: 'utf8',
    });
    expect(await (await page(opened.meeting, 'archive')).text()).toContain(printed.split(' ')[0]);
  });

  it('of a cancelled meeting has its notice and no result', async () => {
    const { committee, street } = settled.officers;
    const { meeting } = await committee.client.post<{ meeting: string }>(
      `/v1/communities/${settled.community}/meetings`,
      meetingOf(service, settled),
    );
    const draft = (step: string, body?: object) => () =>
      committee.client.post<{ act: string }>(`/v1/meetings/${meeting}/${step}`, body);
    await actTogether(service.world, draft('notice'), [committee, street]);
    await actTogether(service.world, draft('cancellation', { reason: '场地有变' }), [committee, street]);
    await service.world.beatNow();
    const pack = await packOf(meeting);
    await expectWhole(meeting, pack);
    expect(pack.manifest.stage).toBe('cancelled');
    const paths = [...pack.files.keys()];
    expect(paths).toContain('pages/notice.html');
    expect(paths.filter((path) => /final|preliminary|minutes|tally|roll\.jsonl/.test(path))).toEqual([]);
    expect(await (await page(meeting, '')).text()).toContain('/archive"');
  });
});
