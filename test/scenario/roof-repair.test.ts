// Goal: a roof is repaired: register, letters, notice, ballots, count, objection, final result, fund – told over HTTP by the demo's
// own story – and an outsider verifies it from the bundle alone, but not one byte of it can be changed. Method: the bundle of the
// running service on disk, the command `verify`, and forgeries whose manifest is made right again.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReceiptAnswer } from '../../src/ballot/contract.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url, utf8 } from '../../src/base/bytes.ts';
import type { Canonical } from '../../src/base/canonical.ts';
import { canonicalBytes, parseCanonical } from '../../src/base/canonical.ts';
import type { BundleFiles } from '../../src/bundle/exporting.ts';
import { exportBundle, exportTrust } from '../../src/bundle/exporting.ts';
import { writeBundle } from '../../src/bundle/writing.ts';
import type { Told } from '../../src/cli/demo/story.ts';
import { tellStory } from '../../src/cli/demo/story.ts';
import { verifyCommand } from '../../src/cli/verify.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { manifestForm } from '../../src/record/manifest.ts';
import { participationForm } from '../../src/record/tally-record.ts';
import { trustForm } from '../../src/record/trust.ts';
import type { CheckId } from '../../src/verifier/check-catalogue.ts';
import { verifyBundle } from '../../src/verifier/verify.ts';
import { newClient } from '../ballot/voting-world.ts';
import type { TestService } from '../support/service.ts';
import { startTestService } from '../support/service.ts';

let service: TestService;
let told: Told;
let folder: string;
let bundle: BundleFiles;
let trustFile: string;
let bundlePath: string;

beforeAll(async () => {
  service = await startTestService();
  told = await tellStory({ demo: service, seed: 'roof', units: 24, phase: () => undefined });
  folder = mkdtempSync(join(tmpdir(), 'owners-vote-roof-'));
  bundle = await exported('auditor');
  bundlePath = await written('auditor', bundle);
  const trust = await exportTrust(service.service.deps, told.meeting);
  if (!trust.ok) throw new Error(trust.refusal.code);
  trustFile = join(folder, 'trust.json');
  writeFileSync(trustFile, trust.value);
}, 120_000);
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

async function exported(audience: 'auditor' | 'public'): Promise<BundleFiles> {
  const files = await exportBundle(service.service.deps, told.meeting, audience);
  if (!files.ok) throw new Error(files.refusal.code);
  return files.value;
}

async function written(name: string, files: BundleFiles): Promise<string> {
  const path = join(folder, name);
  const done = await writeBundle(files, path);
  if (!done.ok) throw new Error(done.refusal.code);
  return path;
}

async function verify(...argv: string[]): Promise<{ code: number; text: string }> {
  let text = '';
  const write = (part: string): void => {
    text += part;
  };
  const code = await verifyCommand(argv, { stdout: write, stderr: write });
  return { code, text };
}

