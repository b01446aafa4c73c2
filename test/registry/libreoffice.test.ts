// Goal: workbooks that LibreOffice wrote are read as a person sees them there. Method: files made from the sources beside them
// (test/registry/fixtures/libreoffice/make.sh), checked as an upload is.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { annotateRegisterFile } from '../../src/registry/annotating.ts';
import type { RegisterCheck } from '../../src/registry/domain/import-check.ts';
import { checkRegisterFile } from '../../src/registry/file-check.ts';
import { codesOf, found, SETTINGS } from './register-file.ts';

const fixture = (name: string): Uint8Array =>
  readFileSync(new URL(`fixtures/libreoffice/${name}.xlsx`, import.meta.url));
const check = (name: string): Promise<RegisterCheck> => checkRegisterFile(fixture(name), SETTINGS);

const unitsOf = ({ register }: RegisterCheck) =>
  register?.units.map(({ building, stair, room, areaDm2, sinceOn, owners }) => [
    `${building}/${stair}/${room}`,
    areaDm2,
    sinceOn,
    owners.map((owner) => register.persons[owner]?.name).join('+'),
  ]);

describe('a workbook written by LibreOffice', () => {
  it('of texts keeps them, a leading zero and a leading = included', async () => {
    const result = await check('plain');
    expect(codesOf(result)).toEqual(['REG-C350']);
    expect(found(result, 'REG-C350')[0]).toMatchObject({ row: 3, column: 'E', sheet: '业主名册' });
    expect(result.summary).toMatchObject({ units: 1, areaDm2: 8888n });
  });

  it('of merged units has their co-owners', async () => {
    const result = await check('merged');
    expect(codesOf(result)).toEqual(['REG-N703']);
    expect(unitsOf(result)).toEqual([
      ['1栋/1/101', 8888n, '', '张三+李四'],
      ['1栋/1/102', 9000n, '', '王五'],
    ]);
  });

  it('of an owner merged over two units is refused', async () => {
    const result = await check('merged-owner');
    expect(found(result, 'REG-M203')[0]).toMatchObject({ level: 'error', row: 2 });
    expect(result.accepted).toBe(false);
  });

  it('with a title, dates and areas by style, a hidden row and a total is read as it is shown', async () => {
    const result = await check('styled');
    expect([...codesOf(result)].sort()).toEqual(['REG-C304', 'REG-N701', 'REG-N707']);
    expect(unitsOf(result)).toEqual([
      ['1栋/1/0101', 8888n, '2015-03-01', '张三'],
      ['1栋/1/0102', 123450n, '2016-02-29', '李四'],
    ]);
  });

  it('with a document number that lost its digits says so', async () => {
    expect(codesOf(await check('lost-digits'))).toContain('REG-C310');
  });

  it.each(['plain', 'merged', 'merged-owner', 'styled', 'lost-digits'])(
    'annotated, %s has the findings that it had, hidden rows and our column apart',
    async (name) => {
      const before = await check(name);
      const annotated = await annotateRegisterFile(fixture(name), before.findings);
      if (annotated === undefined) throw new Error('no rows');
      const after = await checkRegisterFile(annotated, SETTINGS);
      const places = (result: RegisterCheck) =>
        result.findings
          .filter(({ code }) => code !== 'REG-N707' && code !== 'REG-H104')
          .map(({ code, row, column }) => `${code} ${column}${row}`);
      expect(places(after)).toEqual(places(before));
      expect(after.register).toEqual(before.register);
    },
  );
});
