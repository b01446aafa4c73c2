// Goal: the outside client refuses every log whose entries, tiles or checkpoint were bent, each with its own word, and accepts the straight
// one (SPEC 7.1). Method: a log that the product served over HTTP is copied into a folder; each test bends one thing of a copy.
import { createServer } from 'node:http';
import express from 'express';
import { describe, expect, it, vi } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { concat, fromBase64, toBase64, utf8 } from '../../src/base/bytes.ts';
import { rootOfHashes } from '../../src/record/merkle.ts';
import { LOG_ORIGIN } from '../support/log.ts';
import { numberedEntry, numberedLeaves } from '../support/tlog-vectors.ts';
import { bend, bendEntries, checkpointOf, flip, layOut, put, signText, take, textOf } from './log-copy.ts';
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
const ORDER = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;

/** The note with other signature bytes in its first signature line. */
function withSignature(change: (bytes: Uint8Array) => string): string {
  const note = log.note();
  const line = /^— (\S+) (\S+)$/m.exec(note);
  const bytes = present(fromBase64(line?.[2] ?? ''), 'base64');
  return note.replace(line?.[2] ?? '', change(bytes));
}

describe.runIf(python)('the straight log', () => {
  it('is accepted, with a line for each check', async () => {
    const answer = await checkLogOutside({
      dir: log.folder(),
      vkey,
      formerCheckpoint: [0, 1, 256, 400, SIZE].map((size) => checkpointOf(entries.slice(0, size))),
      entries: [numberedEntry(300)],
    });
    expect(answer.out).toContain(`ok   CHECKPOINT  ${LOG_ORIGIN} size 513 root `);
    expect(answer.out).toContain('ok   ENTRIES  513 entries give the signed root\n');
    expect(answer.out).toContain('ok   TILES  4 tiles on 2 levels give the signed root\n');
    expect(answer.out).toMatch(/^ok {3}INCLUSION {2}/m);
    expect(answer.out.match(/^ok {3}CONSISTENT .* by entries and tiles$/gm)).toHaveLength(5);
    expect(answer.out).toContain('ok   INCLUDED  entry entry-0: 1 of 1 at index 300\n');
    expect(answer.out).toMatch(/\nevery check holds\n$/);
    expect(answer.code).toBe(0);
  });

  it('may have dropped its partial tiles for full ones', async () => {
    const dir = log.empty();
    layOut(dir, entries.slice(0, 256));
    put(dir, 'checkpoint', checkpointOf(entries.slice(0, 200)));
    expect(await checkLogOutside({ dir, vkey })).toMatchObject({ code: 0 });
  });
});

