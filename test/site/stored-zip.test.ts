// Goal: the archive's zip has one form for the same files, which other programs read whole. Method: the reader of the register's import,
// Python's own reader, another zone of time, and a second making.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/base/bytes.ts';
import { storedZip } from '../../src/site/archive/stored-zip.ts';
import { unzipped } from './unzipped.ts';

const FILES = [
  ['cover.html', utf8('<!doctype html>封面')],
  ['data/empty.jsonl', new Uint8Array()],
  ['tables/result.csv', utf8('\uFEFF项目,人数\r\n')],
] as const;

describe('the zip of an archive pack', () => {
  it('gives back every file in its order', async () => {
    expect([...(await unzipped(storedZip(FILES)))]).toEqual(FILES.map(([path, bytes]) => [path, bytes]));
  });

  it('is the same wherever it is made', () => {
    const before = storedZip(FILES);
    const zone = process.env['TZ'];
    process.env['TZ'] = 'America/New_York';
    try {
      expect(storedZip(FILES)).toEqual(before);
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
    expect(storedZip(FILES.toReversed())).not.toEqual(before);
  });

  it('passes the test of another program', () => {
    const folder = mkdtempSync(join(tmpdir(), 'zip-'));
    try {
      writeFileSync(join(folder, 'pack.zip'), storedZip(FILES));
      const said = execFileSync('python3', ['-m', 'zipfile', '-t', join(folder, 'pack.zip')], {
        encoding: 'utf8',
      });
      expect(said).toContain('Done testing');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
