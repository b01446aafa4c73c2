// Goal: each kind of cell is read exactly, or refused with its code. Method: tables of spellings that
// registers use and of spellings that look alike but are not; areas also by the law that no decimal
// spelling changes the value.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readArea } from '../../src/registry/domain/area-cell.ts';
import { buildingKey, roomKey, stairKey, withPhase } from '../../src/registry/domain/building-name.ts';
import {
  cellFault,
  foldName,
  hasUnsafeCharacter,
  isPlaceholder,
  looksLikeDate,
  rareCharacter,
  readAreaSource,
  readDate,
  readKind,
  readPhone,
  readState,
  trimCell,
  unwrap,
} from '../../src/registry/domain/cells.ts';
import { maskName, maskNumber, maskPhone, maskValue } from '../../src/registry/domain/masking.ts';
import { splitCell, splitNames } from '../../src/registry/domain/owner-cells.ts';
import { readShare, sharesMakeOne } from '../../src/registry/domain/shares.ts';

describe('areas', () => {
  const TABLE: readonly (readonly [string, bigint | undefined, string | undefined])[] = [
    ['88.88', 8888n, undefined],
    ['88.8', 8880n, undefined],
    ['88', 8800n, undefined],
    ['88.', 8800n, undefined],
    ['+88.8800', 8880n + 8n, undefined],
    ['８８．８８㎡', 8888n, undefined],
    ['88.88 m²', 8888n, undefined],
    ['88.88M2', 8888n, undefined],
    ['88.88平方米', 8888n, undefined],
    ['1,088.5', 108_850n, 'REG-C304'],
    ['.88', 88n, 'REG-C304'],
    ['8', 800n, undefined],
    ['7.99', 799n, 'REG-C304'],
    ['1000', 100_000n, undefined],
    ['20000', 2_000_000n, 'REG-C304'],
    ['20000.01', undefined, 'REG-C303'],
    ['20000.001', undefined, 'REG-C305'],
    ['0', undefined, 'REG-C303'],
    ['0.00', undefined, 'REG-C303'],
    ['0.001', undefined, 'REG-C305'],
    ['30000.005', undefined, 'REG-C303'],
    ['−5', undefined, 'REG-C303'],
    ['88.879999999999995', 8888n, undefined],
    ['88.880000000000003', 8888n, undefined],
    ['12345.679999999999', 1_234_568n, 'REG-C304'],
    ['88.885', undefined, 'REG-C305'],
    ['88.88000001', undefined, 'REG-C305'],
    ['88.885000000000005', undefined, 'REG-C305'],
    ['88,88', undefined, 'REG-C302'],
    ['1,0000', undefined, 'REG-C302'],
    ['8.8E1', undefined, 'REG-C302'],
    ['', undefined, 'REG-C302'],
    ['.', undefined, 'REG-C302'],
    ['88.88/2', undefined, 'REG-C302'],
  ];
  it.each(TABLE)('%s is %s with %s', (text, areaDm2, code) => {
    expect(readArea(text)).toEqual({
      ...(areaDm2 === undefined ? {} : { areaDm2 }),
      ...(code === undefined ? {} : { code }),
    });
  });

  it('a decided rule rounds exactly and still refuses what is out of range', () => {
    expect(readArea('88.885', 'half-up')).toEqual({ areaDm2: 8889n, code: 'REG-C305' });
    expect(readArea('88.8849999', 'half-up')).toEqual({ areaDm2: 8888n, code: 'REG-C305' });
    expect(readArea('88.889', 'down')).toEqual({ areaDm2: 8888n, code: 'REG-C305' });
    expect(readArea('0.001', 'down')).toEqual({ code: 'REG-C303' });
    expect(readArea('88.88', 'down')).toEqual({ areaDm2: 8888n });
  });

  it('what a spreadsheet prints of a two-decimal number is that number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 800, max: 100_000 }), (dm2) => {
        const value = dm2 / 100;
        for (const text of [String(value), value.toPrecision(17), value.toFixed(2), `${value.toFixed(2)}㎡`])
          expect(readArea(text)).toEqual({ areaDm2: BigInt(dm2) });
      }),
    );
  });
});

