/**
 * One key for the spellings of one building: 八座, 第8座, 8座 and 8栋 are proposed as the same (DESIGN §7, X505).
 */

const DIGITS = '零一二三四五六七八九';
const NUMERAL = /[〇零一二两三四五六七八九十百]+(?=期|区|组团|栋|幢|座|号|楼|单元|梯|#|$)/gu;

/** Value of a Chinese numeral up to 999: 十二, 一百零八, or digit by digit as in 一二. */
function numeralValue(numeral: string): string {
  const text = numeral.replaceAll('〇', '零').replaceAll('两', '二');
  if (!/[十百]/u.test(text)) return [...text].map((digit) => DIGITS.indexOf(digit)).join('');
  let total = 0;
  let held = 0;
  for (const letter of text) {
    if (letter === '百') [total, held] = [total + (held || 1) * 100, 0];
    else if (letter === '十') [total, held] = [total + (held || 1) * 10, 0];
    else held = DIGITS.indexOf(letter);
  }
  return String(total + held);
}

const folded = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\s\p{Cf}]/gu, '')
    .toUpperCase()
    .replaceAll('第', '')
    .replace(NUMERAL, numeralValue)
    .replace(/(?<!\d)0+(?=\d)/g, '');

/** A number with its word, as nearly all buildings and stairs are written: the number is the key. */
const NUMBERED_BUILDING = /^([1-9]\d*)(?:号楼|栋楼|栋|幢|座|号|楼|#)?$/u;
const NUMBERED_STAIR = /^([1-9]\d*)(?:号梯|单元|梯|座)?$/u;

/** Equal for the spellings of one building. Empty where the text is nothing but the word for building. */
export const buildingKey = (text: string): string =>
  NUMBERED_BUILDING.exec(text)?.[1] ?? folded(text).replace(/(?:号楼|栋楼|栋|幢|座|号|楼|#)$/u, '');

/** Equal for the spellings of one stair: 一单元, 1单元, 01. */
export const stairKey = (text: string): string =>
  NUMBERED_STAIR.exec(text)?.[1] ?? folded(text).replace(/(?:号梯|单元|梯|座)$/u, '');

/** Equal for the spellings of one room; leading zeros stay, since 0101 and 101 may both exist. */
export const roomKey = (text: string): string =>
  /^[0-9A-Z]+$/.test(text)
    ? text
    : text
        .normalize('NFKC')
        .replace(/[\s\p{Cf}]/gu, '')
        .toUpperCase()
        .replace(/(?:号房|房号|室|房|号|铺)$/u, '');

/** Building with its phase, as one text: 2 and 8栋 are 2期8栋. */
export function withPhase(phase: string, building: string): string {
  if (phase === '' || building.startsWith(phase)) return building;
  return /^[0-9〇零一二三四五六七八九十]+$/u.test(phase) ? `${phase}期${building}` : `${phase}${building}`;
}
