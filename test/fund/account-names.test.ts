// Goal: an account's name is codes that any tool reads as one account, and two households never share one. Method: hostile and
// ordinary places.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  availableName,
  bankName,
  freeHousehold,
  heldName,
  householdName,
  householdOf,
  payableName,
} from '../../src/fund/domain/account-names.ts';

const ID = 'abcdefghijklmnopqrstuvwxya';
const CHARGE = { kind: 'authorisation', authorisation: ID } as const;

describe('names of accounts', () => {
  it('say where a household is, with the staircase where there is one', () => {
    expect(householdName({ building: '1幢', stair: '', room: '101' })).toBe('负债:分户账:1幢:101');
    expect(householdName({ building: '１幢', stair: '2单元', room: '101' })).toBe(
      '负债:分户账:1幢:2单元-101',
    );
    expect(heldName(householdName({ building: '1幢', stair: '', room: '101' }), CHARGE)).toBe(
      '负债:分户账:1幢:101:冻结:决议abcdefgh',
    );
    expect(bankName('建行', '0071')).toBe('资产:专户存款:建行尾号0071');
    expect(payableName(CHARGE, '某某（中山）公司')).toBe('负债:应付:决议abcdefgh:某某-中山-公司');
    const emergency = { ...CHARGE, kind: 'emergency' } as const;
    expect(payableName(emergency, '电梯公司')).toBe('负债:应付:急修abcdefgh:电梯公司');
  });

  it('made of nothing but signs are a hyphen', () => {
    expect(householdName({ building: ' (;) ', stair: '', room: '::' })).toBe('负债:分户账:-:-');
  });

  it('have a fixed number of parts of letters, digits and hyphens, whatever the place is called', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(text, text, text, (building, stair, room) => {
        const household = householdName({ building, stair, room });
        expect(household).toMatch(/^负债:分户账:[\p{L}\p{N}-]+:[\p{L}\p{N}-]+$/u);
        expect(household.normalize('NFC')).toBe(household);
        expect(heldName(household, CHARGE).length).toBeLessThanOrEqual(200);
        expect(householdOf(availableName(household))).toBe(household);
        expect(householdOf(heldName(household, CHARGE))).toBe(household);
      }),
    );
  });

  it('are told apart by the unit where two places come to the same codes', () => {
    const wanted = householdName({ building: '1;幢', stair: '', room: '1|01' });
    expect(freeHousehold(wanted, ID, new Set())).toBe(wanted);
    expect(freeHousehold(wanted, ID, new Set([wanted]))).toBe(`${wanted}-abcdefgh`);
  });
});
