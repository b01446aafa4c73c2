// The book of the maintenance fund: one deposit before the meeting, and after it the authorisation, the hold, the bill and the
// payment, with the shares worked out by hand; and the journal as a bookkeeping program reads it.
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import type { Authorisation, FundEntry } from '../../src/record/fund.ts';
import { authorisationForm, authorisationHash, fundEntryForm, fundEntryHash } from '../../src/record/fund.ts';
import type { RollLeaf } from '../../src/record/roll.ts';
import type { StepName } from './forge.ts';
import type { Story } from './story.ts';
import { BY_TWO } from './story.ts';
import { claimAgain, claimShare, PAID_FEN } from './story-claim.ts';
import { closeWork } from './story-closing.ts';
import type { Convened } from './story-meeting.ts';
import type { Owners } from './story-owners.ts';

/** Account, its kind, the unit it belongs to, and fen: positive is debit. */
export type Line = readonly [string, FundEntry['postings'][number]['accountKind'], string, bigint];

export type Book = {
  readonly fundLines: readonly FundLine[];
  readonly transactions: readonly FundEntry[];
  readonly firstBuilding: RollLeaf['units'];
  /** A published month's record stands after the entries. */
  putLast(line: FundLine): void;
  /** The authorisation's record stands before the entries under it. */
  putFirst(line: FundLine, at?: number): void;
  bookEntry(
    name: StepName,
    entryKind: FundEntry['entryKind'],
    on: string,
    authorisation: string,
    payeeAccount: string,
    lines: readonly Line[],
    signers: readonly string[],
    /** What it says otherwise than a plain entry. */
    more?: Partial<FundEntry>,
  ): void;
};

type FundLine = {
  readonly kind:
    | 'authorisation'
    | 'refund'
    | 'emergency'
    | 'application'
    | 'application-answer'
    | 'fund-entry'
    | 'fund-month'
    | 'revenue-entry'
    | 'revenue-period';
  readonly record: string;
};

/** Accounts that belong to an authorisation. */
const OF_WORK: ReadonlySet<string> = new Set(['unit_held', 'payable', 'claim', 'claim_contra']);

export const bank = '资产:专户存款:建行尾号0071';
export const available = (room: string): string => `负债:分户账:1栋:${room}:可用`;
const held = (room: string): string => `负债:分户账:1栋:${room}:冻结:决议1`;
const payable = '负债:应付:决议1:防水公司';

/** The book begins with one deposit for each unit of the first building. */
export function openBook(story: Story, { unitsOf }: Owners): Book {
  const { forge, world, id, nonce } = story;
  const { community } = world;
  const book = id();
  const fundLines: FundLine[] = [];
  const last: FundLine[] = [];
  const transactions: FundEntry[] = [];
  const firstBuilding = ['ada', 'bao', 'chen'].map((name) => present(unitsOf.get(name)?.[0], name));
  const bookEntry: Book['bookEntry'] = (
    name,
    entryKind,
    on,
    authorisation,
    payeeAccount,
    lines,
    signers,
    more = {},
  ) => {
    forge.before?.(world, name);
    const honest: FundEntry = {
      v: 1,
      kind: 'fund-entry',
      community,
      entry: id(),
      seq: transactions.length + 1,
      entryKind,
      bookedOn: on,
      valueOn: on,
      authorisation,
      reverses: '',
      reference: `REF-${transactions.length + 1}`,
      narrative: '',
      payeeAccount,
      postings: lines.map(([account, accountKind, unit, amountFen]) => ({
        account,
        accountKind,
        unit,
        authorisation: OF_WORK.has(accountKind) ? authorisation : '',
        amountFen: String(amountFen),
      })),
      nonce: nonce(),
      ...more,
    };
    const entry = forge.fund?.(honest, name) ?? honest;
    const bytes = fundEntryForm.bytes(entry);
    transactions.push(entry);
    fundLines.push({ kind: 'fund-entry', record: toBase64Url(bytes) });
    const { seq } = entry;
    const logged = { v: 1, kind: 'fund.entry', community, book, seq, entryKind: entry.entryKind } as const;
    world.append(name, { ...logged, hash: fundEntryHash(bytes) }, signers, `${on}T03:00:00Z`);
  };
  const third = forge.claim === undefined ? 5_000_000n : PAID_FEN;
  bookEntry(
    'deposit',
    'deposit',
    '2026-10-15',
    '',
    '',
    [
      [bank, 'bank', '', 10_000_000n + third],
      ...firstBuilding.map(
        ({ unit, room }, at): Line => [
          available(room),
          'unit_available',
          unit,
          at === 2 ? -third : -5_000_000n,
        ],
      ),
    ],
    [],
  );
  return {
    get fundLines() {
      return [...fundLines, ...last];
    },
    putLast: (line) => last.push(line),
    transactions,
    firstBuilding,
    putFirst: (line, at = 0) => fundLines.splice(at, 0, line),
    bookEntry,
  };
}

