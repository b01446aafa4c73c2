/**
 * The book as a plain-text journal that `hledger check -s` and `ledger --strict --pedantic` both accept, the same bytes each
 * time. Postings come from the postings and the closing assertions from the stored balances, so that an outside tool proves
 * that they agree; DESIGN §6, §7 "Fund". Attacker-controlled texts (narratives) are flattened here.
 */
import { compareText } from '../../base/bytes.ts';
import { showYuan } from '../../base/fen.ts';
import type { AccountKind, EntryKind } from './entry-shapes.ts';
import { ENTRY_WORDS, isDebitKind } from './entry-shapes.ts';

/** An account with its stored balance at the date, on its normal side, in fen. */
export type JournalAccount = {
  readonly name: string;
  readonly kind: AccountKind;
  readonly closingFen: bigint;
};

/** An entry with its legs in order, debit positive, in fen. */
export type JournalEntry = {
  readonly seq: bigint;
  readonly kind: EntryKind;
  readonly bookedOn: string;
  readonly valueOn: string;
  readonly authorisation: string;
  readonly reference: string;
  readonly narrative: string;
  readonly legs: readonly { readonly name: string; readonly amountFen: bigint }[];
};

/** A book as of a date: entries in order of `seq`, and the accounts that they touch. */
export type Journal = {
  readonly community: string;
  readonly asOf: string;
  readonly entries: readonly JournalEntry[];
  readonly accounts: readonly JournalAccount[];
};

const FREE_TEXT_LENGTH = 120;

/** A free text on one line that cannot end the description, forge a transaction or steer a terminal. */
export const flatText = (text: string): string =>
  [
    ...text
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Zs}]+/gu, ' ')
      .replaceAll(';', '；')
      .replaceAll('|', '｜')
      .trim(),
  ]
    .slice(0, FREE_TEXT_LENGTH)
    .join('')
    .trim();

const money = (amountFen: bigint): string => `${showYuan(amountFen)} CNY`;

/** Two spaces end the account's name. */
const posting = (name: string, amountFen: bigint): string => `    ${name}  ${money(amountFen)}`;

function transaction(entry: JournalEntry): string {
  const said = [entry.narrative, entry.reference].map(flatText).filter((text) => text !== '');
  const tags = [
    `kind:${entry.kind}`,
    ...(entry.authorisation === '' ? [] : [`authorisation:${entry.authorisation}`]),
    ...(entry.valueOn === entry.bookedOn ? [] : [`value-on:${entry.valueOn}`]),
  ];
  const head = [ENTRY_WORDS[entry.kind], ...said].join(' | ');
  return [
    `${entry.bookedOn} * (${entry.seq}) ${head}  ; ${tags.join(', ')}`,
    ...entry.legs.map(({ name, amountFen }) => posting(name, amountFen)),
  ].join('\n');
}

const declaration = ({ name, kind }: JournalAccount): string =>
  `account ${name}\n    ; type:${isDebitKind(kind) ? 'A' : 'L'}`;

function closing(asOf: string, accounts: readonly JournalAccount[]): string {
  const lines = accounts.map(({ name, kind, closingFen }) => {
    const balance = isDebitKind(kind) ? closingFen : -closingFen;
    return `${posting(name, 0n)} = ${money(balance)}`;
  });
  return [`${asOf} * (closing) 期末余额核对`, ...lines].join('\n');
}

/** The text of a journal, ending in a line feed. */
export function journalText(journal: Journal): string {
  const accounts = [...journal.accounts].sort((a, b) => compareText(a.name, b.name));
  const parts = [
    `; 住宅专项维修资金日记账 maintenance fund of community ${journal.community}, as of ${journal.asOf}\n` +
      `; ${journal.entries.length} 笔分录 entries; amounts in CNY`,
    'commodity CNY\n    format 1000.00 CNY',
    ...accounts.map(declaration),
    ...journal.entries.map(transaction),
    ...(accounts.length === 0 ? [] : [closing(journal.asOf, accounts)]),
  ];
  return `${parts.join('\n\n')}\n`;
}
