// Lifts carry advertising: 1,200,000 fen in June, of which 60,000 are tax; the half-year is published; then parking comes in, the owners'
// resolution uses 100,000, and a wrong entry is undone. Sums by hand.
import { toBase64Url } from '../../src/base/bytes.ts';
import type { RevenueEntry, RevenuePeriod } from '../../src/record/revenue.ts';
import {
  revenueEntryForm,
  revenueEntryHash,
  revenuePeriodForm,
  revenuePeriodHash,
} from '../../src/record/revenue.ts';
import type { StepName } from './forge.ts';
import type { Story } from './story.ts';
import { BY_TWO } from './story.ts';
import type { Book } from './story-book.ts';
import type { Convened } from './story-meeting.ts';

type Facts = Pick<RevenueEntry, 'entryKind' | 'heading' | 'bookedOn' | 'amountFen'> & Partial<RevenueEntry>;

/** Tells it, where the forge wishes it. */
export function earnFromLifts(
  story: Story,
  { putLast }: Pick<Book, 'putLast'>,
  { proposals }: Pick<Convened, 'proposals'>,
): void {
  const { forge, world, id, nonce, step } = story;
  const wish = forge.revenue;
  if (wish === undefined) return;
  const { community, meeting } = world;
  const hash = (): string => toBase64Url(world.random(32));
  const book = (name: StepName, facts: Facts): string => {
    const honest: RevenueEntry = {
      v: 1,
      kind: 'revenue-entry',
      community,
      entry: id(),
      text: '电梯轿厢广告',
      documentHash: hash(),
      meeting: '',
      proposal: '',
      reverses: '',
      nonce: nonce(),
      ...facts,
    };
    const record = wish.record?.(honest, name) ?? honest;
    const bytes = revenueEntryForm.bytes(record);
    putLast({ kind: 'revenue-entry', record: toBase64Url(bytes) });
    const isIncome = (record.entryKind === 'income') !== (wish.swapped === name);
    const { entry } = record;
    const logged = { v: 1, community, entry, revenueHash: revenueEntryHash(bytes) } as const;
    const at = '2026-12-28T02:00:00Z';
    if (isIncome) step(name, { ...logged, kind: 'revenue.received' }, [], at);
    else step(name, { ...logged, kind: 'revenue.spent' }, wish.signers ?? BY_TWO, at);
    return entry;
  };
  const advertising = { entryKind: 'income', heading: 'advertising', bookedOn: '2026-06-15' } as const;
  book('earn', { ...advertising, amountFen: '1200000' });
  book('spend', { entryKind: 'cost', heading: 'tax', bookedOn: '2026-06-30', amountFen: '-60000' });
  const honest: RevenuePeriod = {
    v: 1,
    kind: 'revenue-period',
    community,
    period: '2026-H1',
    openingFen: '0',
    lines: [
      { entryKind: 'income', heading: 'advertising', count: 1, amountFen: '1200000' },
      { entryKind: 'cost', heading: 'tax', count: 1, amountFen: '-60000' },
    ],
    closingFen: '1140000',
  };
  const record = wish.period?.(honest) ?? honest;
  const bytes = revenuePeriodForm.bytes(record);
  putLast({ kind: 'revenue-period', record: toBase64Url(bytes) });
  const period = wish.named ?? record.period;
  step(
    'half-year',
    { v: 1, kind: 'revenue.published', community, period, periodHash: revenuePeriodHash(bytes) },
    [],
    '2026-12-28T03:00:00Z',
  );
  if (wish.late === true) book('late-earn', { ...advertising, amountFen: '1' });
  const parking = { entryKind: 'income', heading: 'parking', bookedOn: '2026-12-01' } as const;
  const wrong = book('earn', { ...parking, amountFen: '5000' });
  const use = { entryKind: 'use', heading: 'resolution', bookedOn: '2026-12-28' } as const;
  book('use', { ...use, amountFen: '-100000', meeting, proposal: proposals[1]?.proposal ?? '' });
  const undo = { entryKind: 'reversal', heading: 'parking', bookedOn: '2026-12-28' } as const;
  for (let times = wish.again === true ? 2 : 1; times > 0; times -= 1)
    book('undo', { ...undo, amountFen: '-5000', reverses: wrong });
}