describe('texts', () => {
  it('marks of spreadsheets are taken off', () => {
    expect(unwrap('="0""1"')).toEqual({ text: '0"1', wrapped: true });
    expect(unwrap("'0101")).toEqual({ text: '0101', wrapped: true });
    expect(unwrap('\t0101 ')).toEqual({ text: '0101', wrapped: true });
    expect(unwrap('　0101\u200b')).toEqual({ text: '0101', wrapped: false });
  });

  it('formulas and error values are told apart from text', () => {
    expect(['=A1', '=SUM(A:A)', '#REF!', '#n/a', '######', '#1', '=', '-5'].map(cellFault)).toEqual([
      ...['REG-C350', 'REG-C350', 'REG-C352', 'REG-C352', 'REG-C352'],
      ...[undefined, undefined, undefined],
    ]);
  });

  it('a name is trimmed and otherwise untouched, a compatibility character too', () => {
    expect(trimCell('\u3000\uf9d8 氏\u00a0')).toBe('\uf9d8 氏');
    expect(rareCharacter('\uf9d8')).toBe('U+F9D8');
    expect(rareCharacter('\u{20bb7}')).toBe('U+20BB7');
    expect(rareCharacter('张三')).toBeUndefined();
  });

  it('names are compared without regard to width, spaces, case and dots', () => {
    expect(foldName('Ａli ・ 买买提')).toBe(foldName('ali·买买提'));
    expect(foldName('张三')).not.toBe(foldName('张叁'));
  });

  it('placeholders and unsafe characters', () => {
    for (const text of ['无', '/', '--', '待 定', 'N/A', '开发商', '？'])
      expect([text, isPlaceholder(text)]).toEqual([text, true]);
    for (const text of ['吴', '空海', '1栋', '']) expect([text, isPlaceholder(text)]).toEqual([text, false]);
    for (const text of ['\u202a1', 'a\u0000', 'a\u200db', '\ufffd', '\ud800', '\ufdd0', 'a\nb'])
      expect(hasUnsafeCharacter(text)).toBe(true);
    expect(hasUnsafeCharacter('张·三 Ａ')).toBe(false);
  });

  it('rooms that became dates', () => {
    const dates = [
      '1月2日',
      '2024年1月2日',
      '2024年1月',
      '2024/1/2',
      '2024-01-02 00:00:00',
      '2-Jan',
      'Mar-01',
      '2-Jan-2024',
    ];
    for (const text of dates) expect([text, looksLikeDate(text)]).toEqual([text, true]);
    for (const text of ['1-2', '1-2-301', '2101-1-2', '2024-13-1', '101', 'A-12', '3月座'])
      expect([text, looksLikeDate(text)]).toEqual([text, false]);
  });
});

describe('phones', () => {
  const TABLE: readonly (readonly [string, string])[] = [
    ['13800138000', '13800138000'],
    ['138-0013-8000', '13800138000'],
    ['+86 138 0013 8000', '13800138000'],
    ['008613800138000', '13800138000'],
    ['8613800138000', '13800138000'],
    ['０７６０－８８８８１２３４', '076088881234'],
    ['+86-0760-88881234', '076088881234'],
    ['88881234', '88881234'],
    ['(0760)88881234转801', '076088881234-801'],
    ['+852 9123 4567', '+85291234567'],
    ['00853-66123456', '+85366123456'],
  ];
  it.each(TABLE)('%s is %s', (text, value) => {
    expect(readPhone(text)).toEqual({ value });
  });

  it.each(['1380013800', '12800138000', '138001380001', '电话', '0', '+0123456789'])(
    '%s is no phone',
    (text) => {
      expect(readPhone(text)).toEqual({ code: 'REG-C320' });
    },
  );

  it('a number in scientific notation is another fault', () => {
    expect(readPhone('1.38001E+10')).toEqual({ code: 'REG-C321' });
  });
});

describe('dates, states, kinds and sources', () => {
  it('dates in every way that registers write them', () => {
    for (const text of ['2015-3-1', '2015/03/01', '2015.3.1', '2015年3月1日', '20150301', '2015-03-01 00:00'])
      expect([text, readDate(text, '2026-11-24')]).toEqual([text, { value: '2015-03-01' }]);
    for (const text of ['2015-02-29', '15-3-1', '3月', '1899-12-31', 'x'])
      expect([text, readDate(text, '2026-11-24')]).toEqual([text, { code: 'REG-C340' }]);
    expect(readDate('42064', '2026-11-24')).toEqual({ code: 'REG-C342' });
    expect(readDate('2026-11-24', '2026-11-24')).toEqual({ value: '2026-11-24' });
    expect(readDate('2026-11-25', '2026-11-24')).toEqual({ value: '2026-11-25', code: 'REG-C341' });
  });

  it('states', () => {
    const TABLE = { 未售: 'unsold', 待售: 'unsold', 未交付: 'undelivered', '已售（未交楼）': 'undelivered' };
    for (const [text, state] of Object.entries(TABLE)) expect([text, readState(text)]).toEqual([text, state]);
    for (const text of ['', '已交付', '自住', '空置', '出租']) expect(readState(text)).toBe('delivered');
    expect(readState('查封')).toBeUndefined();
  });

  it('kinds by use, and by the place where the file has no use', () => {
    const TABLE = {
      成套住宅: 'dwelling',
      商业服务: 'shop',
      办公: 'office',
      车库: 'parking',
      杂物房: 'storage',
      幼儿园: 'other',
    };
    for (const [use, kind] of Object.entries(TABLE)) expect([use, readKind(use, '')]).toEqual([use, kind]);
    expect(readKind('', '1栋101')).toBe('dwelling');
    expect(readKind(' ', '地下车库A-01')).toBe('parking');
  });

  it('sources of areas', () => {
    expect(['', '产权登记', '实测', '商品房合同', '预测'].map(readAreaSource)).toEqual([
      ...['register', 'register', 'survey', 'contract', 'contract'],
    ]);
  });
});

