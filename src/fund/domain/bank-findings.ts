/** What there is to say of a bank's file, line by line: one closed list of codes, with a sentence for people (SPEC 8.3). */

const CODES = {
  'FUND-F001': ['error', '文件不是完整的 CSV', 'the file is not a whole CSV'],
  'FUND-F002': ['error', '缺少必要的列', 'a necessary column is missing'],
  'FUND-F003': ['error', '文件中没有数据行', 'the file has no lines of data'],
  'FUND-F004': ['error', '超过5000行，请分开', 'more than 5,000 lines; divide the file'],
  'FUND-F010': [
    'error',
    '回单号为空、过长或含有不可见字符',
    'the receipt number is empty, too long, or has invisible characters',
  ],
  'FUND-F011': ['error', '同一回单号出现两次', 'the receipt number occurs twice'],
  'FUND-F012': [
    'error',
    '金额应为大于零的元，最多两位小数',
    'the amount is not yuan above zero with at most two decimals',
  ],
  'FUND-F013': ['error', '日期无法读取', 'the date cannot be read'],
  'FUND-F014': ['error', '日期晚于今天', 'the date is after today'],
  'FUND-F015': ['error', '名册中没有这一户', 'the register has no such unit'],
  'FUND-F016': ['error', '这一行可指几户，请写明单元', 'the line fits several units; give the stair'],
  'FUND-F017': ['error', '账簿中同一回单号的内容不同', 'the book has this receipt number with other content'],
  'FUND-F020': [
    'warning',
    '名册中没有这一户，记入待查收款',
    'the register has no such unit; booked as money of an unknown payer',
  ],
  'FUND-F021': [
    'warning',
    '这一行可指几户，记入待查收款',
    'the line fits several units; booked as money of an unknown payer',
  ],
  'FUND-F022': [
    'info',
    '没有写明房屋，记入待查收款',
    'no unit is given; booked as money of an unknown payer',
  ],
  'FUND-F023': ['info', '这张回单已经入账', 'the receipt stands in the book already'],
  'FUND-F030': [
    'error',
    '收入和支出应有且只有一项',
    'a line has either money that came in or money that went out',
  ],
  'FUND-F031': ['error', '日期不在核对期内', 'the date is outside the period'],
} as const satisfies Record<`FUND-F${string}`, readonly ['error' | 'warning' | 'info', string, string]>;

export type BankFileCode = keyof typeof CODES;

/** What is to be said of a line. Rows count from 1 with the header; null where it is said of the whole file. */
export type BankFinding = {
  readonly code: BankFileCode;
  readonly level: 'error' | 'warning' | 'info';
  readonly row: number | null;
  /** What the line calls the unit, its receipt number, or the missing columns; never a payer's name. */
  readonly where: string;
  readonly zh: string;
  readonly en: string;
};

/** A finding by its code. */
export const bankFinding = (code: BankFileCode, row: number | null, where: string): BankFinding => {
  const [level, zh, en] = CODES[code];
  return { code, level, row, where, zh, en };
};

/** Whether nothing may be taken from a file with these findings. */
export const blocksFile = (findings: readonly BankFinding[]): boolean =>
  findings.some(({ level }) => level === 'error');
