// Goal: trees, shares, ledger and journal are computed rightly by the verifier's own code. Method: against record/merkle.ts for
// the trees, law-sheet cases A1, A3, A5 and random cases for the shares, and one small book for each rule of the ledger.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex, utf8 } from '../../src/base/bytes.ts';
import type { Authorisation, FundEntry } from '../../src/record/fund.ts';
import { leafHash, rootOfHashes, verifyInclusion } from '../../src/record/merkle.ts';
import { allocate } from '../../src/verifier/allocation.ts';
import { differences } from '../../src/verifier/difference.ts';
import { historyTree } from '../../src/verifier/history-tree.ts';
import { readJournal } from '../../src/verifier/journal.ts';
import { openBook } from '../../src/verifier/ledger-replay.ts';

describe('the tree of a history', () => {
  const leaves = Array.from({ length: 70 }, (_, i) => leafHash(utf8(`entry ${i}`)));
  it('has the root of RFC 6962 at every size', () => {
    for (let size = 0; size <= leaves.length; size += 1) {
      const tree = historyTree(leaves.slice(0, size));
      expect(toHex(tree.rootAt(size))).toBe(toHex(rootOfHashes(leaves.slice(0, size))));
      expect(toHex(historyTree(leaves).rootAt(size))).toBe(toHex(tree.rootAt(size)));
    }
  });
  it('proves every entry at every size', () => {
    for (let size = 1; size <= leaves.length; size += 1) {
      const tree = historyTree(leaves.slice(0, size));
      for (let index = 0; index < size; index += 1) {
        const leaf = leaves[index] ?? new Uint8Array();
        expect(verifyInclusion(leaf, index, size, tree.rootAt(size), tree.proofOf(index))).toBe(true);
      }
    }
  });
  it('of 255, 256 and 257 entries has the published roots', () => {
    const many = Array.from({ length: 257 }, (_, i) => leafHash(utf8(`entry ${i}`)));
    const tree = historyTree(many);
    expect([255, 256, 257].map((size) => Buffer.from(tree.rootAt(size)).toString('base64'))).toEqual([
      'z2Z5PmMp3/JC6zzuCm82rT46GW3MVzoex3XhAr6GPxw=',
      '2mWW2VNp9f7zIquOTg2jsLUCNqqcijsdJG90Ecni4y4=',
      'XB/f6DU1gCLyOS3keNvgU/wTDP4dOggoeakM9r8Uv34=',
    ]);
    expect(fromHex('')).toEqual(new Uint8Array());
  });
});

describe('shares', () => {
  const amounts = (total: bigint, areas: readonly bigint[]): readonly bigint[] => {
    const shares = allocate(
      total,
      areas.map((areaDm2, at) => ({ unit: String.fromCharCode(97 + at), areaDm2 })),
    );
    return [...shares.values()].map(({ amountFen }) => amountFen);
  };
  it('A1, A3 and A5 of the law sheet', () => {
    expect(amounts(10_000n, [1n, 1n, 1n])).toEqual([3334n, 3333n, 3333n]);
    expect(amounts(8_765_432n, [9013n, 9013n, 9013n, 11_277n, 10_450n])).toEqual([
      1_620_039n,
      1_620_039n,
      1_620_039n,
      2_026_982n,
      1_878_333n,
    ]);
    expect(amounts(2n, [100n, 100n, 100n, 100n, 1n])).toEqual([1n, 1n, 0n, 0n, 0n]);
  });
  it('sum to the whole, each within one fen of its due', () => {
    const areas = fc.array(fc.bigInt({ min: 1n, max: 50_000n }), { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), areas, (total, each) => {
        const found = amounts(total, each);
        const whole = each.reduce((sum, one) => sum + one, 0n);
        expect(found.reduce((sum, one) => sum + one, 0n)).toBe(total);
        for (const [at, amountFen] of found.entries()) {
          const floor = (total * (each[at] ?? 0n)) / whole;
          expect(amountFen === floor || amountFen === floor + 1n).toBe(true);
        }
      }),
    );
  });
});