describe.runIf(python)('entries and tiles that were bent', () => {
  it.each([
    ['an altered entry', (f: string) => bend(f, 'tile/entries/001', flip(-1)), ['ENTRY_ALTERED']],
    [
      'a bundle cut off',
      (f: string) => bend(f, 'tile/entries/001', (b) => b.slice(0, -3)),
      ['BUNDLE_TRUNCATED'],
    ],
    [
      'a bundle cut off in a length',
      (f: string) => bend(f, 'tile/entries/002.p/1', (b) => b.slice(0, 1)),
      ['BUNDLE_TRUNCATED'],
    ],
    [
      'a bundle with one byte more',
      (f: string) => bend(f, 'tile/entries/001', (b) => concat(b, new Uint8Array(1))),
      ['BUNDLE_TOO_LONG'],
    ],
    ['a length of an entry', (f: string) => bend(f, 'tile/entries/000', flip(1)), ['BUNDLE_TRUNCATED']],
    ['a level-0 tile', (f: string) => bend(f, 'tile/0/000', flip(100)), ['TILE_ALTERED']],
    ['a partial tile', (f: string) => bend(f, 'tile/0/002.p/1', flip(0)), ['TILE_ALTERED']],
    ['a tile of level 1', (f: string) => bend(f, 'tile/1/000.p/2', flip(40)), ['TILE_ALTERED']],
    ['a truncated tile', (f: string) => bend(f, 'tile/0/001', (b) => b.slice(0, -32)), ['TILE_TRUNCATED']],
    [
      'a tile one byte short',
      (f: string) => bend(f, 'tile/0/001', (b) => b.slice(0, -1)),
      ['TILE_TRUNCATED'],
    ],
    [
      'a tile one byte long',
      (f: string) => bend(f, 'tile/0/002.p/1', (b) => concat(b, new Uint8Array(1))),
      ['TILE_TOO_LONG'],
    ],
    ['an empty tile', (f: string) => put(f, 'tile/1/000.p/2', ''), ['TILE_TRUNCATED']],
  ] as const)('are refused: %s', async (_what, change, words) => {
    const seen = await log.wordsAfter(change);
    expect(seen[0]).toBe(words[0]);
    expect(new Set(seen)).toEqual(new Set(words));
  });

  it('are refused where two entries changed places, and both are named', async () => {
    const dir = log.copy();
    bendEntries(dir, 'tile/entries/001', 256, (list) => [
      present(list[1], '1'),
      present(list[0], '0'),
      ...list.slice(2),
    ]);
    const answer = await checkLogOutside({ dir, vkey });
    expect(answer.code).toBe(1);
    expect(answer.out).toContain(
      'FAIL ENTRY_ALTERED  2 entries are not those of the tiles and the root: 256, 257\n',
    );
  });

  it('are refused where the tile and the hash in it are named', async () => {
    const dir = log.copy();
    bend(dir, 'tile/0/001', flip(7 * 32));
    expect((await checkLogOutside({ dir, vkey })).out).toContain(
      'FAIL TILE_ALTERED  tile/0/001: hash 7 and 0 more\n',
    );
  });

  it('are refused where they are missing', async () => {
    const missing = (path: string) =>
      served(
        createServer(
          express().get('/log/*path', (request, response) => {
            const asked = request.path.slice('/log/'.length);
            if (asked === path) return response.sendStatus(404);
            const type = asked === 'checkpoint' ? 'text/plain; charset=utf-8' : 'application/octet-stream';
            return response.type(type).send(Buffer.from(take(log.folder(), asked)));
          }),
        ),
        async (base) => {
          const answer = await checkLogOutside({ url: `${base}/log`, vkey });
          expect(answer.code).toBe(1);
          return failedWords(answer);
        },
      );
    expect(await missing('tile/0/001')).toEqual(['TILE_MISSING']);
    expect(await missing('tile/entries/000')).toEqual(['BUNDLE_MISSING']);
    expect(await missing('checkpoint')).toEqual(['CHECKPOINT_MISSING']);
  });

  it('are refused where entries and tiles tell one story and the checkpoint another', async () => {
    const dir = log.empty();
    layOut(dir, entries.with(300, utf8('another entry')));
    put(dir, 'checkpoint', log.note());
    expect(failedWords(await checkLogOutside({ dir, vkey }))).toEqual(['ROOT_DIFFERS']);
  });
});

