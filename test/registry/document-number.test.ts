// Goal: document numbers are checked and normalised as GB 11643, GB 32100 and law.md §7.3 say. Method: the
// vectors of that page, tables of forms, and the law that every single wrong digit of a resident id is
// found.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DocumentKind } from '../../src/registry/domain/document-number.ts';
import {
  creditCheck,
  documentKindOf,
  readDocument,
  residentCheck,
  upgradeOldId,
} from '../../src/registry/domain/document-number.ts';

const TODAY = '2026-11-24';

describe('resident ids', () => {
  const VECTORS: readonly (readonly [string, DocumentKind])[] = [
    ['11010519491231002X', 'resident-id'],
    ['440524188001010014', 'resident-id'],
    ['442000199001011233', 'resident-id'],
    ['810000199408230021', 'residence-permit'],
    ['830000199201300022', 'residence-permit'],
    ['911440198501010018', 'foreign-permanent-card'],
  ];
  it.each(VECTORS)('%s is a %s', (number, kind) => {
    expect(readDocument(number, '', TODAY)).toEqual({ kind, number });
  });

  it('every wrong digit is found', () => {
    const body = fc.tuple(
      fc.constantFrom('442000', '110105'),
      fc.integer({ min: 1, max: 28 }),
      fc.integer({ min: 0, max: 999 }),
    );
    fc.assert(
      fc.property(body, fc.nat(17), fc.integer({ min: 1, max: 9 }), ([area, day, order], at, shift) => {
        const start = `${area}198507${String(day).padStart(2, '0')}${String(order).padStart(3, '0')}`;
        const number = start + residentCheck(start);
        expect(readDocument(number, '身份证', TODAY)).toEqual({ kind: 'resident-id', number });
        const old = number.charAt(at);
        const wrong = old === 'X' ? '3' : String((Number(old) + shift) % 10);
        const broken = number.slice(0, at) + wrong + number.slice(at + 1);
        expect(readDocument(broken, '身份证', TODAY).fault).toBeDefined();
      }),
    );
  });

  it('full width, spaces, hyphens and a small x are one spelling', () => {
    expect(readDocument(' 110105-1949１２３１ 002ｘ', '', TODAY).number).toBe('11010519491231002X');
  });

  it('an old number becomes the 18-digit number of the same person', () => {
    expect(upgradeOldId('110105491231002')).toBe('11010519491231002X');
    expect(readDocument('110105491231002', '', TODAY)).toEqual({
      kind: 'resident-id',
      number: '11010519491231002X',
      doubt: 'REG-C313',
    });
    expect(readDocument('110105491331002', '', TODAY).fault).toBe('REG-C312');
  });

  const FAULTS: readonly (readonly [string, string, string])[] = [
    ['442000199001011234', '', 'REG-C311'],
    ['4420001990010112', '', 'REG-C311'],
    ['91350100M000100Y43', '身份证', 'REG-C311'],
    ['442000199002301233', '', 'REG-C312'],
    ['442000179912311233', '', 'REG-C312'],
    ['442000199001011000', '', 'REG-C310'],
    ['4.42E+17', '', 'REG-C310'],
    ['4.42000199001011E+17', '护照', 'REG-C310'],
    ['4401**********1233', '', 'REG-C316'],
    ['4401XXXXXXXXXX1233', '', 'REG-C316'],
    ['91350100M000100Y4', '营业执照', 'REG-C311'],
  ];
  it.each(FAULTS)('%s under %s has the fault %s', (number, kind, fault) => {
    expect(readDocument(number, kind, TODAY).fault).toBe(fault);
  });

  it('a number born today is accepted, one born tomorrow is not', () => {
    const born = (day: string) => `442000202611${day}001`;
    expect(readDocument(born('24') + residentCheck(born('24')), '', TODAY).fault).toBeUndefined();
    expect(readDocument(born('25') + residentCheck(born('25')), '', TODAY).fault).toBe('REG-C312');
  });
});

describe('credit codes', () => {
  it('the published vector passes, another check character is a doubt and no fault', () => {
    expect(creditCheck('91350100M000100Y4')).toBe('3');
    expect(readDocument('91350100M000100Y43', '', TODAY)).toEqual({
      kind: 'credit-code',
      number: '91350100M000100Y43',
    });
    expect(readDocument('91350100M000100Y44', '', TODAY)).toEqual({
      kind: 'credit-code',
      number: '91350100M000100Y44',
      doubt: 'REG-C315',
    });
  });

  it('a code of digits alone is told apart from a foreigner’s card', () => {
    const body = '91442000719123456';
    expect(readDocument(body + creditCheck(body), '', TODAY)).toMatchObject({ kind: 'credit-code' });
    expect(readDocument('914420007199345678', '', TODAY)).toMatchObject({
      kind: 'credit-code',
      doubt: 'REG-C315',
    });
  });
});

describe('other documents', () => {
  const TABLE: readonly (readonly [string, string, DocumentKind, string, string | undefined])[] = [
    ['H12345678', '', 'hk-macau-permit', 'H12345678', undefined],
    ['M1234567802', '港澳居民来往内地通行证', 'hk-macau-permit', 'M12345678', undefined],
    ['12345678', '台胞证', 'taiwan-permit', '12345678', undefined],
    ['A123456', '台胞证', 'taiwan-permit', 'A123456', 'REG-C314'],
    ['E12345678', '', 'passport', 'E12345678', undefined],
    ['K-AB 998', '护照', 'passport', 'KAB998', undefined],
    ['军字第123456号', '', 'officer-card', '军字第123456号', undefined],
    ['军字第123456号', '军官证', 'officer-card', '军字第123456号', undefined],
    ['A123456(7)', '香港身份证', 'other', 'A123456(7)', 'REG-C314'],
    ['ABC', '', 'other', 'ABC', 'REG-C314'],
    ['E12345678', '会员卡', 'passport', 'E12345678', 'REG-C314'],
    ['91350100M000100Y43', '会员卡', 'credit-code', '91350100M000100Y43', 'REG-C314'],
  ];
  it.each(TABLE)('%s under “%s” is a %s', (number, kindText, kind, stored, doubt) => {
    expect(readDocument(number, kindText, TODAY)).toEqual({
      kind,
      number: stored,
      ...(doubt === undefined ? {} : { doubt }),
    });
  });

  it('the names of kinds are read', () => {
    const NAMES = {
      港澳台居民居住证: 'residence-permit',
      外国人永久居留身份证: 'foreign-permanent-card',
      港澳居民来往内地通行证: 'hk-macau-permit',
      台湾居民来往大陆通行证: 'taiwan-permit',
      统一社会信用代码: 'credit-code',
      居民身份证: 'resident-id',
      士兵证: 'officer-card',
      香港永久性居民身份证: 'other',
    };
    for (const [text, kind] of Object.entries(NAMES))
      expect([text, documentKindOf(text)]).toEqual([text, kind]);
    expect(documentKindOf('户口簿')).toBeUndefined();
  });
});
