// The moves of a simulation by which money comes in, goes to its household, or is undone. Each asks the real shell and the model the
// same thing and answers what both said: a refusal's code, or 'ok'; the model books only what it expects to be accepted.
import { present } from '../../src/base/assert.ts';
import { civilDateAt } from '../../src/base/civil-date.ts';
import type { Random } from '../../src/base/clock.ts';
import type { Refusal, Result } from '../../src/base/result.ts';
import { draftIdentification } from '../../src/fund/moving.ts';
import type { DraftedOrder } from '../../src/fund/ordering.ts';
import { receive } from '../../src/fund/receiving.ts';
import { cancelAccrual, draftReversal, returnPayment } from '../../src/fund/reversing.ts';
import { execute, type FundWorld, signAs } from './fund-world.ts';
import type { ModelEntry } from './simulation-model.ts';
import { Model } from './simulation-model.ts';

export const MAIN = { name: '建行', lastDigits: '0071' };
export const bankKey = (bank: typeof MAIN): string => `bank 资产:专户存款:${bank.name}尾号${bank.lastDigits}`;
export const DAY_MS = 86_400_000;

/** What a step was, what the model expected of it, and what the shell said. */
export type Said = { readonly what: string; readonly expected: string; readonly got: string };

export const said = (result: Result<unknown, Refusal>): string => (result.ok ? 'ok' : result.refusal.code);

export class Incoming {
  readonly world: FundWorld;
  readonly model: Model;
  protected readonly random: Random;
  protected numbers = 0;
  /** The unit that the register in force does not list, by its place. */
  protected gone: number | undefined;
  /** What went to households of each receipt of an unknown payer, by its number, in fen. */
  protected readonly identified = new Map<number, bigint>();
  protected readonly booked: {
    readonly receipt: string;
    readonly at: number;
    readonly fen: bigint;
    readonly on: string;
  }[] = [];

  constructor(world: FundWorld, random: Random) {
    this.world = world;
    this.model = new Model(world.units.length, () => this.today());
    this.random = random;
  }

  /** From 0 to below `limit`. */
  pick(limit: number): number {
    const [a = 0, b = 0, c = 0] = this.random(3);
    return ((a << 16) | (b << 8) | c) % limit;
  }

  protected number(): number {
    this.numbers += 1;
    return this.numbers;
  }
  protected fen(limit: bigint): bigint {
    return BigInt(this.pick(Number(limit > 4_000_000n ? 4_000_000n : limit)) + 1);
  }
  protected today(): string {
    return civilDateAt(this.world.time.clock());
  }
  protected daysAgo(days: number): string {
    return civilDateAt(this.world.time.clock() - days * DAY_MS);
  }
  protected unit(at: number): string {
    return present(this.world.units[at], 'a unit').unit;
  }
  protected some<T>(list: readonly T[]): T | undefined {
    return list.length === 0 ? undefined : list[this.pick(list.length)];
  }

  /** Signs and executes an order; one in six times something is booked in between, and the order falls. */
  protected async carryOut(
    what: string,
    drafted: Result<DraftedOrder, Refusal>,
    expected: string,
    book: () => void,
  ): Promise<Said> {
    if (!drafted.ok || expected !== 'ok') return { what, expected, got: said(drafted) };
    let overtaken = this.pick(6) === 0;
    if (overtaken) {
      const between = await this.receipts(false);
      if (between.expected !== between.got) return between;
      overtaken = between.got === 'ok';
    }
    await signAs(this.world, drafted.value.act, this.world.officers);
    const got = said(await execute(this.world, drafted.value.act));
    if (overtaken) return { what: `${what}, overtaken`, expected: 'FUND_BOOK_MOVED_ON', got };
    book();
    return { what, expected, got };
  }

