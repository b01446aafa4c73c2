// Goal: what is written plainly is read as its odd spellings are. Method: texts at random, beside the same text with an invisible mark, which
// is folded and read the long way.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldNumber } from '../../src/record/identity.ts';
import { readArea } from '../../src/registry/domain/area-cell.ts';
import { buildingKey, roomKey, stairKey } from '../../src/registry/domain/building-name.ts';
import { isPlaceholder } from '../../src/registry/domain/cells.ts';
import { checkRegisterFile } from '../../src/registry/file-check.ts';
import { SETTINGS } from './register-file.ts';
import { goodRow, register } from './workbook-file.ts';

const MARK = '\u200b';
const digits = fc.stringMatching(/^[0-9]{1,6}$/);
const placed = fc
  .tuple(
    digits,
    fc.constantFrom(
      '',
      '栋',
      '幢',
      '座',
      '号',
      '楼',
      '号楼',
      '栋楼',
      '#',
      '单元',
      '梯',
      '号梯',
      '室',
      '房',
      '铺',
      'A',
    ),
  )
  .map(([number, word]) => number + word);
const areas = fc
  .tuple(
    fc.stringMatching(/^[0-9]{1,8}$/),
    fc.constantFrom('', '.', '.0', '.5', '.50', '.88', '.125', '㎡', '.5平方米'),
  )
  .map(([metres, rest]) => metres + rest);

describe('a plain spelling', () => {
  it('of a place has the key of its odd spelling', () => {
    fc.assert(
      fc.property(placed, (text) => {
        for (const key of [buildingKey, stairKey, roomKey]) expect(key(text)).toBe(key(text + MARK));
      }),
    );
  });

  it('of an area is the same area, or the same fault', () => {
    fc.assert(
      fc.property(areas, (text) => {
        expect(readArea(text)).toEqual(readArea(text + MARK));
      }),
    );
  });

  it('of a number folds to the same number, and no digits stand for nothing', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9A-Z]{1,20}$/), (text) => {
        expect(foldNumber(text)).toBe(foldNumber(text + MARK));
        expect(isPlaceholder(text)).toBe(isPlaceholder(text + MARK));
      }),
    );
  });

  it('of any cell says what the cell says with spaces around it', async () => {
    const cells = fc
      .array(fc.constantFrom(...'0Aa栋业。、"\'=#-@*? ·\u{20000}\ufffd'), { maxLength: 5 })
      .map((each) => each.join(''));
    await fc.assert(
      fc.asyncProperty(
        cells,
        fc.constantFrom('业主姓名', '房号', '备注', '建筑面积'),
        async (text, header) => {
          const [plain, spaced] = await Promise.all(
            [text, ` ${text} `].map((cell) =>
              checkRegisterFile(register([goodRow({ [header]: cell })]), SETTINGS),
            ),
          );
          const seen = (check: typeof plain) => [
            check?.findings.map(({ code, value }) => [code, value]),
            check?.register,
          ];
          expect(seen(plain)).toEqual(seen(spaced));
        },
      ),
      { numRuns: 200 },
    );
  });
});
