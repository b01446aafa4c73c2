// Goal: an officer who signs a call finds every first deposit that his own file has otherwise, and every home that the call leaves out.
import { expect, it } from 'vitest';
import type { UnitsAnswer } from '../../src/registry/contract.ts';
import { leftOutOf } from '../../src/web/console/first-deposits.ts';

const places = ['101', '102', '103'].map((room, at) => ({
  unit: String(at),
  building: '1幢',
  stair: '',
  room,
})) as unknown as UnitsAnswer['units'];
const call = (...firstFen: readonly string[]) => ({
  units: firstFen.map((fen, at) => ({ unit: String(at), firstFen: fen, balanceFen: '0', dueFen: '0' })),
});
const file = '序号,幢,单元,室,金额(元)\r\n1,1幢,,101,"10000"\n2,1 幢,,102,20000\n3,一号,,103,5\n';

it('takes the same amounts, however the file writes a place, and counts what is left out', () => {
  expect(leftOutOf(call('1000000', '2000000', '500'), file, places)).toBe(0);
  expect(leftOutOf(call('1000000', '2000000'), file, places)).toBe(1);
  expect(leftOutOf(call('1000000'), `标题,,,,\n${file}合计,,,,30005\n`, places)).toBe(2);
});

it.each([
  ['another amount', call('1000000', '2000001', '500')],
  ['two amounts exchanged', call('2000000', '1000000', '500')],
  ['an amount that the file does not have', call('1000000', '2000000', '501')],
  ['a home more', call('1000000', '2000000', '500', '1000000')],
])('refuses %s', (_what, forged) => {
  expect(leftOutOf(forged, file, places)).toBeUndefined();
});

it('refuses a file without the columns', () => {
  expect(leftOutOf(call('1000000'), '幢,室\n1幢,101\n', places)).toBeUndefined();
});
