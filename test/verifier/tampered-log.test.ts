// Goal: each check of completeness and of the log fails when its lie is told, and no other check is needed to see it. Method:
// the bundle of bundle-builder.ts with one lie; the exact list of failing checks is asserted, so a check cannot hide behind another.
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { withEvidence } from '../../src/record/entry.ts';
import type { LogReader } from '../../src/verifier/live-log.ts';
import { addManifest, buildBundle, publicBundle } from './bundle-builder.ts';
import { checksOf, editLines, failing, failuresOf, flipByte } from './failing-checks.ts';

const LAST_TILE = /^log\/tile\/0\/000\.p\//;
const ENTRY_TILE = /^log\/tile\/entries\//;
const pathOf = (files: Map<string, Uint8Array>, pattern: RegExp): string =>
  [...files.keys()].find((path) => pattern.test(path)) ?? '';

describe('the files of a bundle', () => {
  it('BND-01: a file that the manifest does not list is found', async () => {
    expect(await failing({ folder: (files) => files.set('extra.txt', new Uint8Array()) })).toEqual([
      'BND-01',
    ]);
  });
  it('BND-01: a file that is not as listed is found', async () => {
    expect(await failing({ folder: (files) => flipByte(files, 'keys.json', 3) })).toEqual(['BND-01']);
  });
  it('BND-01: a listed file that is missing is found', async () => {
    expect(await failing({ folder: (files) => files.delete('keys.json') })).toEqual(['BND-01']);
  });
  it('KIND-01: an unknown member of a record is found', async () => {
    const lie = (files: Map<string, Uint8Array>) =>
      editLines(files, 'persons.jsonl', (lines) => lines.map((line) => line.replace('{', '{"a":"b",')));
    expect(await failing({ files: lie })).toEqual(['KIND-01']);
  });
  it('KIND-01: an entry of an unknown kind is found', async () => {
    const lie = await failing({
      before: ({ log }, step) => {
        if (step === 'notice') log.appendBytes(new TextEncoder().encode('{"kind":"vote.forgotten","v":1}'));
      },
    });
    expect(lie).toEqual(['KIND-01']);
  });
  it('JCS-01: a record in another spelling is found', async () => {
    const lie = (files: Map<string, Uint8Array>) =>
      editLines(files, 'persons.jsonl', (lines) => lines.map((line) => line.replace(':', ': ')));
    expect(await failing({ files: lie })).toEqual(['JCS-01']);
  });
  it('a malformed file makes what depends on it "not made", never passed', async () => {
    const built = buildBundle({
      files: (files) => editLines(files, 'holders.jsonl', (lines) => lines.map((line) => line.slice(1))),
    });
    const checks = await checksOf(built);
    const outcome = (id: string) => checks.find((check) => check.id === id)?.outcome;
    expect(outcome('JCS-01')).toBe('fail');
    for (const id of ['ROLL-01', 'ROLL-04', 'CAST-02', 'LET-02']) expect(outcome(id)).toBe('not made');
    expect(outcome('TALLY-02')).toBe('pass');
  });
  it('a public bundle passes, and what it cannot show is "not made"', async () => {
    const built = publicBundle(buildBundle());
    const checks = await checksOf(built);
    expect(checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
    const outcome = (id: string) => checks.find((check) => check.id === id)?.outcome;
    for (const id of [
      'CAST-01',
      'CAST-03',
      'CRED-01',
      'LET-01',
      'BOX-01',
      'TALLY-02',
      'ROLL-01',
      'ROLL-04',
    ]) {
      expect(`${id} ${outcome(id)}`).toBe(`${id} not made`);
    }
    for (const id of ['LOG-02', 'LOG-04', 'ACT-02', 'ROLL-02', 'CERT-02', 'FUND-02']) {
      expect(`${id} ${outcome(id)}`).toBe(`${id} pass`);
    }
  });
});

describe('the log of a bundle', () => {
  it('LOG-01: a cast taken out of the bundle is missed, and the result no longer follows', async () => {
    const lie = (files: Map<string, Uint8Array>) =>
      editLines(files, 'casts.jsonl', (lines) => lines.filter((_, at) => at !== 4));
    expect(await failing({ files: lie })).toEqual(['LOG-01', 'TALLY-02']);
  });
  it('LOG-01: a line without an entry is found', async () => {
    const lie = (files: Map<string, Uint8Array>) =>
      editLines(files, 'objections.jsonl', (lines) => [
        ...lines,
        (lines[0] ?? '').replace('"decision":"', '"decision":"AAAA'),
      ]);
    expect(await failing({ files: lie })).toContain('LOG-01');
  });
  it('LOG-01: actions that the log names must be there', async () => {
    const lie = (files: Map<string, Uint8Array>) =>
      editLines(files, 'actions.jsonl', (lines) => lines.slice(0, -1));
    expect(await failing({ files: lie })).toEqual(['LOG-01', 'ACT-01', 'FUND-02']);
  });
  it('LOG-02: a wrong count of votes in the final result is found', async () => {
    const lie = await failing({
      entry: (entry, step) =>
        step === 'final' && entry.kind === 'tally.final'
          ? { ...entry, votes: { ...entry.votes, count: entry.votes.count - 1 } }
          : entry,
    });
    expect(lie).toEqual(['LOG-02']);
  });
  it('LOG-02 and CAST-03: a vote accepted after the close is found', async () => {
    const lie = await failing({
      before: ({ log, random, meeting }, step) => {
        if (step !== 'box') return;
        const late = { v: 1, kind: 'cast.accepted', meeting, entitlement: 'a'.repeat(26), seq: 1 } as const;
        log.append(withEvidence({ ...late, castHash: toBase64Url(random(32)) }, [toBase64Url(random(32))]));
      },
    });
    expect(lie).toEqual(['LOG-01', 'LOG-02', 'CAST-03']);
  });
  it('LOG-04: a byte of a vote in the log is noticed', async () => {
    const lie = await failing({
      files: (files) => {
        const path = pathOf(files, ENTRY_TILE);
        // A letter within the first castHash, which stays a hash.
        const bytes = Uint8Array.from(files.get(path) ?? []);
        const at = new TextDecoder('latin1').decode(bytes).indexOf('"castHash":"') + 20;
        bytes[at] = bytes[at] === 0x41 ? 0x42 : 0x41;
        files.set(path, bytes);
      },
    });
    expect(lie).toEqual(['LOG-01', 'LOG-02', 'SEEN-01', 'TALLY-02', 'LOG-04', 'LOG-05', 'LOG-06']);
  });
  it('LOG-04: entries in another order are noticed', async () => {
    const built = buildBundle();
    const files = new Map(built.files);
    const path = pathOf(files, ENTRY_TILE);
    const tile = files.get(path) ?? new Uint8Array();
    const size = (at: number): number => 2 + (tile[at] ?? 0) * 256 + (tile[at + 1] ?? 0);
    let at = 0;
    for (let i = 0; i < 12; i += 1) at += size(at);
    const [first, second] = [size(at), size(at + size(at))];
    const swapped = Uint8Array.from(tile);
    swapped.set(tile.subarray(at + first, at + first + second), at);
    swapped.set(tile.subarray(at, at + first), at + second);
    files.set(path, swapped);
    addManifest(files, built.world.meeting, 'auditor');
    expect(await failuresOf({ ...built, files })).toEqual(
      expect.arrayContaining(['LOG-04', 'LOG-06', 'SEEN-01']),
    );
  });
  it('LOG-04 and LOG-06: a truncated hash tile is noticed', async () => {
    const built = buildBundle({
      files: (files) => {
        const path = pathOf(files, LAST_TILE);
        files.set(path, (files.get(path) ?? new Uint8Array()).slice(0, -32));
      },
    });
    const checks = await checksOf(built);
    expect(checks.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id)).toEqual(['LOG-04']);
    expect(checks.find(({ id }) => id === 'LOG-06')?.outcome).toBe('not made');
  });
  it('LOG-04: a truncated tile of entries leaves nothing to judge', async () => {
    const built = buildBundle({
      files: (files) => {
        const path = pathOf(files, ENTRY_TILE);
        files.set(path, (files.get(path) ?? new Uint8Array()).slice(0, -1));
      },
    });
    const checks = await checksOf(built);
    expect(checks.filter(({ outcome }) => outcome === 'pass').map(({ id }) => id)).toEqual([
      'BND-01',
      'KIND-01',
      'JCS-01',
    ]);
  });
  it('LOG-06: an entry that the hash tiles do not hold is not included', async () => {
    expect(await failing({ files: (files) => flipByte(files, pathOf(files, LAST_TILE), 14 * 32) })).toEqual([
      'LOG-04',
      'LOG-06',
    ]);
  });
  it('LOG-04: a checkpoint of another key is refused', async () => {
    const other = buildBundle({ parameters: { noticeDays: 16 } });
    const built = buildBundle();
    const trust = { ...built.trust, logVkey: built.trust.logVkey.replace(/\+[0-9a-f]{8}\+/, '+00000000+') };
    expect(await failuresOf(built, { trust })).toEqual(
      expect.arrayContaining(['LOG-04', 'LOG-05', 'TRUST-01']),
    );
    expect(other.trust.logVkey).toBe(built.trust.logVkey);
  });
  it('LOG-05: another history under the same key is found by a checkpoint that the user kept', async () => {
    const kept = buildBundle({ parameters: { noticeDays: 16 } });
    const note = new TextDecoder().decode(kept.files.get('log/checkpoints/20'));
    const built = buildBundle();
    const given = { trust: built.trust, checkpoint: { path: 'kept', note } };
    expect(await failuresOf(built, given)).toEqual(['LOG-05']);
  });
  it('LOG-05: a checkpoint of this history passes, one of a longer log is not made', async () => {
    const built = buildBundle();
    const note = (path: string, of = built) => new TextDecoder().decode(of.files.get(path));
    const own = { path: 'kept', note: note('log/checkpoints/19') };
    expect(await failuresOf(built, { trust: built.trust, checkpoint: own })).toEqual([]);
    const shorter = buildBundle({ casts: [] });
    const checks = await checksOf(shorter, { checkpoint: { path: 'kept', note: note('log/checkpoint') } });
    expect(checks.find(({ id }) => id === 'LOG-05')?.outcome).toBe('not made');
  });
});

