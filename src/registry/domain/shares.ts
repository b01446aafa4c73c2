/**
 * Shares of co-owners as exact fractions; 按份共有 must state them and they must add to one (Civil Code §298).
 */
import { trimCell } from './cells.ts';
import type { Report } from './findings.ts';
import type { RowView } from './row-view.ts';

/**
 * A share `parts / whole`. `step / whole` is the last decimal place that was written; 0 for an exact
 * fraction.
 */
export type Share = { readonly parts: bigint; readonly whole: bigint; readonly step: bigint };

/** What one row says of co-ownership. */
export type CoOwnership = { readonly byShares: boolean; readonly shares: readonly Share[] };

const NONE: CoOwnership = { byShares: false, shares: [] };

const FRACTION = /^(\d{1,9})[/／](\d{1,9})$/;
const CHINESE_FRACTION = /^(\d{1,9})分之(\d{1,9})$/;
const PERCENT = /^(\d{1,3})(?:\.(\d{1,9}))?%?$/;
const DIGITS = '零一二三四五六七八九十';

/** A share written as 50%, 50, 0.5, 1/2 or 二分之一. */
export function readShare(text: string): Share | undefined {
  const folded = text
    .normalize('NFKC')
    .replace(/[\s⁄]/gu, (c) => (c === '⁄' ? '/' : ''))
    .replace(/[零一二三四五六七八九十]/gu, (digit) => String(DIGITS.indexOf(digit)));
  const fraction = FRACTION.exec(folded);
  const [over, under] =
    fraction !== null ? [fraction[1], fraction[2]] : (CHINESE_FRACTION.exec(folded) ?? []).slice(1).reverse();
  if (over !== undefined && under !== undefined) {
    const [parts, whole] = [BigInt(over), BigInt(under)];
    return parts > 0n && parts <= whole ? { parts, whole, step: 0n } : undefined;
  }
  const match = PERCENT.exec(folded);
  if (match === null) return undefined;
  const [, units = '', decimals = ''] = match;
  const scale = 10n ** BigInt(decimals.length);
  const parts = BigInt(units + decimals);
  // Without a percent sign, a number up to one is the share itself: 0.5 is a half, 1 is the whole.
  const whole = folded.endsWith('%') || parts > scale ? scale * 100n : scale;
  return parts > 0n && parts <= whole ? { parts, whole, step: 1n } : undefined;
}

/**
 * Whether shares make one, exactly; equal decimal shares may miss it by their rounding, as three times
 * 33.33 %.
 */
export function sharesMakeOne(shares: readonly Share[]): boolean {
  const whole = shares.reduce((product, share) => product * share.whole, 1n);
  const sum = shares.reduce((total, share) => total + (whole / share.whole) * share.parts, 0n);
  if (sum === whole) return true;
  const [first] = shares;
  if (first === undefined) return false;
  const isEqual = shares.every((share) => share.parts === first.parts && share.whole === first.whole);
  const miss = sum < whole ? whole - sum : sum - whole;
  const steps = shares.reduce((slack, share) => slack + (whole / share.whole) * share.step, 0n);
  return isEqual && miss * 2n <= steps;
}

const splitShares = (text: string): readonly string[] =>
  text
    .split(/[、,，;；\r\n]+/u)
    .map(trimCell)
    .filter((part) => part !== '' && part !== '-');

/** Reads 共有情况 and 共有份额 of a row, or undefined where a share cannot be read. */
export function readCoOwnership(view: RowView, owners: number, report: Report): CoOwnership | undefined {
  const manner = view.text('coOwn');
  if (manner === '' && view.text('share') === '') return NONE;
  const byShares = manner.includes('按份');
  const inManner = manner.replace(/[^\d./%]+/gu, ' ').trim();
  const field = view.text('share') !== '' ? 'share' : 'coOwn';
  const texts =
    field === 'share' ? splitShares(view.text('share')) : inManner === '' ? [] : inManner.split(' ');
  const shares = texts.map(readShare).filter((share) => share !== undefined);
  if (shares.length !== texts.length) {
    report('REG-R402', view.at(field, { detail: '份额无法识别' }));
    return undefined;
  }
  if (shares.length > 0 && owners > 0 && shares.length !== owners) {
    report('REG-R401', view.at(field, { detail: `${owners} 位业主，${shares.length} 个份额` }));
    return undefined;
  }
  return { byShares, shares };
}
