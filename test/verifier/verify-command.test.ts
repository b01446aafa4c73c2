// Goal: the command reads a bundle from disk, answers with its exit codes, and its report says what may be concluded and what may
// not. Method: the bundle of bundle-builder.ts in a temporary folder, honest and forged, through verifyCommand.
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { verifyCommand } from '../../src/cli/verify.ts';
import { ALWAYS_NOT_MADE, CHECKS } from '../../src/verifier/check-catalogue.ts';
import type { Check } from '../../src/verifier/notebook.ts';
import { buildBundle, writeBundle } from './bundle-builder.ts';

const written: { remove(): void }[] = [];
afterAll(() => {
  for (const one of written) one.remove();
});

function place(built = buildBundle()) {
  const one = writeBundle(built);
  written.push(one);
  return one;
}

async function run(...argv: readonly string[]) {
  let [stdout, stderr] = ['', ''];
  const code = await verifyCommand(argv, {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
  });
  return { code, stdout, stderr };
}

describe('owners-vote verify', () => {
  const honest = place();

  it('an honest bundle with its trust file exits 0, and every check that this version can make passes', async () => {
    const { code, stdout } = await run(honest.folder, '--trust', honest.trust, '--strict', '--json');
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as { ok: boolean; checks: Check[] };
    expect(report.ok).toBe(true);
    expect(report.checks.map(({ id }) => id)).toEqual(CHECKS.map(({ id }) => id));
    const never = new Set<string>([...Object.keys(ALWAYS_NOT_MADE), 'LOG-03', 'RCPT-01', 'SCAN-01']);
    for (const { id, outcome, remark } of report.checks) {
      expect(`${id} ${outcome}`).toBe(`${id} ${never.has(id) ? 'not made' : 'pass'}`);
      if (never.has(id)) expect(remark?.zh).toBeTruthy();
    }
  });
  it('without trust the report opens with it, prints fingerprints, and claims no more than consistency', async () => {
    const { code, stdout } = await run(honest.folder);
    expect(code).toBe(0);
    expect(stdout).toContain('TRUST-01 未确立 not established');
    expect(stdout.indexOf('not established')).toBeLessThan(stdout.indexOf('BND-01'));
    expect(stdout.match(/: [A-Za-z0-9_-]{43}$/gm)).toHaveLength(7);
    expect(stdout).toContain('Consistent, compared with nothing outside.');
    expect(stdout).not.toContain('against the trust file');
  });
  it('without trust --strict exits 1', async () => {
    expect((await run(honest.folder, '--strict')).code).toBe(1);
  });
  it('a forged bundle exits 1 and names check, place, expectation and finding', async () => {
    const forged = place(
      buildBundle({
        record: (record) => ({ ...record, voids: 2 }),
        signers: (names, step) => (step === 'pay' ? [] : names),
      }),
    );
    const { code, stdout } = await run(forged.folder, '--trust', forged.trust);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /TALLY-01 未通过 FAIL[\s\S]*tally\.json voids\n\s+应为 expected: 0\n\s+实为 found: 2/,
    );
    expect(stdout).toContain('核验未通过');
  });
  it('a demo root is said so in the report', async () => {
    const demo = place(
      buildBundle({
        entry: (entry) => (entry.kind === 'root.declared' ? { ...entry, demo: 'demo' } : entry),
        definition: (one) => ({ ...one, demoRoot: true }),
      }),
    );
    const { code, stdout } = await run(demo.folder);
    expect(code).toBe(0);
    expect(stdout).toContain('演示根密钥');
  });
  it('a receipt, a kept checkpoint and a log from a folder are taken from files', async () => {
    const built = buildBundle();
    const one = place(built);
    const [receipt, kept] = [join(one.root, 'receipt'), join(one.root, 'kept')];
    writeFileSync(receipt, built.receipt(built.castIndexes[0] ?? 0));
    writeFileSync(kept, built.files.get('log/checkpoints/12') ?? '');
    const log = join(one.folder, 'log');
    const args = ['--trust', one.trust, '--receipt', receipt, '--checkpoint', kept, '--log', log, '--json'];
    const { code, stdout } = await run(one.folder, ...args);
    expect(code).toBe(0);
    const { checks } = JSON.parse(stdout) as { checks: Check[] };
    for (const id of ['LOG-03', 'LOG-05', 'RCPT-01']) {
      expect(checks.find((check) => check.id === id)?.outcome).toBe('pass');
    }
  });
  it('a link in the bundle is not followed', async () => {
    const one = place();
    symlinkSync('/etc/hostname', join(one.folder, 'linked'));
    const { code, stdout } = await run(one.folder, '--trust', one.trust);
    expect(code).toBe(1);
    expect(stdout).toContain('a link or special file');
  });
  it('a folder that is missing, or holds no readable manifest, exits 2 with one sentence', async () => {
    const one = place();
    const missing = await run(join(one.root, 'nowhere'));
    writeFileSync(join(one.folder, 'manifest.json'), '{}');
    const unreadable = await run(one.folder);
    rmSync(join(one.folder, 'manifest.json'));
    const none = await run(one.folder);
    for (const { code, stdout, stderr } of [missing, unreadable, none]) {
      expect([code, stdout, stderr.split('\n').length]).toEqual([2, '', 2]);
    }
  });
  it('wrong usage, and files that cannot be read, exit 2', async () => {
    expect((await run()).code).toBe(2);
    expect((await run(honest.folder, honest.folder)).code).toBe(2);
    expect((await run(honest.folder, '--trsut', honest.trust)).code).toBe(2);
    const nowhere = join(honest.root, 'nowhere');
    for (const option of ['--trust', '--receipt', '--checkpoint']) {
      expect((await run(honest.folder, option, nowhere)).code).toBe(2);
    }
    expect((await run(honest.folder, '--trust', join(honest.folder, 'meeting.json'))).code).toBe(2);
    expect((await run('--help')).code).toBe(0);
  });
});