describe('what others kept', () => {
  const built = buildBundle();
  const utf8 = (text: string) => new TextEncoder().encode(text);
  const cast = built.castIndexes[4] ?? 0;

  it('RCPT-01: a receipt of this log passes, bare and with its entry', async () => {
    const proof = built.receipt(cast);
    const entry = toBase64Url(built.world.log.entries[cast] ?? new Uint8Array());
    for (const receipt of [utf8(proof), utf8(JSON.stringify({ entry, proof }))]) {
      const checks = await checksOf(built, { trust: built.trust, receipt });
      const check = checks.find(({ id }) => id === 'RCPT-01');
      expect(check?.outcome).toBe('pass');
      expect(check?.remark?.en).toContain('is counted');
    }
  });
  it('RCPT-01: a receipt of a replaced cast says so', async () => {
    const receipt = utf8(built.receipt(built.castIndexes[1] ?? 0));
    const checks = await checksOf(built, { trust: built.trust, receipt });
    expect(checks.find(({ id }) => id === 'RCPT-01')?.remark?.en).toContain('a later cast replaced it');
  });
  it('RCPT-01: a receipt of another history, a foreign entry and a malformed file fail', async () => {
    const other = buildBundle({ parameters: { noticeDays: 16 } });
    const foreign = utf8(other.receipt(cast));
    const proof = built.receipt(cast);
    const wrong = utf8(JSON.stringify({ entry: toBase64Url(utf8('{}')), proof }));
    for (const receipt of [foreign, wrong, utf8('receipt'), utf8('{"entry":1}')]) {
      expect(await failuresOf(built, { trust: built.trust, receipt })).toEqual(['RCPT-01']);
    }
  });

  const readerOf =
    (from: ReadonlyMap<string, Uint8Array>): LogReader =>
    async (path) =>
      from.get(`log/${path}`);
  it('LOG-03: the same log, or one with entries of others behind, passes', async () => {
    const own = buildBundle();
    const { log } = own.world;
    const assets = {
      v: 1,
      kind: 'assets.published',
      files: [{ path: 'a.js', sha256: 'A'.repeat(43) }],
    } as const;
    log.append(withEvidence(assets, []));
    log.publish('2026-12-24T00:00:00Z');
    const files = new Map<string, Uint8Array>();
    log.write(files);
    for (const liveLog of [readerOf(own.files), readerOf(files)]) {
      const checks = await checksOf(own, { trust: own.trust, liveLog });
      expect(checks.find(({ id }) => id === 'LOG-03')?.outcome).toBe('pass');
    }
  });
  it('LOG-03: a vote of this meeting behind the bundle, a fork, a shorter and no log fail', async () => {
    const own = buildBundle();
    const { log, meeting } = own.world;
    const late = { v: 1, kind: 'cast.accepted', entitlement: 'a'.repeat(26), seq: 1 } as const;
    const castHash = 'A'.repeat(43);
    log.append(withEvidence({ ...late, meeting, castHash }, [castHash]));
    log.publish('2026-12-24T00:00:00Z');
    const files = new Map<string, Uint8Array>();
    log.write(files);
    const fork = buildBundle({ parameters: { noticeDays: 16 } });
    const shorter = buildBundle({ casts: [] });
    for (const other of [files, fork.files, shorter.files, new Map()]) {
      expect(await failuresOf(own, { trust: own.trust, liveLog: readerOf(other) })).toEqual(['LOG-03']);
    }
  });
});
