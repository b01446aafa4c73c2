// Goal: whatever bookkeeping programs know that adds, moves, renames or hides amounts is refused, and the line is named; what adds up only at
// two decimals, or not at all, too. Method: the export of a small book, one forgery each; the verifier's reader, whose line is looked at, and
// our own acceptance rules, which read it apart.
import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../src/fund/domain/journal-text.ts';
import { journalText } from '../../src/fund/domain/journal-text.ts';
import { readJournal } from '../../src/verifier/journal.ts';
import { journalFaults } from './journal-acceptance.ts';

const BANK = '资产:专户存款:建行尾号0071';
const HOME = '负债:分户账:1幢:101:可用';
const HELD = '负债:分户账:1幢:101:冻结:甲';

const entry = (more: Pick<JournalEntry, 'seq' | 'kind' | 'bookedOn' | 'legs'>): JournalEntry => ({
  valueOn: more.bookedOn,
  authorisation: '',
  reference: '回单 8',
  narrative: '交存',
  ...more,
});

const BOOK = journalText({
  community: 'a'.repeat(26),
  asOf: '2026-12-31',
  entries: [
    entry({
      seq: 1n,
      kind: 'deposit',
      bookedOn: '2026-12-01',
      legs: [
        { name: BANK, amountFen: 6000n },
        { name: HOME, amountFen: -6000n },
      ],
    }),
    entry({
      seq: 2n,
      kind: 'hold',
      bookedOn: '2026-12-02',
      legs: [
        { name: HOME, amountFen: 2000n },
        { name: HELD, amountFen: -2000n },
      ],
    }),
  ],
  accounts: [
    { name: BANK, kind: 'bank', closingFen: 6000n },
    { name: HOME, kind: 'unit_available', closingFen: 4000n },
    { name: HELD, kind: 'unit_held', closingFen: 2000n },
  ],
});

type Forgery = readonly [name: string, text: string, line: string];

/** A block of its own above the entries; the line at fault is its first, or the one that is given. */
const block = (name: string, lines: string, at = lines.split('\n')[0] ?? ''): Forgery => [
  name,
  BOOK.replace('\n\n2026-12-01', `\n\n${lines}\n\n2026-12-01`),
  at,
];
const DEPOSIT = `    ${BANK}  60.00 CNY`;
/** The bank's leg of the deposit, or another line, written otherwise. */
const line = (name: string, to: string, from = DEPOSIT): Forgery => [name, BOOK.replace(from, to), to];
/** A line more below the bank's leg of the deposit. */
const below = (name: string, more: string): Forgery => [
  name,
  BOOK.replace(DEPOSIT, `${DEPOSIT}\n${more}`),
  more,
];
const HEAD = /2026-12-01 \* \(1\).*/.exec(BOOK)?.[0] ?? '';
const head = (name: string, from: string, to: string): Forgery => line(name, HEAD.replace(from, to), HEAD);

const DIRECTIVES: readonly Forgery[] = [
  block('an automated rule', `= ${BANK}\n    x  1.00 CNY\n    y  -1.00 CNY`),
  block('an automated rule by an expression', '= expr true\n    x  1.00 CNY'),
  block('a periodic transaction', `~ monthly\n    ${BANK}  1.00 CNY\n    ${HOME}  -1.00 CNY`),
  block('an alias', `alias ${HOME}=${BANK}`),
  block('an alias by a pattern', 'alias /负债/ = 资产'),
  block('an end of aliases', 'end aliases'),
  block('an apply account', 'apply account 他处'),
  block('an end of it', 'end apply account'),
  block('an apply tag', 'apply tag date: 2020-01-01'),
  block('an apply fixed', 'apply fixed CNY 2.00 USD'),
  block('an include', 'include other.journal'),
  block('an include of ledger', '!include other.journal'),
  block('an include by a timeclock', 'include timeclock:x.timeclock'),
  block('a price', 'P 2026-12-01 CNY 2.00 USD'),
  block('a conversion', 'C 1.00 CNY = 2.00 USD'),
  block('a default commodity', 'D 1,000.00 CNY'),
  block('a default commodity, spelt out', 'commodity CNY\n    default'),
  block('another commodity', 'commodity USD\n    format 1000.00 USD'),
  block('a commodity of another precision', 'commodity CNY\n    format 1000 CNY'),
  block('a commodity twice', 'commodity CNY\n    format 1000.00 CNY'),
  block('no market price of a commodity', 'N CNY'),
  block('a year', 'Y 2020'),
  block('a year, spelt out', 'year 2020'),
  block('a year in force', 'apply year 2020'),
  block('a decimal mark', 'decimal-mark ,'),
  block('a default account', `bucket ${BANK}`),
  block('a default account, short', `A ${BANK}`),
  block('a payee', 'payee 某防水工程公司'),
  block('a tag', 'tag kind'),
  block('a definition', 'define amount=1.00 CNY'),
  block('an assertion by an expression', 'assert true'),
  block('an evaluation', 'eval x=1'),
  block('a program', 'python\n    pass'),
  block('a value', 'value 2'),
  block('a block comment', 'comment\nx\nend comment'),
  block('a block that is a test', 'test\nx\nend test'),
  block('time that is clocked in', 'i 2026-12-01 09:00:00 x'),
  block('an option', '--strict'),
  block('a comment of another sign', '# x'),
  block('a comment of one more', '* x'),
  block('a comment above what is none', `; x\nalias ${HOME}=${BANK}`, `alias ${HOME}=${BANK}`),
  block('a comment that turns the line around', '; \u202E x'),
  block('a line that seems empty', ' '),
];

