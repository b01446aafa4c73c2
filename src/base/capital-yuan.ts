/** Amounts as Chinese payment papers write them out, so that a digit too many is seen: 壹拾万柒仟元伍角叁分 (支付结算办法, annex 1). */
import { present } from './assert.ts';

const DIGITS = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'] as const;
/** The units of a number, the largest first. */
const UNITS = [
  [100_000_000n, '亿'],
  [10_000n, '万'],
  [1000n, '仟'],
  [100n, '佰'],
  [10n, '拾'],
] as const;

/** A whole number from 1 in capitals; zeros between digits are read once. */
function capitalOf(whole: bigint): string {
  const unit = UNITS.find(([size]) => whole >= size);
  if (unit === undefined) return present(DIGITS[Number(whole)], 'a digit');
  const [size, name] = unit;
  const rest = whole % size;
  const gap = rest > 0n && rest < size / 10n ? DIGITS[0] : '';
  return `${capitalOf(whole / size)}${name}${gap}${rest > 0n ? capitalOf(rest) : ''}`;
}

/** `壹拾万柒仟元伍角叁分` of fen, which are not negative. */
export function capitalYuan(amountFen: bigint): string {
  const [yuan, tenths, hundredths] = [amountFen / 100n, (amountFen / 10n) % 10n, amountFen % 10n];
  const whole = yuan > 0n ? `${capitalOf(yuan)}元` : '';
  if (tenths === 0n && hundredths === 0n) return `${whole === '' ? '零元' : whole}整`;
  const jiao = tenths > 0n ? `${capitalOf(tenths)}角` : whole === '' ? '' : DIGITS[0];
  return hundredths > 0n ? `${whole}${jiao}${capitalOf(hundredths)}分` : `${whole}${jiao}整`;
}
