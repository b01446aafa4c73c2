// Goal: what is served is small, hashed, and under the policy. Method: the whole service over plain HTTP; sizes are measured on
// the bytes that a browser would load.

import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromBase64, toBase64Url } from '../../src/base/bytes.ts';
import { actTogether } from '../../src/cli/demo/officer.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { packageRoot } from '../../src/package-root.ts';
import { publishedAssets } from '../../src/site/assets.ts';
import type { WebWorld } from './web-world.ts';
import { openMeeting, webWorld } from './web-world.ts';

const KIB = 1024;
/** DESIGN §3 asks for 32 KiB; why it is more is told in docs/decisions/pages.md and restored-casts.md. */
const VOTE_BUDGET = 56 * KIB;

describe('the served pages', () => {
  let world: WebWorld;
  let meeting: string;
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(world.demo.service.url + path, { headers, redirect: 'manual' });
  /** Tags of a document: what they load, and under which hash. */
  const tagsOf = (html: string) =>
    [
      ...html.matchAll(
        /<(?:link|script)[^>]*?(?:href|src)="(\/assets\/[^"]+)"[^>]*?integrity="sha256-([^"]+)"/g,
      ),
    ].map(([, path = '', hash = '']) => ({ path, hash }));
  beforeAll(async () => {
    world = await webWorld('pages');
    ({ meeting } = await openMeeting(world));
  });
  afterAll(async () => {
    await world?.close();
  });

  /** Bytes of a page with everything it loads, each file compressed as it is served. */
  async function weigh(path: string): Promise<number> {
    const html = await (await get(path)).text();
    let size = gzipSync(html, { level: 9 }).length;
    for (const tag of tagsOf(html)) {
      const response = await get(tag.path, { 'accept-encoding': 'gzip' });
      expect(response.headers.get('content-encoding')).toBe('gzip');
      size += gzipSync(new Uint8Array(await response.arrayBuffer()), { level: 9 }).length;
    }
    return size;
  }

  it('weigh no more than their budgets', async () => {
    const sizes = { vote: await weigh('/e'), public: await weigh(`/meetings/${meeting}`) };
    expect(sizes.vote, JSON.stringify(sizes)).toBeLessThanOrEqual(VOTE_BUDGET);
    expect(sizes.public, JSON.stringify(sizes)).toBeLessThanOrEqual(15 * KIB);
    // What an owner opens besides voting, and what officers work with: known weights, no promise of speed.
    expect(await weigh('/mine')).toBeLessThanOrEqual(68 * KIB);
    expect(await weigh('/console')).toBeLessThanOrEqual(120 * KIB);
    expect(await weigh('/console/letters')).toBeLessThanOrEqual(76 * KIB);
    expect(await weigh('/console/fund')).toBeLessThanOrEqual(56 * KIB);
  });

  it('carry the whole policy, and personal ones are never stored', async () => {
    for (const path of [
      '/',
      `/meetings/${meeting}`,
      '/assets-list',
      '/e',
      `/vote/${meeting}`,
      '/console',
      '/console/enrol',
      '/console/fund',
    ]) {
      const response = await get(path);
      expect(response.status, path).toBe(200);
      expect(response.headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
          "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
      );
      expect(response.headers.get('referrer-policy')).toBe('no-referrer');
      expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      const isPersonal = /^\/(e|vote|console)/.test(path);
      expect(response.headers.get('cache-control'), path).toBe(isPersonal ? 'no-store' : 'no-cache');
      const html = await response.text();
      expect(html).not.toMatch(/\sstyle="|\son[a-z]+="|<script(?![^>]*\ssrc=)|<style/);
      expect(html).toContain('<html lang="zh-Hans-CN">');
    }
  });

  it('load only files whose hashes stand in their tags and in the program list', async () => {
    const { deployment } = world.demo.service.deps;
    const assetsDir = join(packageRoot(), 'dist', 'web');
    const published = new Map(
      publishedAssets(assetsDir, deployment).map(({ path, sha256: hash }) => [path, hash]),
    );
    const list = await (await get('/assets-list')).text();
    for (const path of ['/e', '/console', '/console/fund', '/']) {
      const tags = tagsOf(await (await get(path)).text());
      expect(tags.length).toBeGreaterThan(1);
      for (const tag of tags) {
        const response = await get(tag.path);
        expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
        const bytes = new Uint8Array(await response.arrayBuffer());
        expect(sha256(bytes)).toEqual(fromBase64(tag.hash));
        expect(published.get(tag.path)).toBe(toBase64Url(sha256(bytes)));
        expect(list).toContain(tag.path);
      }
    }
  });

  it('publish the log key, the witnesses and the quorum as one of the files', async () => {
    const html = await (await get('/e')).text();
    const path = /data-trust="([^"]+)"/.exec(html)?.[1] ?? '';
    const bytes = new Uint8Array(await (await get(path)).arrayBuffer());
    const { origin, logVkey, witnesses, quorum } = world.demo.service.deps.deployment;
    expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual({ origin, logVkey, witnesses, quorum });
    const published = publishedAssets('/nowhere', { origin, logVkey, witnesses, quorum });
    expect(published).toEqual([{ path, sha256: toBase64Url(sha256(bytes)) }]);
    expect(html).toContain(`data-trust-integrity="sha256-`);
  });

  it('answer what does not exist with 404, and a draft like what does not exist', async () => {
    for (const path of [
      '/meetings/x',
      `/meetings/${world.community}`,
      '/vote/x',
      '/assets/none.js',
      '/assets/..%2fmanifest.json',
    ])
      expect((await get(path)).status, path).toBe(404);
    expect((await get('/vote')).headers.get('location')).toBe('/e');
  });

  it('escape what people typed', async () => {
    const { client } = world.officers.committee;
    const opens = world.demo.clock() + 3_600_000;
    const second = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;
    const hostile = '<img src=x onerror=alert(1)>"\'&';
    const proposal = {
      title: hostile,
      text: hostile,
      classes: ['M9'],
      scope: { kind: 'community', members: [] },
      form: 'motion',
      candidates: [],
      seats: 0,
      fund: [],
    };
    const { meeting: id } = await client.post<{ meeting: string }>(
      `/v1/communities/${world.community}/meetings`,
      {
        title: hostile,
        convener: hostile,
        profile: 'DEMO-CN-2021',
        parameters: {},
        publishedOn: new Date(world.demo.clock() + 8 * 3_600_000).toISOString().slice(0, 10),
        opens: second(opens),
        closes: second(opens + 3_600_000),
        noticeText: hostile,
        boxHolder: 'officer',
        proposals: [proposal],
      },
    );
    expect((await get(`/meetings/${id}`)).status).toBe(404);
    const draft = () => client.post<{ act: string }>(`/v1/meetings/${id}/notice`);
    const { committee, street } = world.officers;
    await actTogether(world.demo.world, draft, [committee, street]);
    const html = await (await get(`/meetings/${id}`)).text();
    expect(html).toContain('&lt;img src=x onerror=alert(1)>');
    expect(html).not.toContain('<img');
  });
});