const ACCOUNTS: readonly Forgery[] = [
  block('an account twice', `account ${BANK}\n    ; type:A`),
  block('an account with an alias', 'account 资产:乙\n    ; type:A\n    alias 丙', '    alias 丙'),
  block('an account that is a payee', 'account 资产:乙\n    payee 丙', '    payee 丙'),
  block('an account with a default', 'account 资产:乙\n    default', '    default'),
  block('an account with its type beside it', 'account 资产:乙  ; type:A'),
  block('an account of capital', 'account 资产:乙\n    ; type:E', '    ; type:E'),
  block('an account without a type', 'account 资产:乙', ''),
  block('an account that nothing closes', 'account 资产:乙\n    ; type:A'),
  ['an account above its commodity', BOOK.replace(/commodity CNY\n.*\n\n/u, ''), `account ${HELD}`],
  ['an account that nobody declared', BOOK.replace(`account ${BANK}\n    ; type:A\n\n`, ''), DEPOSIT],
  ['a bank that is owed', BOOK.replace('; type:A', '; type:L'), HEAD],
];

const POSTINGS: readonly Forgery[] = [
  line('no amount', `    ${BANK}`),
  line('an assertion in place of an amount', `    ${BANK}  = 60.00 CNY`),
  line('an assignment', `    ${BANK}  := 60.00 CNY`),
  line('an assertion beside the amount', `${DEPOSIT} = 60.00 CNY`),
  line('an assertion of the whole', `${DEPOSIT} == 60.00 CNY`),
  line('a third decimal', `    ${BANK}  60.005 CNY`),
  line('no decimals', `    ${BANK}  60 CNY`),
  line('a comma in the number', `    ${BANK}  6,000.00 CNY`),
  line('a nought before the number', `    ${BANK}  060.00 CNY`),
  line('digits of another script', `    ${BANK}  ６０.00 CNY`),
  line('a sign of plus', `    ${BANK}  +60.00 CNY`),
  line('an exponent', `    ${BANK}  6E1 CNY`),
  line('an expression', `    ${BANK}  (30.00 CNY * 2)`),
  line('a factor', `    ${BANK}  *1`),
  line('another commodity', `    ${BANK}  60.00 USD`),
  line('a commodity before the number', `    ${BANK}  CNY 60.00`),
  line('no commodity', `    ${BANK}  60.00`),
  line('a virtual posting', `    (${BANK})  60.00 CNY`),
  line('a balanced virtual posting', `    [${BANK}]  60.00 CNY`),
  line('a deferred posting', `    <${BANK}>  60.00 CNY`),
  line('a cost', `${DEPOSIT} @ 1.00 CNY`),
  line('a whole cost', `${DEPOSIT} @@ 60.00 CNY`),
  line('a virtual cost', `${DEPOSIT} (@) 1.00 CNY`),
  line('a lot', `${DEPOSIT} {1.00 CNY}`),
  line('the day of a lot', `${DEPOSIT} [2020-01-01]`),
  line('a day', `${DEPOSIT}  ; date:2020-01-01`),
  line('a day in brackets', `${DEPOSIT}  ; [2020-01-01]`),
  line('another payee', `${DEPOSIT}  ; Payee: 丙`),
  line('a comment that ends the number', `${DEPOSIT};`),
  below('a comment of its own', '    ; date:2020-01-01'),
  line('a state', `    ! ${BANK}  60.00 CNY`),
  line('one space before the number', `    ${BANK} 60.00 CNY`),
  line('a tab before the number', `    ${BANK}\t60.00 CNY`),
  line('a space that is none', `    ${BANK}\u00a0 60.00 CNY`),
  line('a return at its end', `${DEPOSIT}\r`),
  line('a line feed that is none', `${DEPOSIT}\u2028`),
];

