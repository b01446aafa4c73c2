/** Amounts as people read them: yuan with groups of three digits. */
import { parseDecimal } from '../../base/area.ts';
import { showYuan } from '../../base/fen.ts';

/** `115,400.00` of a decimal text in fen. */
export const yuanWords = (amountFen: string): string =>
  showYuan(parseDecimal(amountFen) ?? 0n).replace(/\B(?=(\d{3})+\.)/g, ',');