describe('the ledger', () => {
  const unit = 'u'.repeat(26);
  const id = (letter: string): string => letter.repeat(26);
  const authorisation: Authorisation = {
    v: 1,
    kind: 'authorisation',
    authorisation: id('x'),
    community: id('c'),
    meeting: id('m'),
    proposal: id('p'),
    capFen: '100',
    payee: '公司',
    payeeAccount: 'A'.repeat(43),
    purpose: '',
    shares: [{ unit, areaDm2: '1', amountFen: '100', remainder: '0' }],
    nonce: 'A'.repeat(22),
  };
  type Line = readonly [FundEntry['postings'][number]['accountKind'], number, string?];
  const entry = (
    entryKind: FundEntry['entryKind'],
    lines: readonly Line[],
    more: Partial<FundEntry> = {},
  ): FundEntry => {
    const isUnder = ['hold', 'accrue', 'pay', 'release', 'accrual_cancelled', 'pay_returned'].includes(
      entryKind,
    );
    return {
      v: 1,
      kind: 'fund-entry',
      community: id('c'),
      entry: id(entryKind.charAt(0)),
      seq: 1,
      entryKind,
      bookedOn: '2026-01-01',
      valueOn: '2026-01-01',
      authorisation: isUnder ? id('x') : '',
      reverses: '',
      reference: '',
      narrative: '',
      payeeAccount: entryKind === 'pay' ? 'A'.repeat(43) : '',
      postings: lines.map(([accountKind, fen, account = accountKind]) => ({
        account,
        accountKind,
        unit: accountKind === 'unit_available' || accountKind === 'unit_held' ? unit : '',
        authorisation: accountKind === 'unit_held' || accountKind === 'payable' ? id('x') : '',
        amountFen: String(fen),
      })),
      nonce: 'A'.repeat(22),
      ...more,
    };
  };
  const deposit = entry('deposit', [
    ['bank', 100],
    ['unit_available', -100],
  ]);
  const hold = entry('hold', [
    ['unit_available', 100],
    ['unit_held', -100],
  ]);
  const accrue = entry('accrue', [
    ['unit_held', 100],
    ['payable', -100],
  ]);
  const pay = entry('pay', [
    ['payable', 100],
    ['bank', -100],
  ]);
  /** The breaches of the last entry after the earlier ones, which have none. */
  const last = (...entries: readonly FundEntry[]): readonly string[] => {
    const book = openBook();
    const found = entries.map((one) =>
      book
        .apply(one, one.authorisation === '' ? undefined : authorisation)
        .map(({ rule, expected }) => `${rule} ${expected}`),
    );
    for (const earlier of found.slice(0, -1)) expect(earlier).toEqual([]);
    return found.at(-1) ?? [];
  };

  it('the whole road, and every kind of return, has no breach', () => {
    expect(last(deposit, hold, accrue, pay)).toEqual([]);
    const back = entry(
      'pay_returned',
      [
        ['bank', 100],
        ['payable', -100],
      ],
      { reverses: id('p'), entry: id('q') },
    );
    const cancelled = entry(
      'accrual_cancelled',
      [
        ['payable', 100],
        ['unit_held', -100],
      ],
      { reverses: id('a'), entry: id('s') },
    );
    const release = entry('release', [
      ['unit_held', 100],
      ['unit_available', -100],
    ]);
    const reversed = entry(
      'deposit_reversed',
      [
        ['unit_available', 100],
        ['bank', -100],
      ],
      { reverses: id('d'), entry: id('t') },
    );
    expect(last(deposit, hold, accrue, pay, back, cancelled, release, reversed)).toEqual([]);
    const nextDay = { bookedOn: '2026-01-02', valueOn: '2026-01-02' };
    const interest = entry('interest_received', [
      ['bank', 7],
      ['interest_undistributed', -7],
    ]);
    const shared = entry(
      'interest_distributed',
      [
        ['interest_undistributed', 7],
        ['unit_available', -7],
      ],
      { entry: id('j'), ...nextDay },
    );
    const moved = entry(
      'bank_moved',
      [
        ['bank', 7, 'term'],
        ['bank', -7],
      ],
      nextDay,
    );
    expect(last(deposit, interest, shared, moved)).toEqual([]);
    const unknown = entry('deposit_unidentified', [
      ['bank', 7],
      ['deposit_unidentified', -7],
    ]);
    const known = entry(
      'deposit_identified',
      [
        ['deposit_unidentified', 7],
        ['unit_available', -7],
      ],
      { entry: id('k'), narrative: '认领第1笔' },
    );
    expect(last(unknown, known)).toEqual([]);
  });
  it('each rule has its breach', () => {
    const receipt = { ...deposit, reference: '回单 甲1' };
    const later = { bookedOn: '2026-01-03', valueOn: '2026-01-03' };
    const interest = entry('interest_received', [
      ['bank', 7],
      ['interest_undistributed', -7],
    ]);
    const share = (fen: number, more: Partial<FundEntry>) =>
      entry(
        'interest_distributed',
        [
          ['interest_undistributed', fen],
          ['unit_available', -fen],
        ],
        { entry: id('j'), ...later, ...more },
      );
    const cancelled = (fen: number, more: Partial<FundEntry>) =>
      entry(
        'accrual_cancelled',
        [
          ['payable', fen],
          ['unit_held', -fen],
        ],
        { reverses: id('a'), entry: id('s'), ...later, ...more },
      );
    const undone: readonly (readonly [readonly FundEntry[], string])[] = [
      [[{ ...deposit, valueOn: '2026-01-02' }], 'FUND-03 of value on 2026-01-01 or before'],
      [[receipt, { ...receipt, entry: id('t') }], 'FUND-03 each receipt once'],
      [[deposit, interest, share(6, {})], 'FUND-03 7 fen, all of the interest'],
      [
        [
          deposit,
          interest,
          share(7, {}),
          { ...interest, ...later, entry: id('k') },
          share(7, { entry: id('l') }),
        ],
        'FUND-03 a period that ends after 2026-01-03',
      ],
      [[interest, share(7, {})], 'FUND-03 an amount to share, and units that share it'],
      [[deposit, hold, accrue, cancelled(100, {})], 'FUND-03 value date 2026-01-01'],
      [[deposit, hold, accrue, cancelled(99, {})], 'FUND-03 payable 100; unit_held -100'],
    ];
    const breaches: readonly (readonly [readonly FundEntry[], string])[] = [
      [[deposit, deposit], 'FUND-03 an entry id used once'],
      [[deposit, { ...hold, bookedOn: '2025-12-31' }], 'FUND-03 booked on 2026-01-01 or later'],
      [
        [
          entry('deposit', [
            ['bank', 100],
            ['unit_available', -99],
          ]),
        ],
        'FUND-03 a sum of 0',
      ],
      [
        [
          entry('deposit', [
            ['bank', 0],
            ['unit_available', 0],
          ]),
        ],
        'FUND-03 an amount',
      ],
      [
        [
          entry('deposit', [
            ['bank', 100],
            ['payable', -100],
          ]),
        ],
        'FUND-03 deposit: credit unit_available',
      ],
      [[deposit, pay], 'FUND-03 payable not overdrawn'],
      [
        [
          deposit,
          entry('hold', [
            ['unit_available', 101],
            ['unit_held', -101],
          ]),
        ],
        `FUND-02 held at most 100 fen`,
      ],
      [[deposit, { ...hold, reverses: id('d') }], 'FUND-03 hold reverses nothing'],
      [
        [
          entry('deposit_reversed', [
            ['unit_available', 1],
            ['bank', -1],
          ]),
        ],
        'FUND-03 an earlier deposit or deposit_unidentified, reversed once',
      ],
      [
        [
          deposit,
          entry(
            'deposit_reversed',
            [
              ['unit_available', 1],
              ['bank', -1],
            ],
            { reverses: id('d'), entry: id('t') },
          ),
        ],
        'FUND-03 bank -100; unit_available 100',
      ],
      [[deposit, hold, accrue, { ...pay, payeeAccount: '' }], `FUND-02 payee account ${'A'.repeat(43)}`],
      [[deposit, { ...hold, authorisation: '' }], 'FUND-02 an earlier fund.authorised'],
      [[{ ...deposit, authorisation: id('x') }], 'FUND-02 deposit without one'],
      [
        [
          deposit,
          entry('refund', [
            ['unit_available', 1],
            ['payable', -1],
          ]),
        ],
        'FUND-02 a refund.authorised of its own',
      ],
      [
        [deposit, { ...hold, postings: hold.postings.map((one) => ({ ...one, unit: '' })) }],
        'FUND-03 unit_held with its own owner',
      ],
    ];
    for (const [entries, breach] of [...breaches, ...undone]) expect(last(...entries)).toContain(breach);
  });
  it('interest that goes by another measure than balance-days is a breach', () => {
    const other = id('w');
    const both = (
      first: FundEntry,
      accounts: readonly string[],
      fen: readonly [string, string],
    ): FundEntry => ({
      ...first,
      postings: first.postings.flatMap((one) =>
        accounts.includes(one.account)
          ? [
              { ...one, amountFen: fen[0] },
              { ...one, account: `${one.account} 2`, unit: other, amountFen: fen[1] },
            ]
          : [one],
      ),
    });
    const paidIn = both(
      entry('deposit', [
        ['bank', 100],
        ['unit_available', -100],
      ]),
      ['unit_available'],
      ['-50', '-50'],
    );
    const interest = entry('interest_received', [
      ['bank', 8],
      ['interest_undistributed', -8],
    ]);
    const share = (fen: readonly [string, string]) =>
      both(
        entry(
          'interest_distributed',
          [
            ['interest_undistributed', 8],
            ['unit_available', -8],
          ],
          { entry: id('j'), bookedOn: '2026-01-02', valueOn: '2026-01-02' },
        ),
        ['unit_available'],
        fen,
      );
    expect(last(paidIn, interest, share(['-4', '-4']))).toEqual([]);
    expect(last(paidIn, interest, share(['-5', '-3']))).toContain(`FUND-03 unit ${unit}: 4 fen`);
  });
  it('a hold from one unit into another is a breach', () => {
    const other = entry('hold', [
      ['unit_available', 50],
      ['unit_held', -50, 'other'],
    ]);
    const postings = other.postings.map((one) => (one.account === 'other' ? { ...one, unit: id('w') } : one));
    expect(last(deposit, { ...other, postings })).toContain(`FUND-03 a sum of 0 in unit ${unit}`);
  });
});

