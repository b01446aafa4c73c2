/** The exported journal of the fund, read back: postings by entry and the closing assertions (SPEC 8.3, FUND-03). */

export type Journal = {
  /** Σ of postings by the transaction's code and the account's name, in fen. */
  readonly postings: ReadonlyMap<string, ReadonlyMap<string, bigint>>;
  /** Balances that the transaction `closing` asserts, in fen. */
  readonly closing: ReadonlyMap<string, bigint>;
};

const TRANSACTION = /^\d{4}-\d{2}-\d{2} \* \(([^)]+)\)/;
const POSTING = /^ {4}(\S.*?) {2,}(-?\d+\.\d{2}) CNY(?: = (-?\d+\.\d{2}) CNY)?$/;

const fenOf = (yuan: string): bigint => BigInt(yuan.replace('.', ''));

/** The journal of a text, or the first line inside a transaction that cannot be read. */
export function readJournal(text: string): Journal | { readonly line: number } {
  const postings = new Map<string, Map<string, bigint>>();
  const closing = new Map<string, bigint>();
  let code: string | undefined;
  for (const [at, line] of text.split('\n').entries()) {
    const start = TRANSACTION.exec(line);
    if (start !== null) code = start[1];
    // Directives and comments of accounts and commodities stand outside transactions.
    else if (!/^[ \t]/.test(line)) code = undefined;
    else if (code !== undefined && !/^\s*;/.test(line)) {
      const [, account = '', amount = '', balance] = POSTING.exec(line) ?? [];
      if (account === '') return { line: at + 1 };
      if (code === 'closing' && balance !== undefined) closing.set(account, fenOf(balance));
      const sums = postings.get(code) ?? new Map<string, bigint>();
      sums.set(account, (sums.get(account) ?? 0n) + fenOf(amount));
      postings.set(code, sums);
    }
  }
  return { postings, closing };
}