  /** One to three receipts of the bank, of one unit where it is said, at times one that stands, one that says something else now, or one of tomorrow. */
  async receipts(wild = true, unit?: number): Promise<Said> {
    const lines = Array.from({ length: 1 + this.pick(3) }, () => ({
      receipt: `甲${this.number()}`,
      at: unit ?? this.pick(this.world.units.length + 1) - 1,
      fen: this.fen(900_000n),
      on: this.daysAgo(this.pick(40)),
    }));
    let expected = 'ok';
    let standing = '';
    const earlier = this.some(this.booked);
    const trick = wild ? this.pick(8) : 7;
    if (trick === 0 && earlier !== undefined) {
      lines.push(earlier);
      standing = earlier.receipt;
    } else if (trick === 1 && earlier !== undefined) {
      lines.push({ ...earlier, fen: earlier.fen + 1n });
      expected = 'FUND_ENTRY_DIFFERS';
    } else if (trick === 2) {
      lines.push({ receipt: `甲${this.number()}`, at: 0, fen: 1n, on: this.daysAgo(-1) });
      expected = 'FUND_VALUE_DATE_LATE';
    }
    const fresh = lines.filter(({ receipt }) => receipt !== standing);
    if (expected === 'ok' && fresh.some(({ at }) => this.model.refunded.has(at)))
      expected = 'FUND_UNIT_REFUNDED';
    else if (expected === 'ok' && fresh.some(({ at }) => at === this.gone)) expected = 'FUND_UNIT_UNKNOWN';
    const result = await receive(this.world.deps, {
      community: this.world.community,
      bank: MAIN,
      receipts: lines.map(({ receipt, at, fen, on }) => ({
        receipt,
        unit: at < 0 ? '' : this.unit(at),
        amountFen: fen,
        valueOn: on,
      })),
    });
    if (expected === 'ok')
      for (const line of fresh) {
        this.booked.push(line);
        const [kind, key] =
          line.at < 0 ? ['deposit_unidentified', 'unidentified'] : ['deposit', `available ${line.at}`];
        const legs = [[bankKey(MAIN), line.fen] as const, [key ?? '', -line.fen] as const];
        this.model.book(kind ?? '', line.on, legs, '', line.receipt);
      }
    return {
      what: `receipts ${lines.map(({ at, fen }) => `${at}:${fen}`).join(' ')}`,
      expected,
      got: said(result),
    };
  }

  /** What nobody identified of a receipt of an unknown payer, in fen; nothing of any other entry. */
  private waiting({ seq, kind, reversed, legs }: ModelEntry): bigint {
    if (kind !== 'deposit_unidentified' || reversed) return 0n;
    const [, fen] = present(legs[0], 'a receipt debits its bank');
    return fen - (this.identified.get(seq) ?? 0n);
  }

  async identify(): Promise<Said> {
    const at = this.pick(this.world.units.length);
    const receipt = this.entry(['deposit_unidentified']);
    const [rest, given] = [this.waiting(receipt), this.identified.get(receipt.seq) ?? 0n];
    // Mostly what is left of it, so that the seeds still find their households.
    const fen = rest > 0n && this.pick(4) > 0 ? this.fen(rest) : this.fen(600_000n);
    let expected = 'ok';
    if (at === this.gone) expected = 'FUND_UNIT_UNKNOWN';
    else if (this.model.refunded.has(at)) expected = 'FUND_UNIT_REFUNDED';
    else if (fen > this.model.balance('unidentified')) expected = 'FUND_ABOVE_UNIDENTIFIED';
    else if (receipt.kind !== 'deposit_unidentified' || receipt.reversed) expected = 'FUND_ENTRY_UNKNOWN';
    else if (fen > rest) expected = 'FUND_ABOVE_UNIDENTIFIED';
    const drafted = await draftIdentification(
      this.world.deps,
      {
        community: this.world.community,
        items: [{ unit: this.unit(at), amountFen: fen }],
        seq: BigInt(receipt.seq),
        reference: '付款人说明',
        key: `key ${this.number()}`,
      },
      'test',
    );
    return this.carryOut(`identify ${receipt.seq} ${at}:${fen}`, drafted, expected, () => {
      this.identified.set(receipt.seq, given + fen);
      this.model.book('deposit_identified', this.today(), [
        ['unidentified', fen],
        [`available ${at}`, -fen],
      ]);
    });
  }

