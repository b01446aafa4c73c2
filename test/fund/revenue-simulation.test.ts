// Goal: whatever happens to a public-revenue book in whatever order, it says the same as simple sums, to the fen and to the refusal's code.
// Method: seeded simulations on a real database beside a list of what was booked; after every step the whole book is read and judged.
import { afterAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { addDays, civilDateAt } from '../../src/base/civil-date.ts';
import type { Refusal, Result } from '../../src/base/result.ts';
import { applyAnnulment, draftAnnulment } from '../../src/fund/annulling.ts';
import { readRevenue } from '../../src/fund/revenue.ts';
import type { SpendingRequest } from '../../src/fund/revenue-booking.ts';
import {
  applySpending,
  draftRevenueReversal,
  draftSpending,
  lockSpending,
  receiveRevenue,
} from '../../src/fund/revenue-booking.ts';
import { publishPeriod } from '../../src/fund/revenue-publishing.ts';
import { freshDatabase } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';
import { acceptance, accepted, execute, type FundWorld, fundWorld, signAs } from './fund-world.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

const STEPS = 80;
const DAY_MS = 86_400_000;
const SEEDS = ['stall', 'poster', 'mast', 'kiosk'];
const PROPOSALS = 3;
const codes = new Set<string>();

/** An entry as the model has it; what goes out is negative, in fen. */
type Line = {
  readonly kind: string;
  readonly heading: string;
  readonly on: string;
  readonly fen: bigint;
  readonly id: string;
  /** Of a reversal, what it undoes. */
  readonly undoes?: Line;
};
type Said = { readonly what: string; readonly expected: string; readonly got: string };

const said = (result: Result<unknown, Refusal>): string => (result.ok ? 'ok' : result.refusal.code);
const sum = (lines: readonly Line[]): bigint => lines.reduce((all, { fen }) => all + fen, 0n);
const halfOf = (on: string): string => `${on.slice(0, 4)}-H${on.slice(5, 7) <= '06' ? 1 : 2}`;
const endOf = (half: string): string => `${half.slice(0, 4)}-${half.endsWith('1') ? '06-30' : '12-31'}`;

class Book {
  readonly world: FundWorld;
  readonly lines: Line[] = [];
  readonly published: string[] = [];
  readonly #random: ReturnType<typeof seededRandom>;
  readonly #annulled = new Set<string>();
  #documents = 0;

  constructor(world: FundWorld, seed: string) {
    this.world = world;
    this.#random = seededRandom(seed);
  }

  pick(limit: number): number {
    const [a = 0, b = 0, c = 0] = this.#random(3);
    return ((a << 16) | (b << 8) | c) % limit;
  }
  some<T>(list: readonly T[]): T {
    return present(list[this.pick(list.length)], 'the list is not empty');
  }
  #today(): string {
    return civilDateAt(this.world.time.clock());
  }
  /** Mostly of these weeks, at times of tomorrow or of long ago. */
  #day(): string {
    const far = this.pick(12);
    if (far === 0) return addDays(this.#today(), 1);
    return addDays(this.#today(), -this.pick(far === 1 ? 400 : 30));
  }
  #facts(on: string) {
    this.#documents += 1;
    const { community } = this.world;
    return {
      community,
      bookedOn: on,
      text: `第${this.#documents}笔`,
      documentHash: acceptance(this.#documents),
    };
  }

  /** What booking a line must say now; `isDecided` of a use whose resolution stands. */
  #bookable(line: Omit<Line, 'id'>, isDecided = true): string {
    if (line.on > this.#today()) return 'FUND_VALUE_DATE_LATE';
    if (this.published.some((half) => half >= halfOf(line.on))) return 'REVENUE_PERIOD_PUBLISHED';
    if (line.kind === 'use' && !isDecided) return 'REVENUE_USE_UNDECIDED';
    if (line.undoes !== undefined && this.lines.some(({ undoes }) => undoes === line.undoes))
      return 'FUND_ENTRY_REVERSED';
    return sum(this.lines) + line.fen < 0n ? 'REVENUE_SHORT' : 'ok';
  }

  async earn(): Promise<Said> {
    const heading = this.some(['parking', 'advertising', 'rent', 'vending', 'interest'] as const);
    const line = { kind: 'income', heading, on: this.#day(), fen: BigInt(this.pick(90_000) + 1) };
    const expected = this.#bookable(line);
    const facts = { ...this.#facts(line.on), heading, amountFen: line.fen };
    const result = await receiveRevenue(this.world.deps, facts);
    if (expected === 'ok' && result.ok) this.lines.push({ ...line, id: result.value.entry });
    return { what: `earn ${line.on} ${line.fen}`, expected, got: said(result) };
  }

  /** Signs and books a draft; at times all that there is goes out in between. */
  async #settle(
    what: string,
    line: Omit<Line, 'id'>,
    drafted: Awaited<ReturnType<typeof draftSpending>>,
    isDecided = true,
  ): Promise<Said> {
    const first = this.#bookable(line, isDecided);
    if (first !== 'ok' || !drafted.ok) return { what, expected: first, got: said(drafted) };
    const wholeFen = sum(this.lines);
    if (this.pick(6) === 0 && wholeFen > 0n && this.#bookable({ ...line, on: this.#today() }) === 'ok') {
      const all = { kind: 'cost', heading: 'tax', on: this.#today(), fen: -wholeFen };
      const facts = {
        ...this.#facts(all.on),
        heading: 'tax',
        entryKind: 'cost',
        meeting: '',
        proposal: '',
      } as const;
      const between = await draftSpending(this.world.deps, { ...facts, amountFen: wholeFen }, 'test');
      accepted(await this.#execute(accepted(between).act));
      await this.#keep(all);
    }
    const expected = this.#bookable(line, isDecided);
    const got = said(await this.#execute(drafted.value.act));
    if (expected === 'ok' && got === 'ok') await this.#keep(line);
    return { what, expected, got };
  }

  async #execute(act: string) {
    await signAs(this.world, act, this.world.officers);
    return execute(this.world, act, applySpending, lockSpending);
  }

  /** Its id is the one that the model does not know yet. */
  async #keep(line: Omit<Line, 'id'>): Promise<void> {
    const known = new Set(this.lines.map(({ id }) => id));
    const { entries } = await readRevenue(fresh.db, this.world.community);
    const found = entries.find(({ record }) => !known.has(record.entry));
    this.lines.push({ ...line, id: present(found, 'just booked').record.entry });
  }

  async spend(): Promise<Said> {
    const [entryKind, heading] = this.some([
      ['cost', 'operation'],
      ['cost', 'audit'],
      ['use', 'resolution'],
      ['use', 'resolution'],
      ['transfer', 'fund'],
    ] as const);
    const amountFen = BigInt(this.pick(Number(sum(this.lines)) + 2000) + 1);
    const line = { kind: entryKind, heading, on: this.#day(), fen: -amountFen };
    const at = this.pick(PROPOSALS + 1);
    const proposal = this.world.definition.proposals[at]?.proposal ?? 'a'.repeat(26);
    const basis =
      entryKind === 'use' ? { meeting: this.world.meeting, proposal } : { meeting: '', proposal: '' };
    const request: SpendingRequest = { ...this.#facts(line.on), entryKind, heading, amountFen, ...basis };
    const drafted = await draftSpending(this.world.deps, request, 'test');
    const isDecided = at < PROPOSALS && !this.#annulled.has(proposal);
    return this.#settle(`${entryKind} ${line.on} ${amountFen}`, line, drafted, isDecided);
  }

  async undo(): Promise<Said> {
    const former = this.some(this.lines);
    const { community, documentHash, text } = this.#facts('');
    const request = { community, reverses: former.id, documentHash, text };
    const drafted = await draftRevenueReversal(this.world.deps, request, 'test');
    const what = `undo ${former.kind} ${former.fen}`;
    if (former.kind === 'reversal') return { what, expected: 'FUND_ENTRY_UNKNOWN', got: said(drafted) };
    const line = { kind: 'reversal', heading: former.heading, on: this.#today(), fen: -former.fen };
    return this.#settle(what, { ...line, undoes: former }, drafted);
  }

  /** A court takes a resolution back; what was spent under it stays spent. */
  async annul(): Promise<Said> {
    const { proposal } = this.some(this.world.definition.proposals);
    if (this.#annulled.has(proposal)) return this.wait();
    const { community, meeting, deps } = this.world;
    const documentHash = acceptance(200);
    const { act } = accepted(
      await draftAnnulment(deps, { community, meeting, proposal, documentHash }, 'test'),
    );
    await signAs(this.world, act, [...this.world.officers.slice(1), this.world.regulator]);
    accepted(await execute(this.world, act, applyAnnulment));
    this.#annulled.add(proposal);
    return { what: 'annul', expected: 'ok', got: 'ok' };
  }

  #next(): string {
    const last = this.published.at(-1);
    if (last === undefined) return halfOf(present(this.lines.map(({ on }) => on).sort()[0], 'not empty'));
    return halfOf(addDays(endOf(last), 1));
  }

  async publish(): Promise<Said> {
    const next = this.#next();
    const trick = this.pick(6);
    const half =
      trick === 0 ? halfOf(addDays(endOf(next), 1)) : trick === 1 ? (this.published.at(-1) ?? next) : next;
    while (trick > 3 && this.#today() <= endOf(half)) this.world.time.advance(11 * DAY_MS);
    let expected = 'ok';
    if (half !== next) expected = 'REVENUE_PERIOD_ORDER';
    else if (this.#today() <= endOf(half)) expected = 'REVENUE_PERIOD_NOT_OVER';
    const officer = present(this.world.officers[0], 'an officer').officer;
    const { community, deps } = this.world;
    const result = await publishPeriod(deps, { community, period: half }, officer);
    if (expected === 'ok') this.published.push(half);
    return { what: `publish ${half}`, expected, got: said(result) };
  }

  async wait(): Promise<Said> {
    this.world.time.advance((1 + this.pick(25)) * DAY_MS);
    return { what: 'wait', expected: 'ok', got: 'ok' };
  }

  next(): Promise<Said> {
    const at = this.pick(100);
    if (at < 38) return this.earn();
    if (at < 68) return this.spend();
    if (at < 84) return this.undo();
    if (at < 86) return this.annul();
    return at < 95 ? this.publish() : this.wait();
  }

  /** All that the book says, and each published half-year as it stood when it was published. */
  async judge(): Promise<void> {
    const book = await readRevenue(fresh.db, this.world.community);
    expect(book.balanceFen).toBe(sum(this.lines));
    expect(book.balanceFen >= 0n).toBe(true);
    expect(
      book.entries.map(({ record }) => [
        record.entry,
        record.entryKind,
        record.heading,
        record.bookedOn,
        record.amountFen,
      ]),
    ).toEqual(this.lines.map(({ id, kind, heading, on, fen }) => [id, kind, heading, on, String(fen)]));
    expect(book.periods.map(({ record }) => record.period)).toEqual(this.published);
    for (const { record } of book.periods) {
      const own = this.lines.filter(({ on }) => halfOf(on) === record.period);
      const openingFen = sum(this.lines.filter(({ on }) => halfOf(on) < record.period));
      expect([record.openingFen, record.closingFen]).toEqual([openingFen, openingFen + sum(own)].map(String));
      const named = (line: Pick<Line, 'kind' | 'heading'>) => `${line.kind} ${line.heading}`;
      const groups = [...new Set(own.map(named))].sort().map((name) => {
        const group = own.filter((line) => named(line) === name);
        return [name, group.length, String(sum(group))];
      });
      const lines = record.lines.map(({ entryKind, heading, count, amountFen }) => [
        named({ kind: entryKind, heading }),
        count,
        amountFen,
      ]);
      expect(lines.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))).toEqual(groups);
    }
  }
}

describe('a public-revenue book', () => {
  it.each(SEEDS)(
    `of ${STEPS} random steps stays what the sums say, seed %s`,
    async (seed) => {
      const world = await fundWorld(fresh, {
        seed: `revenue simulation ${seed}`,
        units: [{ building: '1幢', room: '101', areaDm2: 5000n }],
        capFen: 1n,
        proposals: PROPOSALS,
      });
      const book = new Book(world, seed);
      const trail: string[] = [];
      try {
        while (book.lines.length === 0) await book.earn();
        for (let step = 0; step < STEPS; step += 1) {
          const { what, expected, got } = await book.next();
          trail.push(`${step} ${what}: ${got}`);
          codes.add(got);
          expect(`${what}: ${got}`).toBe(`${what}: ${expected}`);
          await book.judge();
        }
      } catch (error) {
        throw new Error(`seed ${seed}\n${trail.join('\n')}`, { cause: error });
      }
      expect(book.published.length).toBeGreaterThan(0);
    },
    120_000,
  );

  it('was refused in every way that these moves can be', () => {
    expect([...codes].sort()).toEqual([
      'FUND_ENTRY_REVERSED',
      'FUND_ENTRY_UNKNOWN',
      'FUND_VALUE_DATE_LATE',
      'REVENUE_PERIOD_NOT_OVER',
      'REVENUE_PERIOD_ORDER',
      'REVENUE_PERIOD_PUBLISHED',
      'REVENUE_SHORT',
      'REVENUE_USE_UNDECIDED',
      'ok',
    ]);
  });
});
