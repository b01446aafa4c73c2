/**
 * FUND-02 and FUND-03 of what the developer owes: claims are of his units on the roll, of what each lacks for its share after what waits
 * before, and gone at the hold; they are no money (SPEC 8.3 "The developer bears the shares of his units").
 */
import type { Emergency } from '../record/emergency.ts';
import type { Authorisation, FundEntry, FundPosting } from '../record/fund.ts';
import type { FundRecords } from './fund-records.ts';
import type { Account, Note } from './ledger-splits.ts';
import type { Roll } from './roll-checks.ts';
import type { Verification } from './verification.ts';

const CLAIMING: ReadonlySet<FundEntry['entryKind']> = new Set(['claim', 'claim_settled', 'claim_cancelled']);

/** What the community has, or is owed, stands on the debit side. */
export const isDebit = (kind: FundPosting['accountKind']): boolean => kind === 'bank' || kind === 'claim';

/** What the log says around an entry: what was authorised before its own authorisation and is still open, and the next entry of the book. */
export type Around = {
  readonly openBefore: readonly (Authorisation | Emergency)[];
  readonly next: FundEntry | undefined;
};

/** Fen of each unit that earlier authorisations without a hold ask for; none where the entry clears the way for its own hold. */
function askedBefore(
  { entryKind, authorisation }: FundEntry,
  { openBefore, next }: Around,
  held: ReadonlySet<string>,
): ReadonlyMap<string, bigint> {
  const asked = new Map<string, bigint>();
  const isHeldNext = next?.entryKind === 'hold' && next.authorisation === authorisation;
  if (entryKind === 'claim_settled' && isHeldNext) return asked;
  for (const one of openBefore) {
    if (held.has(one.authorisation)) continue;
    for (const { unit, amountFen } of one.shares)
      asked.set(unit, (asked.get(unit) ?? 0n) + BigInt(amountFen));
  }
  return asked;
}

/** Before the entry is posted: each claim that it moves stands afterwards at what its unit lacks, and a hold finds none. */
export function checkClaims(
  entry: FundEntry,
  authorisation: Authorisation | Emergency | undefined,
  around: Around,
  accounts: ReadonlyMap<string, Account>,
  held: ReadonlySet<string>,
  breach: Note,
): void {
  if (entry.entryKind !== 'hold' && !CLAIMING.has(entry.entryKind)) return;
  const claims: Account[] = [];
  const available = new Map<string, bigint>();
  for (const account of accounts.values()) {
    const { kind, unit, balanceFen } = account;
    if (kind === 'claim' && account.authorisation === entry.authorisation) claims.push(account);
    if (kind === 'unit_available') available.set(unit, (available.get(unit) ?? 0n) - balanceFen);
  }
  if (entry.entryKind === 'hold') {
    for (const { name, balanceFen } of claims)
      if (balanceFen !== 0n) breach('FUND-03', `${name} settled before the hold`, `${balanceFen} fen`);
  }
  if (!CLAIMING.has(entry.entryKind)) return;
  const isEnd = entry.entryKind === 'claim_cancelled';
  if (!isEnd && held.has(entry.authorisation))
    breach('FUND-03', `no ${entry.entryKind} after the hold`, entry.authorisation);
  const shares = new Map(authorisation?.shares.map((one) => [one.unit, BigInt(one.amountFen)]) ?? []);
  const claimed = new Map<string, bigint>();
  for (const { unit, balanceFen } of claims) claimed.set(unit, (claimed.get(unit) ?? 0n) + balanceFen);
  const asked = askedBefore(entry, around, held);
  const moved = new Set<string>();
  for (const { accountKind, unit, amountFen } of entry.postings) {
    if (accountKind !== 'claim') continue;
    if (moved.has(unit)) breach('FUND-03', `unit ${unit} once in the entry`, 'twice');
    moved.add(unit);
    const over = (available.get(unit) ?? 0n) - (asked.get(unit) ?? 0n);
    const lacking = (shares.get(unit) ?? 0n) - (over > 0n ? over : 0n);
    const owed = isEnd || lacking < 0n ? 0n : lacking;
    const found = (claimed.get(unit) ?? 0n) + BigInt(amountFen);
    claimed.set(unit, found);
    if (found !== owed) breach('FUND-03', `unit ${unit} is claimed ${owed} fen`, `${found} fen`);
  }
}

/** FUND-02: what is claimed under this meeting's authorisations is of units of the developer on its roll. */
export function checkClaimed(
  { contents, definition, notebook }: Verification,
  roll: Roll | undefined,
  { authorisations, entries }: FundRecords,
): void {
  const own = new Set(
    authorisations
      .filter(({ value }) => value.meeting === definition.meeting)
      .map(({ value }) => value.authorisation),
  );
  const claims = entries.filter(({ value }) => value.entryKind === 'claim' && own.has(value.authorisation));
  if (claims.length === 0) return;
  if (roll === undefined) {
    notebook.cannot('FUND-02', contents.whyNot('roll.jsonl'));
    return;
  }
  const stock = new Set(
    [...roll.leaves.values()]
      .filter(({ basis }) => basis === 'developer-stock')
      .flatMap(({ units }) => units.map(({ unit }) => unit)),
  );
  for (const { where, value } of claims) {
    for (const { accountKind, unit } of value.postings)
      if (accountKind === 'claim')
        notebook.holds(
          'FUND-02',
          `${where} claim`,
          stock.has(unit),
          'a unit of the developer on the roll',
          unit,
        );
  }
}