describe('the meeting', () => {
  it('ends with a final result and a certificate', () => {
    expect(told.result.stage).toBe('final');
    expect(told.casts).toBeGreaterThan(15);
    expect(told.result.objections).toEqual([{ objection: expect.any(String) as string, decided: true }]);
  });

  it('verifies under trust from outside', async () => {
    const { code, text } = await verify(bundlePath, '--trust', trustFile);
    expect(text).not.toContain('FAIL');
    expect(code).toBe(0);
    expect(text).toContain('demo root');
  });

  it('verifies under trust and --strict', async () => {
    expect((await verify(bundlePath, '--trust', trustFile, '--strict')).code).toBe(0);
  });

  it('without trust says so first, and is refused by --strict', async () => {
    const { code, text } = await verify(bundlePath);
    expect(code).toBe(0);
    expect(text).toMatch(/^.*\n.*\n\nTRUST-01 .*not established/);
    expect((await verify(bundlePath, '--strict')).code).toBe(1);
  });

  it('fails under the trust of another deployment', async () => {
    const parsed = trustForm.parse(new Uint8Array(readFileSync(trustFile)));
    if (!parsed.ok) throw new Error('the trust file is malformed');
    const other = join(folder, 'other-trust.json');
    writeFileSync(
      other,
      trustForm.bytes({ ...parsed.value, roots: [toBase64Url(new Uint8Array(32).fill(9))] }),
    );
    const { code, text } = await verify(bundlePath, '--trust', other);
    expect(code).toBe(1);
    expect(text).toContain('TRUST-01');
  });

  it('verifies for the public, which is told what it cannot check', async () => {
    const files = await exported('public');
    expect([...files.keys()]).not.toContain('casts.jsonl');
    expect([...files.keys()]).not.toContain('persons.jsonl');
    const path = await written('public', files);
    const { code, text } = await verify(path, '--trust', trustFile, '--json');
    expect(code).toBe(0);
    const { checks } = JSON.parse(text) as { checks: { id: string; outcome: string }[] };
    const notMade = checks.filter(({ outcome }) => outcome === 'not made').map(({ id }) => id);
    expect(notMade).toContain('CAST-01');
    const passed = checks.filter(({ outcome }) => outcome === 'pass').map(({ id }) => id);
    for (const id of ['LOG-04', 'ROLL-02', 'TRUST-01', 'CERT-01']) expect(passed).toContain(id);
    expect(checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
  });

  it('holds the receipt that an owner kept, and no receipt of another log', async () => {
    const list = participationForm.parse(present(bundle.get('participation.json'), 'a file'));
    if (!list.ok) throw new Error('malformed');
    const { castHash } = present(list.value.took[0], 'somebody took part');
    const { entry, proof } = await newClient(service).get<ReceiptAnswer>(
      `/v1/meetings/${told.meeting}/casts/${castHash}/receipt`,
    );
    const kept = join(folder, 'receipt.json');
    writeFileSync(kept, JSON.stringify({ entry, proof }));
    const { code, text } = await verify(bundlePath, '--trust', trustFile, '--receipt', kept);
    expect({ code, has: text.includes('RCPT-01') }).toEqual({ code: 0, has: true });
    const bytes = Uint8Array.from(present(fromBase64Url(entry), 'bytes'));
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    writeFileSync(kept, JSON.stringify({ entry: toBase64Url(bytes), proof }));
    const forged = await verify(bundlePath, '--trust', trustFile, '--receipt', kept);
    expect(forged.code).toBe(1);
    expect(forged.text).toMatch(/RCPT-01/);
  });

  it('is not written over something else', async () => {
    expect(await writeBundle(bundle, bundlePath)).toMatchObject({
      ok: false,
      refusal: { code: 'OUT_NOT_EMPTY' },
    });
    expect(await writeBundle(bundle, join(trustFile, 'below'))).toMatchObject({
      ok: false,
      refusal: { code: 'OUT_UNWRITABLE' },
    });
  });

  it('has no bundle before it is counted, and none where it does not exist', async () => {
    const { deps } = service.service;
    const nowhere = await exportBundle(deps, 'a'.repeat(26), 'public');
    expect(nowhere).toMatchObject({ ok: false, refusal: { code: 'MEETING_UNKNOWN' } });
    expect(await exportTrust(deps, 'a'.repeat(26))).toMatchObject({
      ok: false,
      refusal: { code: 'MEETING_UNKNOWN' },
    });
  });
});

/** The manifest made right again over changed files: what a clever forger does. */
function withManifest(files: BundleFiles): BundleFiles {
  const manifest = manifestForm.parse(present(files.get('manifest.json'), 'a manifest'));
  if (!manifest.ok) throw new Error('malformed');
  const listed = [...files.keys()]
    .filter((path) => path !== 'manifest.json')
    .sort((a, b) => (a < b ? -1 : 1))
    .map((path) => ({ path, sha256: toBase64Url(sha256(present(files.get(path), path))) }));
  return new Map([...files, ['manifest.json', manifestForm.bytes({ ...manifest.value, files: listed })]]);
}

type Members = { readonly [member: string]: Canonical };

const objectOf = (bytes: Uint8Array): Members => present(parseCanonical(bytes), 'canonical') as Members;

/** Changes one line of a file of lines. */
function changeLine(files: BundleFiles, path: string, at: number, change: (line: Members) => Members): void {
  const lines = new TextDecoder()
    .decode(present(files.get(path), path))
    .split('\n')
    .slice(0, -1);
  const changed = lines.map((line, index) =>
    index === at ? new TextDecoder().decode(canonicalBytes(change(objectOf(utf8(line))))) : line,
  );
  files.set(path, utf8(changed.map((line) => `${line}\n`).join('')));
}

function changeFile(files: BundleFiles, path: string, change: (value: Members) => Members): void {
  files.set(path, canonicalBytes(change(objectOf(present(files.get(path), path)))));
}

const flipped = (text: string): string => {
  const bytes = Uint8Array.from(present(fromBase64Url(text), 'bytes'));
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
  return toBase64Url(bytes);
};

const inside = (text: Canonical | undefined): Members =>
  objectOf(present(fromBase64Url(String(text)), 'bytes'));

async function failures(change: (files: BundleFiles) => void): Promise<readonly CheckId[]> {
  const files: BundleFiles = new Map(bundle);
  change(files);
  const trust = trustForm.parse(new Uint8Array(readFileSync(trustFile)));
  if (!trust.ok) throw new Error('malformed');
  const report = await verifyBundle({ files: withManifest(files), irregular: [] }, { trust: trust.value });
  if (!report.ok) throw new Error(report.refusal.code);
  return report.value.checks.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);
}

/** The last tile of entries, which is the one that is truncated. */
const entryTile = (files: BundleFiles): string =>
  present(
    [...files.keys()]
      .filter((path) => path.startsWith('log/tile/entries/'))
      .sort()
      .at(-1),
    'a tile',
  );

