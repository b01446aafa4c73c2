// Goal: the outside client refuses missing or wrong cosignatures, another history than the one that was kept, receipts that do not hold,
// and servers that mislead (SPEC 7.1, 7.3, 7.4). Method: copies of a served log, checkpoints and receipts that a test signs, and a server
// of this file that does with HTTP what a hostile or broken one would.
import type { Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromBase64, toBase64, utf8 } from '../../src/base/bytes.ts';
import { witnessKey } from '../../src/record/checkpoint.ts';
import { inclusionProof, leafHash } from '../../src/record/merkle.ts';
import { printVkey } from '../../src/record/note.ts';
import { printLogProof } from '../../src/record/proof.ts';
import { LOG_ORIGIN } from '../support/log.ts';
import { numberedEntry, numberedLeaves, treeOf } from '../support/tlog-vectors.ts';
import { bend, checkpointOf, cosigned, flip, put, signText, take } from './log-copy.ts';
import type { OutsideAnswer, OutsideCheck } from './run-log-client.ts';
import { checkLogOutside, pythonHere } from './run-log-client.ts';
import {
  entries,
  failedWords,
  OTHER_SEED,
  SIZE,
  served,
  straightLog,
  vkey,
  withNote,
} from './straight-log.ts';

// Each check is a process of its own, which a busy machine may start slowly.
vi.setConfig({ testTimeout: 120_000 });
const python = await pythonHere();
const log = straightLog(python);

describe.runIf(python)('cosignatures', () => {
  const NAMES = ['witness.example/a', 'witness.example/b'] as const;
  const seedOf = (name: string): Uint8Array => new Uint8Array(32).fill(name.charCodeAt(name.length - 1));
  const witnesses = NAMES.map((name) => printVkey(witnessKey(name, seedOf(name))));
  const by = (note: string, name: string, at = 1_700_000_000): string =>
    cosigned(note, name, seedOf(name), at);

  it('are counted with their times, and fewer than wanted are refused', async () => {
    const both = by(by(log.note(), NAMES[0]), NAMES[1], 1_700_000_060);
    const dir = log.copy();
    put(dir, 'checkpoint', both);
    const answer = await checkLogOutside({ dir, vkey, witnesses });
    expect(answer.code).toBe(0);
    expect(answer.out).toContain(
      'the checkpoint by 2, 2 wanted: witness.example/a at 2023-11-14T22:13:20Z, witness.example/b at 2023-11-14T22:14:20Z\n',
    );
    const one = withNote(by(log.note(), NAMES[0]));
    expect(await log.wordsAfter(one, { witnesses })).toEqual(['QUORUM_SHORT']);
    expect(await log.wordsAfter(one, { witnesses, quorum: 1 })).toEqual([]);
    const twice = withNote(by(by(log.note(), NAMES[0]), NAMES[0], 1_700_000_001));
    expect(await log.wordsAfter(twice, { witnesses })).toEqual(['QUORUM_SHORT']);
  });

  it('are refused where they cover another time, another text, or have another form', async () => {
    const note = by(log.note(), NAMES[0]);
    const coded = /^— witness\S+ (\S+)$/m.exec(note)?.[1] ?? '';
    const bytes = present(fromBase64(coded), 'base64');
    const withBytes = (other: Uint8Array) => withNote(note.replace(coded, toBase64(other)));
    const more = { witnesses, quorum: 1 };
    expect(await log.wordsAfter(withBytes(flip(11)(bytes)), more)).toEqual(['COSIGNATURE_WRONG']);
    expect(await log.wordsAfter(withBytes(bytes.subarray(0, 75)), more)).toEqual(['COSIGNATURE_LENGTH']);
    expect(await log.wordsAfter(withBytes(bytes.with(4, 0x80)), more)).toEqual(['COSIGNATURE_TIME']);
    const other = by(checkpointOf(entries.slice(0, 400)), NAMES[0])
      .split('\n')
      .at(-2);
    expect(await log.wordsAfter(withNote(`${log.note()}${other}\n`), more)).toEqual(['COSIGNATURE_WRONG']);
  });

  it('need witnesses that are several, and keys that are of their kind', async () => {
    const ask = async (check: Partial<OutsideCheck>): Promise<OutsideAnswer> =>
      checkLogOutside({ dir: log.folder(), vkey, ...check });
    const [first = ''] = witnesses;
    const renamed = printVkey({ ...witnessKey('witness.example/z', seedOf(NAMES[0])) });
    for (const [check, word] of [
      [{ witnesses: [first, renamed] }, 'WITNESS_TWICE'],
      [{ witnesses: [first], quorum: 2 }, 'QUORUM_IMPOSSIBLE'],
      [{ witnesses: [vkey] }, 'VKEY_TYPE'],
      [{ vkey: first }, 'VKEY_TYPE'],
      [{ vkey: vkey.replace(/\+[0-9a-f]{8}\+/, '+00000000+') }, 'VKEY_ID'],
      [{ vkey: 'vote.example/log' }, 'VKEY_MALFORMED'],
    ] as const) {
      const answer = await ask(check);
      expect(answer.out).toContain(`cannot check: ${word}`);
      expect(answer.code).toBe(2);
    }
  });
});

