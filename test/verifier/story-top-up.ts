// At the end the homes of the first building are called to top up: ada and chen have less than three tenths of their first deposit, bao has
// more. What each has is added up from the postings, what each is asked for follows from that by hand.
import { toBase64Url } from '../../src/base/bytes.ts';
import type { TopUpsLine } from '../../src/record/bundle-lines.ts';
import type { TopUpCall } from '../../src/record/top-up.ts';
import { topUpCallForm, topUpCallHash } from '../../src/record/top-up.ts';
import type { Story } from './story.ts';
import { BY_TWO } from './story.ts';
import type { Book } from './story-book.ts';
import type { Convened } from './story-meeting.ts';

const OF_UNIT: ReadonlySet<string> = new Set(['unit_available', 'unit_held']);

/** Tells it, where the forge wishes it. */
export function callForTopUps(
  story: Story,
  { firstBuilding, transactions }: Book,
  { proposals }: Pick<Convened, 'proposals'>,
): readonly TopUpsLine[] {
  const { forge, world, id, nonce, step } = story;
  const wish = forge.topUp;
  const held: TopUpsLine[] = [];
  if (wish === undefined) return held;
  const { community, meeting } = world;
  const hash = (): string => toBase64Url(world.random(32));
  const hasFen = (unit: string): bigint =>
    transactions
      .flatMap(({ postings }) => postings)
      .filter((one) => one.unit === unit && OF_UNIT.has(one.accountKind))
      .reduce((sum, { amountFen }) => sum - BigInt(amountFen), 0n);
  // A first deposit that is odd in the last places, so that the target is no whole fen.
  const deposited = [50_000_001n, 1_000n, 50_000_001n];
  const targets = [25_000_001n, 0n, 25_000_001n];
  const lines = firstBuilding.map(({ unit }, at) => {
    const balance = hasFen(unit);
    const due = at === 1 ? 0n : (targets[at] ?? 0n) - balance;
    return {
      unit,
      firstFen: String(deposited[at]),
      balanceFen: String(balance),
      dueFen: String(due),
    };
  });
  let former = '';
  const call = (again = false): string => {
    const honest: TopUpCall = {
      v: 1,
      kind: 'top-up-call',
      community,
      call: id(),
      former,
      ...(wish.decided === true
        ? { meeting, proposal: proposals[0]?.proposal ?? '', documentHash: '' }
        : { meeting: '', proposal: '', documentHash: hash() }),
      depositsHash: hash(),
      seq: transactions.length,
      targetPercent: 50,
      dueOn: '2027-03-31',
      text: '请到专户银行柜台续交。',
      units: lines.toSorted((a, b) => (a.unit < b.unit ? -1 : 1)),
      nonce: nonce(),
    };
    const record = again ? honest : (wish.record?.(honest) ?? honest);
    const bytes = topUpCallForm.bytes(record);
    held.push({ record: toBase64Url(bytes) });
    const named = wish.named ?? record.call;
    const ground = wish.ground ?? (wish.decided === true ? 'resolution' : 'rule');
    const signers = ground === 'rule' ? ['street', 'regulator'] : BY_TWO;
    step(
      'call',
      { v: 1, kind: 'topup.called', community, call: named, ground, callHash: topUpCallHash(bytes) },
      wish.signers ?? signers,
      '2026-12-28T05:00:00Z',
    );
    former = record.call;
    return record.call;
  };
  const withdraw = (of: string): void =>
    void step(
      'withdrawal',
      { v: 1, kind: 'topup.withdrawn', community, call: of, documentHash: hash() },
      wish.withdrawers ?? BY_TWO,
      '2026-12-28T06:00:00Z',
    );
  if (wish.early === true) withdraw(id());
  const first = call();
  if (wish.replaced === true) call(true);
  if (wish.annulled === true)
    step(
      'annulment',
      {
        v: 1,
        kind: 'resolution.annulled',
        community,
        meeting,
        proposal: proposals[0]?.proposal ?? '',
        documentHash: hash(),
      },
      ['street', 'regulator'],
      '2026-12-28T05:30:00Z',
    );
  if (wish.withdrawn !== undefined) withdraw(wish.withdrawn === 'itself' ? first : wish.withdrawn);
  if (wish.twice === true) withdraw(first);
  return held;
}