describe('names of buildings, stairs and rooms', () => {
  it.each([
    ['8', ['八座', '第8座', '8座', '8栋', '08栋', '8号楼', '８幢', '8#', '第八栋']],
    ['12', ['十二栋', '一二栋', '12座']],
    ['20', ['二十栋']],
    ['108', ['一百零八号楼', '百零八座', '一〇八栋']],
    ['2期8', ['二期8栋', '第二期八座']],
    ['A', ['A座', 'a栋']],
    ['听涛阁', ['听涛阁', ' 听涛阁']],
    ['百合阁', ['百合阁']],
  ])('%s', (key, spellings) => {
    for (const spelling of spellings) expect([spelling, buildingKey(spelling)]).toEqual([spelling, key]);
  });

  it('different buildings keep different keys', () => {
    const names = ['1栋', '2栋', '10栋', '11栋', '21栋', 'A1栋', 'A栋', '1期1栋', '8-9栋', '商业楼'];
    expect(new Set(names.map(buildingKey)).size).toBe(names.length);
  });

  it('stairs, rooms and phases', () => {
    expect(['1单元', '一单元', '01', '1梯', ''].map(stairKey)).toEqual(['1', '1', '1', '1', '']);
    expect(['101室', '101房', '１０１', '0101', 'a-1号房', '商铺01'].map(roomKey)).toEqual([
      ...['101', '101', '101', '0101', 'A-1', '商铺01'],
    ]);
    expect(withPhase('', '8栋')).toBe('8栋');
    expect(withPhase('2', '8栋')).toBe('2期8栋');
    expect(withPhase('东区', '8栋')).toBe('东区8栋');
    expect(withPhase('二期', '二期8栋')).toBe('二期8栋');
  });
});

describe('cells of several owners', () => {
  it('split at marks, and at 与 only between two persons', () => {
    expect(splitCell('张三、李四，王五；赵六/孙七\n周八')).toHaveLength(6);
    expect(splitCell('N/A')).toEqual([]);
    expect(splitNames('张三和李四', 2)).toEqual(['张三', '李四']);
    expect(splitNames('张三和李四', 1)).toEqual(['张三和李四']);
    expect(splitNames('兴和贸易公司', 2)).toEqual(['兴和贸易公司']);
  });

  it('shares are exact', () => {
    const one = (...texts: readonly string[]) => {
      const shares = texts.map(readShare).filter((share) => share !== undefined);
      expect(shares).toHaveLength(texts.length);
      return sharesMakeOne(shares);
    };
    expect(one('1/3', '2／3')).toBe(true);
    expect(one('50%', '二分之一')).toBe(true);
    expect(one('0.5', '50')).toBe(true);
    expect(one('½', '1 / 2')).toBe(true);
    expect(one('1')).toBe(true);
    expect(one('100%')).toBe(true);
    expect(one('33.33%', '33.33%', '33.33%')).toBe(true);
    expect(one('33.34%', '33.33%', '33.33%')).toBe(true);
    expect(one('33.3%', '33.3%', '33.3%')).toBe(true);
    expect(one('49%', '49%')).toBe(false);
    expect(one('33.3%', '33.2%', '33.3%')).toBe(false);
    expect(one('1/3', '1/3')).toBe(false);
    expect(one('60%', '60%')).toBe(false);
    expect(sharesMakeOne([])).toBe(false);
    for (const text of ['', '0', '0%', '0/2', '3/2', '101%', '101', '一半', '-50%', '1/0'])
      expect([text, readShare(text)]).toEqual([text, undefined]);
  });
});

describe('masks', () => {
  it('show what identifies a row to its clerk and no more', () => {
    expect(maskName('欧阳小明')).toBe('欧*');
    expect(maskName('张')).toBe('*');
    expect(maskNumber('44010119900101121X')).toBe('4401************1X');
    expect(maskNumber('E12345678')).toBe('E******78');
    expect(maskNumber('12345')).toBe('****5');
    expect(maskNumber('12')).toBe('**');
    expect(maskNumber('A'.repeat(41))).toBe('AAAA…');
    expect(maskPhone('13800138000')).toBe('138****8000');
    expect(maskPhone('88881234')).toBe('****34');
    expect(maskPhone('110')).toBe('****');
  });

  it('hold where a value stands under a wrong header', () => {
    expect(maskValue('area', '张三')).toBe('张*');
    expect(maskValue('room', '442000199001011233')).toBe('4420************33');
    expect(maskValue('building', '房主 13800138000')).toBe('房主 138****8000');
    expect(maskValue('room', '1\u202e01')).toBe('1\\u{202e}01');
    expect(maskValue('building', '听涛阁')).toBe('听涛阁');
    expect(maskValue('building', 'A'.repeat(50))).toBe(`${'A'.repeat(40)}…`);
    expect(maskValue('mailingAddress', '中山市一路')).toBe('中*');
  });
});