describe.runIf(python)('a history that is not the one that was kept', () => {
  const other = entries.with(100, utf8('another entry'));

  it('is refused: a fork, a shrunken log, a rewritten beginning', async () => {
    expect(await log.wordsAfter(() => undefined, { formerCheckpoint: checkpointOf(other) })).toEqual([
      'FORK',
    ]);
    const longer = [...entries, utf8('one more')];
    expect(await log.wordsAfter(() => undefined, { formerCheckpoint: checkpointOf(longer) })).toEqual([
      'SHRUNK',
    ]);
    const before = checkpointOf(other.slice(0, 400));
    expect(await log.wordsAfter(() => undefined, { formerCheckpoint: before })).toEqual([
      'HISTORY_REWRITTEN',
    ]);
    const unborn = signText(`${LOG_ORIGIN}\n0\n${toBase64(new Uint8Array(32))}\n`);
    expect(await log.wordsAfter(() => undefined, { formerCheckpoint: unborn })).toEqual([
      'HISTORY_REWRITTEN',
    ]);
  });

  it('is not shown by a former checkpoint that the log did not sign', async () => {
    const formerCheckpoint = checkpointOf(other, OTHER_SEED);
    expect(await log.wordsAfter(() => undefined, { formerCheckpoint })).toEqual(['NOTE_UNSIGNED']);
  });

  it('is still seen by tiles alone, where an entry cannot be read', async () => {
    const cut = (folder: string): void => bend(folder, 'tile/entries/001', (bytes) => bytes.slice(0, -1));
    const before = checkpointOf(other.slice(0, 400));
    expect(await log.wordsAfter(cut, { formerCheckpoint: before })).toEqual([
      'BUNDLE_TRUNCATED',
      'CONSISTENCY_WRONG',
    ]);
  });

  it('is seen by an entry, or a leaf hash, that is gone', async () => {
    const gone = utf8('promised');
    expect(await log.wordsAfter(() => undefined, { entries: [gone] })).toEqual(['NOT_INCLUDED']);
    const leaves = [...numberedLeaves(3), leafHash(gone)].map((leaf) => Buffer.from(leaf).toString('hex'));
    expect(await log.wordsAfter(() => undefined, { leaves })).toEqual(['NOT_INCLUDED']);
    expect(await log.wordsAfter(() => undefined, { leaves: leaves.slice(0, 3) })).toEqual([]);
  });
});

