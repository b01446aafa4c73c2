/** FUND-03 of money of unknown payers: each identification names the receipt that it is of, and takes no more of it than came in (SPEC 8.3). */
import type { FundEntry } from '../record/fund.ts';
import type { Note } from './ledger-splits.ts';

/** What an identification says that names its receipt by number. */
const NAMED = /^认领第([1-9][0-9]{0,14})笔$/;
/** What one said before identifications had to name a receipt. */
const UNNAMED = '待查认领';

type Receipt = { readonly seq: number; readonly amountFen: bigint; identifiedFen: bigint };

/** The receipts of unknown payers that stand, by the id of their entry, and whether an identification has named one yet. */
export type UnknownPayers = { readonly receipts: Map<string, Receipt>; isNaming: boolean };

export const noUnknownPayers = (): UnknownPayers => ({ receipts: new Map(), isNaming: false });

/** What an entry moves of the money that nobody is known to have paid, in fen. */
const movedFen = ({ postings }: FundEntry): bigint =>
  postings
    .filter(({ accountKind }) => accountKind === 'deposit_unidentified')
    .reduce((sum, { amountFen }) => sum + BigInt(amountFen), 0n);

/** Takes the next entry of a book along; entries of other kinds pass. */
export function checkIdentified(entry: FundEntry, payers: UnknownPayers, breach: Note): void {
  const { receipts } = payers;
  if (entry.entryKind === 'deposit_unidentified')
    receipts.set(entry.entry, { seq: entry.seq, amountFen: -movedFen(entry), identifiedFen: 0n });
  if (entry.entryKind === 'deposit_reversed') {
    const given = receipts.get(entry.reverses)?.identifiedFen ?? 0n;
    if (given > 0n) breach('FUND-03', 'a receipt of which nothing was identified', `${given} fen identified`);
    receipts.delete(entry.reverses);
  }
  if (entry.entryKind === 'deposit_identified') identify(entry, payers, breach);
}

function identify(entry: FundEntry, payers: UnknownPayers, breach: Note): void {
  const named = NAMED.exec(entry.narrative)?.[1];
  if (named === undefined) {
    const isOld = entry.narrative === UNNAMED && !payers.isNaming;
    if (!isOld) breach('FUND-03', 'the number of the receipt that is identified', entry.narrative || 'none');
    return;
  }
  payers.isNaming = true;
  const receipt = [...payers.receipts.values()].find(({ seq }) => String(seq) === named);
  if (receipt === undefined) {
    breach('FUND-03', 'an earlier deposit_unidentified that stands', `entry ${named}`);
    return;
  }
  receipt.identifiedFen += movedFen(entry);
  if (receipt.identifiedFen > receipt.amountFen)
    breach('FUND-03', `at most ${receipt.amountFen} fen of entry ${named}`, `${receipt.identifiedFen} fen`);
}