  /** What undoing an entry must say; the last word is the model's balances. */
  protected undoing(entry: ModelEntry, kinds: readonly string[]): string {
    if (!kinds.includes(entry.kind)) return 'FUND_ENTRY_UNKNOWN';
    if (entry.reversed) return 'FUND_ENTRY_REVERSED';
    const isGiven = this.identified.has(entry.seq);
    return !isGiven && this.model.covers(this.model.negation(entry)) ? 'ok' : 'FUND_MONEY_MOVED_ON';
  }
  protected undo(entry: ModelEntry, kind: string, valueOn: string, receipt = ''): void {
    this.model.book(kind, valueOn, this.model.negation(entry), entry.authorisation, receipt);
    entry.reversed = true;
  }
  /** Whether something would move at the account of a unit that was refunded. */
  protected isOfRefunded(legs: ModelEntry['legs']): boolean {
    return legs.some(([key, fen]) => {
      const at = /^(?:available|held \S+) (\d+)$/.exec(key)?.[1];
      return fen !== 0n && at !== undefined && this.model.refunded.has(Number(at));
    });
  }

  /** Any entry, more often one of a kind that fits. */
  protected entry(kinds: readonly string[]): ModelEntry {
    const fitting = this.model.entries.filter(({ kind }) => kinds.includes(kind));
    const from = this.pick(5) === 0 || fitting.length === 0 ? this.model.entries : fitting;
    return present(this.some(from), 'the book is not empty');
  }

  async reverse(): Promise<Said> {
    const kinds = ['deposit', 'deposit_unidentified'];
    const entry = this.entry(kinds);
    const drafted = await draftReversal(
      this.world.deps,
      {
        community: this.world.community,
        seq: BigInt(entry.seq),
        reference: '银行退回',
        key: `key ${this.number()}`,
      },
      'test',
    );
    return this.carryOut(`reverse ${entry.seq}`, drafted, this.undoing(entry, kinds), () =>
      this.undo(entry, 'deposit_reversed', entry.valueOn),
    );
  }

  async cancel(): Promise<Said> {
    const entry = this.entry(['accrue']);
    const repeated = entry.kind === 'accrue' && entry.reversed;
    const isOver = this.model.entries.some(
      ({ kind, authorisation }) => kind === 'unpaid_cancelled' && authorisation === entry.authorisation,
    );
    let expected = repeated ? 'ok' : this.undoing(entry, ['accrue']);
    // Part of it is back with its households already.
    if (expected === 'ok' && !repeated && isOver) expected = 'FUND_MONEY_MOVED_ON';
    if (expected === 'ok' && !repeated && this.isOfRefunded(entry.legs)) expected = 'FUND_UNIT_REFUNDED';
    const result = await cancelAccrual(this.world.deps, {
      community: this.world.community,
      seq: BigInt(entry.seq),
      reason: '验收有误',
    });
    if (expected === 'ok' && !repeated) this.undo(entry, 'accrual_cancelled', entry.valueOn);
    return { what: `cancel ${entry.seq}`, expected, got: said(result) };
  }

  async returned(): Promise<Said> {
    const entry = this.entry(['pay']);
    const expected = this.undoing(entry, ['pay']);
    const receipt = `退${this.number()}`;
    const result = await returnPayment(this.world.deps, {
      community: this.world.community,
      seq: BigInt(entry.seq),
      receipt,
      valueOn: this.today(),
    });
    if (expected === 'ok') this.undo(entry, 'pay_returned', this.today(), receipt);
    return { what: `returned ${entry.seq}`, expected, got: said(result) };
  }
}