describe.runIf(python)('a receipt', () => {
  const read = treeOf(numberedLeaves(SIZE));
  const proofAt = (index: number, size = SIZE, note = checkpointOf(entries.slice(0, size))): string =>
    printLogProof({ index, proof: inclusionProof(index, size, read), note });
  const wordsOf = async (
    proof: string | Uint8Array,
    entry = numberedEntry(300),
  ): Promise<readonly string[]> => {
    const answer = await checkLogOutside({ vkey, receipts: [{ proof, entry }] });
    const words = failedWords(answer);
    expect(answer.code, answer.out).toBe(words.length > 0 ? 1 : 0);
    return words;
  };

  it('holds alone and beside the log', async () => {
    expect(await wordsOf(proofAt(300))).toEqual([]);
    expect(await wordsOf(proofAt(300, 301))).toEqual([]);
    const receipts = [{ proof: proofAt(300, 400), entry: numberedEntry(300) }];
    const answer = await checkLogOutside({ dir: log.folder(), vkey, receipts });
    expect(answer.out).toContain('ok   RECEIPT  receipt receipt-0.tlog-proof: entry 300 of 400\n');
    expect(answer.out).toContain(
      'receipt receipt-0.tlog-proof: size 400 is a prefix, by entries and tiles\n',
    );
    expect(answer.code).toBe(0);
  });

  it('is refused for another entry, index, hash or key', async () => {
    const proof = proofAt(300);
    expect(await wordsOf(proof, numberedEntry(301))).toEqual(['RECEIPT_PROOF_WRONG']);
    expect(await wordsOf(proof.replace('index 300', 'index 301'))).toEqual(['RECEIPT_PROOF_WRONG']);
    expect(await wordsOf(proof.replace('index 300', 'index 513'))).toEqual(['RECEIPT_PROOF_WRONG']);
    const [header = '', index = '', first = '', ...rest] = proof.split('\n');
    expect(await wordsOf([header, index, ...rest].join('\n'))).toEqual(['RECEIPT_PROOF_WRONG']);
    expect(await wordsOf([header, index, first, first, ...rest].join('\n'))).toEqual(['RECEIPT_PROOF_WRONG']);
    const foreign = proofAt(300, SIZE, checkpointOf(entries, OTHER_SEED));
    expect(await wordsOf(foreign)).toEqual(['NOTE_UNSIGNED']);
  });

  it('is refused in another form', async () => {
    const proof = proofAt(300);
    const [header = '', index = '', first = '', ...rest] = proof.split('\n');
    const withFirst = (line: string): string => [header, index, line, ...rest].join('\n');
    expect(await wordsOf(proof.replace('@v1', '@v2'))).toEqual(['RECEIPT_MALFORMED']);
    expect(await wordsOf(proof.replace('index 300', 'index 0300'))).toEqual(['NUMBER_MALFORMED']);
    expect(await wordsOf(proof.replace('index 300\n', ''))).toEqual(['RECEIPT_MALFORMED']);
    expect(await wordsOf(withFirst(first.replace('=', '')))).toEqual(['BASE64_MALFORMED']);
    expect(await wordsOf(withFirst(toBase64(new Uint8Array(33))))).toEqual(['HASH_LENGTH']);
    expect(await wordsOf(proof.replace('index', 'extra !\nindex'))).toEqual(['BASE64_MALFORMED']);
    expect(await wordsOf(proof.replace('index', 'extra AAAA\nindex'))).toEqual([]);
    expect(await wordsOf(proof.replaceAll('\n', '\r\n'))).toEqual(['RECEIPT_MALFORMED']);
    expect(await wordsOf('')).toEqual(['RECEIPT_MALFORMED']);
  });

  it('of a fork is refused beside the log, although it holds alone', async () => {
    const other = entries.with(100, utf8('another entry'));
    const leaves = other.map(leafHash);
    const proof = inclusionProof(300, 400, treeOf(leaves));
    const text = printLogProof({ index: 300, proof, note: checkpointOf(other.slice(0, 400)) });
    expect(await wordsOf(text)).toEqual([]);
    const receipts = [{ proof: text, entry: numberedEntry(300) }];
    expect(await log.wordsAfter(() => undefined, { receipts })).toEqual(['HISTORY_REWRITTEN']);
  });
});