describe('the journal', () => {
  it('gives postings and closing balances, and names a line that it cannot read', () => {
    const text = [
      '; 日记账',
      'commodity CNY\n    format 1000.00 CNY',
      'account 资产:专户\n    ; type:A',
      'account 负债:可用\n    ; type:L',
      '2026-01-01 * (1) 交存\n    资产:专户  12.00 CNY\n    负债:可用  -12.00 CNY',
      '2026-02-01 * (closing) 核对\n    资产:专户  0.00 CNY = 12.00 CNY\n    负债:可用  0.00 CNY = -12.00 CNY\n',
    ].join('\n\n');
    const journal = readJournal(text);
    if ('line' in journal) throw new Error(String(journal.line));
    expect(journal.transactions.get('1')).toEqual({
      line: 12,
      date: '2026-01-01',
      tags: '',
      postings: [
        { account: '资产:专户', amountFen: 1200n },
        { account: '负债:可用', amountFen: -1200n },
      ],
    });
    expect(journal.closing.get('资产:专户')).toBe(1200n);
    expect(readJournal('2026-01-01 * (1) x\n    账户  1.005 CNY\n')).toMatchObject({ line: 2 });
    expect(readJournal('2026-01-01 * (1) x\n    (虚拟)\n')).toMatchObject({ line: 2 });
  });
});

describe('differences of records', () => {
  it('name the member, and compare lists of one length item by item', () => {
    expect(differences('r', { a: [1, { b: 'x' }] }, { a: [1, { b: 'y' }] })).toEqual([
      { where: 'r.a[1].b', expected: 'x', found: 'y' },
    ]);
    expect(differences('r', { a: 1 }, {})).toEqual([{ where: 'r.a', expected: '1', found: 'absent' }]);
    expect(differences('r', [1], [1, 2])).toEqual([{ where: 'r', expected: '[1]', found: '[1,2]' }]);
    expect(differences('r', { a: [] }, { a: [] })).toEqual([]);
    expect(differences('r', 1, { a: 1 })).toHaveLength(1);
  });
});
