// Goal: the sums of a delivery register count each head once in a building and once by channel, and tell apart who was told, only had it
// posted, or nothing at all (SPEC 5.1). Method: registers written down by hand.
import { describe, expect, it } from 'vitest';
import type { CountedHead } from '../../src/notice/domain/delivery-summary.ts';
import { deliverySummaryOf } from '../../src/notice/domain/delivery-summary.ts';

const head = (buildings: string, ...deliveries: CountedHead['deliveries'][number][]): CountedHead => ({
  units: buildings.split(' ').map((building) => ({ building })),
  deliveries,
});
const READ = { channel: 'page', state: 'read' } as const;
const SENT = { channel: 'message', state: 'sent' } as const;
const LOST = { channel: 'message', state: 'undeliverable' } as const;
const POSTED = { channel: 'posting', state: 'posted' } as const;

describe('the sums of a delivery register', () => {
  it('count heads by building, a head of two buildings in both and once in all', () => {
    const { buildings, total } = deliverySummaryOf([
      head('10栋 2栋 2栋', READ, SENT),
      head('2栋', LOST, POSTED),
      head('2栋', LOST),
      head('10栋'),
    ]);
    expect(buildings).toEqual([
      { building: '2栋', heads: 3, reached: 1, posted: 1, none: 1 },
      { building: '10栋', heads: 2, reached: 1, posted: 0, none: 1 },
    ]);
    expect(total).toEqual({ heads: 4, reached: 1, posted: 1, none: 2 });
  });

  it('count heads by channel and state, each once in either', () => {
    const { channels } = deliverySummaryOf([head('1栋', SENT, SENT, READ), head('1栋', SENT, LOST)]);
    const counted = channels.filter(({ heads }) => heads > 0);
    expect(counted.map(({ channel, state, heads }) => `${channel} ${state} ${heads}`)).toEqual([
      'message sent 2',
      'message undeliverable 1',
      'page read 1',
    ]);
  });
});