/** 10,000,001 fen over 8888, 9010 and 10000 dm²; two fen are left over and go to the rooms 101 and 103. */
export function payFromBook(
  story: Story,
  { firstBuilding, putFirst, bookEntry }: Book,
  convened: Convened,
): void {
  const { forge, world, id, nonce, step } = story;
  const { community, meeting } = world;
  const { proposals, payeeAccount, inMeeting } = convened;
  const honestAuthorisation: Authorisation = {
    v: 1,
    kind: 'authorisation',
    authorisation: id(),
    community,
    meeting,
    proposal: proposals[1]?.proposal ?? '',
    capFen: '10000001',
    payee: '某防水工程公司',
    payeeAccount,
    purpose: '屋面防水',
    shares: [
      { unit: firstBuilding[0]?.unit ?? '', areaDm2: '8888', amountFen: '3185892', remainder: '21770' },
      { unit: firstBuilding[1]?.unit ?? '', areaDm2: '9010', amountFen: '3229622', remainder: '14454' },
      { unit: firstBuilding[2]?.unit ?? '', areaDm2: '10000', amountFen: '3584487', remainder: '19572' },
    ],
    nonce: nonce(),
  };
  const authorisation = forge.authorisation?.(honestAuthorisation) ?? honestAuthorisation;
  const authorisationBytes = authorisationForm.bytes(authorisation);
  putFirst({ kind: 'authorisation', record: toBase64Url(authorisationBytes) });
  step(
    'authorise',
    {
      ...inMeeting,
      kind: 'fund.authorised',
      authorisation: authorisation.authorisation,
      authorisationHash: authorisationHash(authorisationBytes),
    },
    [],
    '2026-12-10T02:30:00Z',
  );
  const under = authorisation.authorisation;
  const amounts = [3_185_892n, 3_229_622n, 3_584_487n];
  const overUnits = (fromKind: 'available' | 'held'): readonly Line[] =>
    firstBuilding.flatMap(({ unit, room }, at): readonly Line[] => {
      const amountFen = amounts[at] ?? 0n;
      return fromKind === 'available'
        ? [
            [available(room), 'unit_available', unit, amountFen],
            [held(room), 'unit_held', unit, -amountFen],
          ]
        : [[held(room), 'unit_held', unit, amountFen]];
    });
  if (claimShare(story, { firstBuilding, bookEntry }, under)) return;
  bookEntry('hold', 'hold', '2026-12-10', under, '', overUnits('available'), []);
  claimAgain(story, { firstBuilding, bookEntry }, under);
  const toAvailable = (): readonly Line[] =>
    firstBuilding.map(({ unit, room }, at) => [
      available(room),
      'unit_available',
      unit,
      -(amounts[at] ?? 0n),
    ]);
  const whole: Line = [payable, 'payable', '', -10_000_001n];
  const none = { back: [], again: [] };
  if (forge.closing?.undone === true) {
    const back = [...overUnits('held'), ...toAvailable()];
    closeWork(story, { bookEntry }, under, { back, again: overUnits('available') });
    return;
  }
  bookEntry('accrue', 'accrue', '2026-12-20', under, '', [...overUnits('held'), whole], []);
  if (forge.closing?.unpaid === true) {
    closeWork(story, { bookEntry }, under, none);
    return;
  }
  bookEntry(
    'pay',
    'pay',
    '2026-12-21',
    under,
    payeeAccount,
    [
      [payable, 'payable', '', 10_000_001n],
      [bank, 'bank', '', -10_000_001n],
    ],
    BY_TWO,
  );
  closeWork(story, { bookEntry }, under, none);
}

const yuan = (fen: bigint): string => {
  const size = fen < 0n ? -fen : fen;
  return `${fen < 0n ? '-' : ''}${size / 100n}.${String(size % 100n).padStart(2, '0')}`;
};

/** The journal of the transactions, with each account's balance asserted at its end. */
export function journalOf(transactions: readonly FundEntry[]): string {
  const balances = new Map<string, bigint>();
  const kinds = new Map(
    transactions.flatMap(({ postings }) => postings.map((leg) => [leg.account, leg.accountKind] as const)),
  );
  const parts = [
    'commodity CNY\n    format 1000.00 CNY\n',
    ...[...kinds].map(
      ([name, kind]) => `account ${name}\n    ; type:${kind === 'bank' || kind === 'claim' ? 'A' : 'L'}\n`,
    ),
  ];
  for (const { bookedOn, valueOn, seq, entryKind, authorisation, postings } of transactions) {
    const lines = postings.map(({ account, amountFen }) => {
      balances.set(account, (balances.get(account) ?? 0n) + BigInt(amountFen));
      return `    ${account}  ${yuan(BigInt(amountFen))} CNY`;
    });
    const under = authorisation === '' ? '' : `, authorisation:${authorisation}`;
    const value = valueOn === bookedOn ? '' : `, value-on:${valueOn}`;
    const head = `${bookedOn} * (${seq}) ${entryKind}  ; kind:${entryKind}${under}${value}`;
    parts.push(`${head}\n${lines.join('\n')}\n`);
  }
  const closing = [...balances].map(([account, sum]) => `    ${account}  0.00 CNY = ${yuan(sum)} CNY`);
  parts.push(`2026-12-31 * (closing) 期末余额核对\n${closing.join('\n')}\n`);
  return parts.join('\n');
}