describe.runIf(python)('a server', () => {
  const typeOf = (path: string): string =>
    path === 'checkpoint' ? 'text/plain; charset=utf-8' : 'application/octet-stream';
  type Answer = { readonly path: string; readonly response: ServerResponse };

  /** A server of the straight log that does something else where `bendAnswer` says that it did. */
  const serverOf = (bendAnswer: (answer: Answer) => boolean): Server =>
    createServer((request, response) => {
      const path = (request.url ?? '').replace(/^\/log\//, '');
      if (bendAnswer({ path, response })) return;
      response.writeHead(200, { 'content-type': typeOf(path) }).end(take(log.folder(), path));
    });
  const ask = (bendAnswer: (answer: Answer) => boolean, timeoutMs?: number): Promise<OutsideAnswer> =>
    served(serverOf(bendAnswer), (base) =>
      checkLogOutside({ url: `${base}/log/`, vkey, ...(timeoutMs === undefined ? {} : { timeoutMs }) }),
    );

  it('may compress bundles unasked, and may end connections', async () => {
    const answer = await ask(({ path, response }) => {
      response.setHeader('connection', 'close');
      if (!path.startsWith('tile/entries/')) return false;
      response.writeHead(200, { 'content-type': typeOf(path), 'content-encoding': 'gzip' });
      response.end(gzipSync(take(log.folder(), path)));
      return true;
    });
    expect(answer).toMatchObject({ code: 0 });
  });

  it('is refused with another content type, another coding, a bomb', async () => {
    const headers = (wanted: string, more: Record<string, string>, body?: Uint8Array) =>
      ask(({ path, response }) => {
        if (path !== wanted) return false;
        response
          .writeHead(200, { 'content-type': typeOf(path), ...more })
          .end(body ?? take(log.folder(), path));
        return true;
      });
    const html = await headers('checkpoint', { 'content-type': 'text/html' });
    expect(failedWords(html)).toEqual(['CONTENT_TYPE']);
    const text = await headers('tile/0/000', { 'content-type': 'text/plain; charset=utf-8' });
    expect(failedWords(text)).toEqual(['CONTENT_TYPE']);
    const coded = await headers('tile/0/000', { 'content-encoding': 'br' });
    expect(failedWords(coded)).toEqual(['CONTENT_ENCODING']);
    const bomb = gzipSync(new Uint8Array(50_000_000));
    const bombed = await headers('tile/0/000', { 'content-encoding': 'gzip' }, bomb);
    expect(failedWords(bombed)).toEqual(['TILE_TOO_LONG']);
    const cut = await headers('tile/0/000', { 'content-encoding': 'gzip' }, bomb.subarray(0, 20));
    expect(failedWords(cut)).toEqual(['GZIP_MALFORMED']);
  });

  it('is no verdict about the log where it fails, hangs up, or is not there', async () => {
    const failing = await ask(({ response }) => {
      response.writeHead(503).end();
      return true;
    });
    const cutting = await ask(({ path, response }) => {
      if (path !== 'tile/0/001') return false;
      response.writeHead(200, { 'content-type': typeOf(path), 'content-length': '8192' });
      response.write(take(log.folder(), path).subarray(0, 100), () => response.destroy());
      return true;
    });
    const moved = await ask(({ response }) => {
      response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end();
      return true;
    });
    const absent = await checkLogOutside({ url: 'http://127.0.0.1:9/log', vkey });
    const noFolder = await checkLogOutside({ dir: `${log.folder()}/none`, vkey });
    for (const answer of [failing, cutting, moved, absent, noFolder]) {
      expect(answer.out).toContain('cannot check: UNREADABLE');
      expect(answer.code).toBe(2);
    }
    const silent = await ask(() => true, 1500);
    expect(silent).toEqual({ code: 2, out: 'ended after 1500 ms\n' });
  });
});
