/**
 * Values as findings may show them: `姓*`, `4401************1X`, `138****8000` (DESIGN §5). The file is
 * attacker-controlled and columns may be shifted, so that a name or number can stand under any header.
 */

/** First character, then a star. */
export function maskName(name: string): string {
  const letters = [...name.trim()];
  return letters.length > 1 ? `${letters[0]}*` : '*';
}

/** The first and last characters of a document number, stars between; short ones keep less. */
export function maskNumber(number: string): string {
  const letters = [...number.trim()];
  if (letters.length > 40) return `${letters.slice(0, 4).join('')}…`;
  const [head, tail] = letters.length >= 15 ? [4, 2] : letters.length >= 8 ? [1, 2] : [0, 1];
  if (letters.length <= 2) return '*'.repeat(letters.length);
  return (
    letters.slice(0, head).join('') +
    '*'.repeat(letters.length - head - tail) +
    letters.slice(letters.length - tail).join('')
  );
}

/** Three digits, four stars, the last four; shorter numbers keep two at the end. */
export function maskPhone(phone: string): string {
  const text = phone.trim();
  if (text.length >= 11) return `${text.slice(0, 3)}****${text.slice(text.length - 4)}`;
  return text.length > 4 ? `****${text.slice(text.length - 2)}` : '****';
}

const LONG_DIGITS = /[0-9Xx＊*]{7,}/gu;
const LOOKS_LIKE_NAME = /^\p{Script=Han}{2,4}$/u;
/** Words of buildings, rooms and states; a short Han text without them might be a person. */
const PLACE_WORD = /[栋幢座号楼期区层室铺阁苑轩居庭单元梯车位房库售交付合计总无]/u;

/** Text of a column that holds no person, in case a person stands in it all the same. */
function maskPlain(value: string): string {
  const text = value.trim().replace(/[\p{Cc}\p{Cf}]/gu, (c) => `\\u{${c.codePointAt(0)?.toString(16)}}`);
  if (LOOKS_LIKE_NAME.test(text) && !PLACE_WORD.test(text)) return maskName(text);
  const shown = text.replace(LONG_DIGITS, (run) => (run.length >= 12 ? maskNumber(run) : maskPhone(run)));
  return [...shown].length > 40 ? `${[...shown].slice(0, 40).join('')}…` : shown;
}

/** The value as a finding may show it, by the field that its column stands for. */
export function maskValue(field: string | undefined, value: string): string {
  switch (field) {
    case 'ownerName':
      return maskName(value);
    case 'idNo':
    case 'titleNo':
      return maskNumber(value);
    case 'phone':
      return maskPhone(value);
    case 'mailingAddress':
      return maskName(value);
    default:
      return maskPlain(value);
  }
}