describe('a forged bundle', () => {
  it('that is not forged fails nothing, so that the rest fails for its own reason', async () => {
    expect(await failures(() => undefined)).toEqual([]);
  });

  it.each<readonly [string, CheckId, (files: BundleFiles) => void]>([
    [
      'one byte of a sealed vote',
      'LOG-01',
      (files) =>
        changeLine(files, 'casts.jsonl', 3, (line) => {
          const cast = inside(line['cast']);
          const answers = (cast['answers'] as Members[]).map((answer, at) =>
            at === 0 ? { ...answer, sealed: flipped(String(answer['sealed'])) } : answer,
          );
          return { ...line, cast: toBase64Url(canonicalBytes({ ...cast, answers })) };
        }),
    ],
    [
      'one byte of a signature',
      'CAST-01',
      (files) =>
        changeLine(files, 'casts.jsonl', 3, (line) => {
          const signature = line['signature'] as Members;
          return { ...line, signature: { ...signature, signature: flipped(String(signature['signature'])) } };
        }),
    ],
    [
      'a vote left out',
      'LOG-01',
      (files) => {
        const text = new TextDecoder().decode(present(files.get('casts.jsonl'), 'casts'));
        files.set('casts.jsonl', utf8(text.split('\n').toSpliced(2, 1).join('\n')));
      },
    ],
    [
      'a vote twice',
      'LOG-01',
      (files) => {
        const lines = new TextDecoder().decode(present(files.get('casts.jsonl'), 'casts')).split('\n');
        files.set('casts.jsonl', utf8([lines[0], ...lines].join('\n')));
      },
    ],
    [
      'an area on the roll',
      'ROLL-04',
      (files) =>
        changeLine(files, 'roll.jsonl', 0, (leaf) => ({
          ...leaf,
          units: (leaf['units'] as Members[]).map((unit) => ({ ...unit, areaDm2: '99999' })),
        })),
    ],
    [
      'a number of the tally',
      'TALLY-02',
      (files) =>
        changeFile(files, 'tally.json', (tally) => ({
          ...tally,
          proposals: (tally['proposals'] as Members[]).map((proposal, at) =>
            at === 0
              ? { ...proposal, consenting: { ...(proposal['consenting'] as Members), areaDm2: '1' } }
              : proposal,
          ),
        })),
    ],
    [
      'the number of voids in the record',
      'TALLY-01',
      (files) => changeFile(files, 'tally.json', (tally) => ({ ...tally, voids: 1 })),
    ],
    [
      'the last tile of the log cut short',
      'LOG-04',
      (files) => {
        const path = entryTile(files);
        files.set(path, present(files.get(path), path).slice(0, -40));
      },
    ],
    [
      'one byte of an entry in the log',
      'LOG-04',
      (files) => {
        const path = entryTile(files);
        const bytes = Uint8Array.from(present(files.get(path), path));
        const at = new TextDecoder('latin1').decode(bytes).indexOf('"seq":1');
        bytes[at + 6] = '2'.charCodeAt(0);
        files.set(path, bytes);
      },
    ],
    [
      'the record of a payment',
      'LOG-01',
      (files) => {
        const lines = new TextDecoder().decode(present(files.get('fund.jsonl'), 'fund')).split('\n');
        const at = lines.findLastIndex((line) => line.includes('fund-entry'));
        changeLine(files, 'fund.jsonl', at, (line) => {
          const text = new TextDecoder().decode(canonicalBytes(inside(line['record'])));
          const forged = text.replace(/"amountFen":"(\d+)"/, (_, fen: string) => `"amountFen":"${fen}0"`);
          expect(forged).not.toBe(text);
          return { ...line, record: toBase64Url(utf8(forged)) };
        });
      },
    ],
    [
      'the reason of a decision on an objection',
      'LOG-01',
      (files) =>
        changeLine(files, 'objections.jsonl', 0, (line) => ({
          ...line,
          decision: toBase64Url(canonicalBytes({ ...inside(line['decision']), reason: '另一理由' })),
        })),
    ],
    [
      'the text of the notice',
      'MEET-01',
      (files) => {
        const path = present(
          [...files.keys()].find((each) => each.startsWith('notice/')),
          'a text',
        );
        files.set(path, utf8('另一公告'));
      },
    ],
  ])('with %s changed fails %s', async (_, check, change) => {
    expect(await failures(change)).toContain(check);
  });

  it('with an old manifest fails BND-01, by the command with exit 1', async () => {
    const files: BundleFiles = new Map(bundle);
    files.set('tally.json', utf8('{}'));
    const path = await written('careless', files);
    const { code, text } = await verify(path, '--trust', trustFile);
    expect(code).toBe(1);
    expect(text).toContain('BND-01');
  });
});