describe.runIf(python)('a checkpoint that was bent', () => {
  const otherRoot = rootOfHashes(numberedLeaves(SIZE + 1).slice(1));
  const textWith = (size: string, root: string, origin = LOG_ORIGIN): string =>
    `${origin}\n${size}\n${root}\n`;

  it('is refused with another root, signed by nobody, by another key, and under the name and id of ours', async () => {
    const text = textWith(String(SIZE), toBase64(otherRoot));
    const altered = log.note().replace(textOf(log.note()), text);
    expect(await log.wordsAfter(withNote(altered))).toEqual(['SIGNATURE_WRONG']);
    const foreign = signText(text, OTHER_SEED);
    expect(await log.wordsAfter(withNote(foreign))).toEqual(['NOTE_UNSIGNED']);
    const line = /^— \S+ (\S+)$/m;
    const ours = present(fromBase64(line.exec(log.note())?.[1] ?? ''), 'base64');
    const theirs = present(fromBase64(line.exec(foreign)?.[1] ?? ''), 'base64');
    const masked = toBase64(concat(ours.subarray(0, 4), theirs.subarray(4)));
    const note = foreign.replace(line.exec(foreign)?.[1] ?? '', masked);
    expect(await log.wordsAfter(withNote(note))).toEqual(['SIGNATURE_WRONG']);
  });

  it('is refused where the key itself signed another root: entries and tiles do not lead there', async () => {
    const note = signText(textWith(String(SIZE), toBase64(otherRoot)));
    expect(await log.wordsAfter(withNote(note))).toEqual(['ROOT_DIFFERS']);
  });

  it('is refused with S + L, and with base64 that has another spelling', async () => {
    const larger = withSignature((bytes) => {
      const s = bytes.subarray(36).reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n) + ORDER;
      const coded = Uint8Array.from({ length: 32 }, (_, i) => Number((s >> BigInt(8 * i)) & 255n));
      return toBase64(concat(bytes.subarray(0, 36), coded));
    });
    expect(await log.wordsAfter(withNote(larger))).toEqual(['SIGNATURE_S_TOO_LARGE']);
    const unused = withSignature((bytes) => {
      const text = toBase64(bytes);
      const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
      const last = present(text.at(-2), 'a digit');
      return `${text.slice(0, -2)}${digits[digits.indexOf(last) + 1]}=`;
    });
    expect(await log.wordsAfter(withNote(unused))).toEqual(['BASE64_NOT_CANONICAL']);
    const unpadded = withSignature((bytes) => toBase64(bytes).replace(/=+$/, ''));
    expect(await log.wordsAfter(withNote(unpadded))).toEqual(['BASE64_MALFORMED']);
    const short = withSignature((bytes) => toBase64(bytes.subarray(0, 67)));
    expect(await log.wordsAfter(withNote(short))).toEqual(['SIGNATURE_LENGTH']);
  });

  it.each([
    ['0513', 'NUMBER_MALFORMED'],
    ['+513', 'NUMBER_MALFORMED'],
    ['5_13', 'NUMBER_MALFORMED'],
    ['５１３', 'NUMBER_MALFORMED'],
    ['0x201', 'NUMBER_MALFORMED'],
    ['9223372036854775808', 'NUMBER_MALFORMED'],
    ['9223372036854775807', 'BUNDLE_MISSING'],
    ['512', 'BUNDLE_TRUNCATED'],
  ])('is refused with the size %s, although it is signed', async (size, word) => {
    const root = toBase64(rootOfHashes(numberedLeaves(SIZE)));
    const words = await log.wordsAfter(withNote(signText(textWith(size, root))));
    expect(words[0]).toBe(size === '512' ? 'ROOT_DIFFERS' : word);
  });

  it('is refused with a root of another form, although it is signed', async () => {
    const root = toBase64(rootOfHashes(numberedLeaves(SIZE)));
    const signed = (text: string) => log.wordsAfter(withNote(signText(text)));
    const wide = root.replace(/.=$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}=`);
    expect(await signed(textWith('513', wide))).toEqual(['BASE64_NOT_CANONICAL']);
    expect(await signed(textWith('513', toBase64(new Uint8Array(31))))).toEqual(['HASH_LENGTH']);
    expect(await signed(textWith('513', root, 'other.example/log'))).toEqual(['ORIGIN_OTHER']);
    expect(await signed(`${LOG_ORIGIN}\n513\n`)).toEqual(['CHECKPOINT_MALFORMED']);
    expect(await signed(`${textWith('513', root)}\nmore\n`)).toEqual(['CHECKPOINT_MALFORMED']);
  });

  it.each([
    ['a carriage return', (note: string) => note.replaceAll('\n', '\r\n')],
    ['no line feed at its end', (note: string) => note.slice(0, -1)],
    ['a line feed more', (note: string) => `${note}\n`],
    ['a hyphen for the dash', (note: string) => note.replace('—', '-')],
    ['two spaces', (note: string) => note.replace('— ', '—  ')],
    ['no signature', (note: string) => textOf(note)],
    ['nothing', () => ''],
  ])('is refused with %s', async (_what, change) => {
    expect(await log.wordsAfter(withNote(change(log.note())))).toEqual(['NOTE_MALFORMED']);
  });

  it('is refused where it is no UTF-8, or endless', async () => {
    const note = concat(utf8(log.note()), utf8('— x '), Uint8Array.of(0xed, 0xa0, 0x80, 10));
    expect(await log.wordsAfter(withNote(note))).toEqual(['NOTE_MALFORMED']);
    const endless = log.note() + '— x AAAAAAA=\n'.repeat(90_000);
    expect(await log.wordsAfter(withNote(endless))).toEqual(['NOTE_TOO_LARGE']);
  });

  it('may carry lines of unknown keys, also of our name or of our id', async () => {
    const stranger = signText(textOf(log.note()), OTHER_SEED).split('\n').at(-2) ?? '';
    const ours = /^— (\S+) (\S+)$/m.exec(log.note())?.[2] ?? '';
    const note = `${log.note()}${stranger}\n— stranger.example ${ours}\n`;
    expect(await log.wordsAfter(withNote(note))).toEqual([]);
  });
});
