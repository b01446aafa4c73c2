// A lift stands still: emergencies are allowed, the committee and the street office authorise one without a vote, and it is held, accepted
// and paid. The shares of 300,001 fen over 8888, 9010 and 10000 dm² are worked out by hand; two fen are left over.
import { toBase64Url } from '../../src/base/bytes.ts';
import type { Emergency } from '../../src/record/emergency.ts';
import { emergencyForm, emergencyHash } from '../../src/record/emergency.ts';
import type { AnnulmentWish } from './forge.ts';
import type { Story } from './story.ts';
import { BY_TWO } from './story.ts';
import type { Book, Line } from './story-book.ts';
import { available, bank } from './story-book.ts';
import type { Owners } from './story-owners.ts';

const CAP_FEN = 300_001n;
/** What is paid of it where it is annulled half-way: 31,859, 32,296 and 35,845 fen by what was accrued, two fen left over. */
const PARTLY_FEN = 100_000n;
const SHARES = [
  { areaDm2: '8888', amountFen: '95577', remainder: '1742' },
  { areaDm2: '9010', amountFen: '96889', remainder: '27586' },
  { areaDm2: '10000', amountFen: '107535', remainder: '26468' },
] as const;
const PAYABLE = '负债:应付:急修1:电梯公司';
const held = (room: string): string => `负债:分户账:1栋:${room}:冻结:急修1`;

/** Declares what the forge wishes, and repairs the lift, where it wishes it. */
export function repairLift(
  story: Story,
  { firstBuilding, putFirst, bookEntry }: Book,
  { register }: Pick<Owners, 'register'>,
): void {
  const { forge, world, id, nonce, step } = story;
  const wish = forge.emergency;
  if (wish === undefined) return;
  const { community } = world;
  const hash = (): string => toBase64Url(world.random(32));
  for (const emergencies of wish.declared ?? (['allowed'] as const))
    step(
      'declaration',
      { v: 1, kind: 'emergencies.declared', community, declaration: id(), emergencies, documentHash: hash() },
      wish.declarers ?? ['regulator', 'street'],
      '2026-12-24T02:00:00Z',
    );
  const honest: Emergency = {
    v: 1,
    kind: 'emergency',
    authorisation: id(),
    community,
    category: 'lift',
    text: '1栋电梯钢丝绳断股，已停梯。',
    capFen: String(CAP_FEN),
    payee: '某电梯公司',
    payeeAccount: hash(),
    purpose: '更换钢丝绳',
    reportHash: hash(),
    quotationHash: hash(),
    register,
    units: { kind: 'buildings', members: ['1栋'] },
    shares: firstBuilding.map(({ unit }, at) => ({ unit, ...(SHARES[at] ?? SHARES[0]) })),
    nonce: nonce(),
  };
  const record = wish.record?.(honest) ?? honest;
  const bytes = emergencyForm.bytes(record);
  for (let times = wish.twice === true ? 2 : 1; times > 0; times -= 1)
    putFirst({ kind: 'emergency', record: toBase64Url(bytes) }, 1);
  const { authorisation, payeeAccount } = record;
  const { annulled } = wish;
  const annul = (now: AnnulmentWish['before']): void => {
    if (annulled === undefined || annulled.missing === true || annulled.before !== now) return;
    for (let times = annulled.twice === true ? 2 : 1; times > 0; times -= 1) {
      const of = annulled.authorisation ?? authorisation;
      const found = { v: 1, kind: 'emergency.annulled', community, authorisation: of } as const;
      const signers = annulled.signers ?? ['regulator', 'street'];
      step('emergency-annul', { ...found, documentHash: hash() }, signers, '2026-12-25T05:00:00Z');
    }
  };
  annul('emergency');
  step(
    'emergency',
    { v: 1, kind: 'emergency.authorised', community, authorisation, emergencyHash: emergencyHash(bytes) },
    wish.signers ?? BY_TWO,
    '2026-12-24T03:00:00Z',
  );
  const fen = (at: number): bigint => BigInt((SHARES[at] ?? SHARES[0]).amountFen);
  const legs = (name: (room: string) => string, kind: Line[1], sign: bigint): readonly Line[] =>
    firstBuilding.map(({ unit, room }, at) => [name(room), kind, unit, sign * fen(at)]);
  if (wish.claims !== undefined) {
    const [, , home] = firstBuilding;
    const claim: readonly Line[] = [
      [`资产:应收建设单位:急修1:1栋:${home?.room ?? ''}`, 'claim', home?.unit ?? '', wish.claims],
      ['负债:待收建设单位:急修1', 'claim_contra', '', -wish.claims],
    ];
    bookEntry('emergency-claim', 'claim', '2026-12-24', authorisation, '', claim, []);
    return;
  }
  annul('hold');
  bookEntry(
    'emergency-hold',
    'hold',
    '2026-12-24',
    authorisation,
    '',
    [...legs(available, 'unit_available', 1n), ...legs(held, 'unit_held', -1n)],
    [],
  );
  if (annulled?.unspent === true) {
    annul(undefined);
    const back = [...legs(held, 'unit_held', 1n), ...legs(available, 'unit_available', -1n)];
    bookEntry('emergency-release', 'release', '2026-12-25', authorisation, '', back, []);
    return;
  }
  annul('accrue');
  bookEntry(
    'emergency-accrue',
    'accrue',
    '2026-12-25',
    authorisation,
    '',
    [...legs(held, 'unit_held', 1n), [PAYABLE, 'payable', '', -CAP_FEN]],
    [],
  );
  annul('pay');
  if (annulled?.partly === true) {
    bookEntry(
      'emergency-pay',
      'pay',
      '2026-12-25',
      authorisation,
      payeeAccount,
      [
        [PAYABLE, 'payable', '', PARTLY_FEN],
        [bank, 'bank', '', -PARTLY_FEN],
      ],
      BY_TWO,
    );
    annul(undefined);
    const backFen = [63_718n, 64_593n, 71_690n];
    const parts = (name: (room: string) => string, kind: Line[1], sign: bigint): readonly Line[] =>
      firstBuilding.map(({ unit, room }, at) => [name(room), kind, unit, sign * (backFen[at] ?? 0n)]);
    const rest: Line = [PAYABLE, 'payable', '', CAP_FEN - PARTLY_FEN];
    const unpaid = [rest, ...parts(held, 'unit_held', -1n)];
    bookEntry('emergency-unpaid', 'unpaid_cancelled', '2026-12-25', authorisation, '', unpaid, []);
    const back = [...parts(held, 'unit_held', 1n), ...parts(available, 'unit_available', -1n)];
    bookEntry('emergency-release', 'release', '2026-12-25', authorisation, '', back, []);
    return;
  }
  bookEntry(
    'emergency-pay',
    'pay',
    '2026-12-25',
    authorisation,
    payeeAccount,
    [
      [PAYABLE, 'payable', '', CAP_FEN],
      [bank, 'bank', '', -CAP_FEN],
    ],
    BY_TWO,
  );
  if (wish.closed === true) {
    const entry = { v: 1, kind: 'fund.closed', community, authorisation, documentHash: hash() } as const;
    step('emergency-close', entry, BY_TWO, '2026-12-25T04:00:00Z');
  }
  annul(undefined);
}