const HEADS: readonly Forgery[] = [
  head('a second date', '2026-12-01', '2026-12-01=2020-01-01'),
  head('a day that is none', '2026-12-01', '2026-11-31'),
  head('a date without noughts', '2026-12-01', '2026-12-1'),
  head('slashes in the date', '2026-12-01', '2026/12/01'),
  head('no year', '2026-12-01', '12-01'),
  head('a state of waiting', '*', '!'),
  head('no state', '* ', ''),
  head('no code', ' (1)', ''),
  head('a code out of turn', '(1)', '(2)'),
  head('a code with a nought', '(1)', '(01)'),
  head('a day in its comment', 'kind:deposit', 'date:2020-01-01'),
  head('a day beside its kind', 'kind:deposit', 'kind:deposit, date:2020-01-01'),
  head('a value day twice', 'kind:deposit', 'kind:deposit, value-on:2026-12-01, value-on:2020-01-01'),
  head('a payee in its comment', 'kind:deposit', 'kind:deposit, payee:x'),
  head('a second comment', 'kind:deposit', 'kind:deposit ; x'),
  head('a comment in its text', '交存', '交;存'),
  head('two spaces in its text', '交存', '交  存'),
  head('a text that turns around', '交存', '交\u202E存'),
  [
    'dates that go back',
    BOOK.replace('2026-12-02 *', '2026-11-30 *'),
    /2026-12-02.*/.exec(BOOK)?.[0].replace('12-02', '11-30') ?? '',
  ],
];

const CLOSING = `    ${BANK}  0.00 CNY = 60.00 CNY`;
const SUMS: readonly Forgery[] = [
  ['a fen too much', BOOK.replace(DEPOSIT, DEPOSIT.replace('60.00', '60.01')), HEAD],
  ['one posting split in two that do not add up', BOOK.replace(DEPOSIT, `${DEPOSIT}\n${DEPOSIT}`), HEAD],
  ['no postings', BOOK.replace(`${HEAD}\n${DEPOSIT}\n    ${HOME}  -60.00 CNY`, HEAD), HEAD],
  below('a posting of nothing', `    ${HELD}  0.00 CNY`),
  ['an account below zero', BOOK.replaceAll('20.00 CNY', '70.00 CNY'), /2026-12-02 .*/.exec(BOOK)?.[0] ?? ''],
  line('a closing balance of another amount', CLOSING.replace('60.00', '60.01'), CLOSING),
  line('a closing that moves', CLOSING.replace('0.00', '1.00'), CLOSING),
  line('a closing without an assertion', CLOSING.replace(' = 60.00 CNY', ''), CLOSING),
  ['an account that is closed twice', BOOK.replace(`${CLOSING}\n`, `${CLOSING}\n${CLOSING}\n`), CLOSING],
  ['an account that is not closed', BOOK.replace(`${CLOSING}\n`, ''), `account ${BANK}`],
  ['no closing', BOOK.replace(/\n\n[^\n]*\(closing\)[\s\S]*$/, '\n'), `account ${HELD}`],
  ['an entry after the closing', `${BOOK}\n2026-12-31 * (3) x\n${DEPOSIT}\n`, '2026-12-31 * (3) x'],
];

describe('the export', () => {
  it('of the book is read to its last line by both', () => {
    expect(readJournal(BOOK)).not.toHaveProperty('line');
    expect(journalFaults(BOOK)).toEqual([]);
  });
});

describe.each([
  ['directives', DIRECTIVES],
  ['accounts', ACCOUNTS],
  ['postings', POSTINGS],
  ['first lines of entries', HEADS],
  ['sums', SUMS],
])('of %s', (_what, forgeries) => {
  it.each(forgeries)('%s is refused, and its line named', (_name, text, wanted) => {
    expect(text).not.toBe(BOOK);
    const read = readJournal(text);
    if (!('line' in read)) throw new Error('the journal was read');
    expect(text.split('\n')[read.line - 1]).toBe(wanted);
    expect(journalFaults(text)).not.toEqual([]);
  });
});
