// The moves of a simulation that come late in the life of a book: works end, a unit is no more and is refunded, months are compared with
// the bank and published. What a published month says is judged here, by the model's figures.
import { expect } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { addDays } from '../../src/base/civil-date.ts';
import { daysOfMonth, monthAfter } from '../../src/fund/domain/month-gate.ts';
import { publishMonth } from '../../src/fund/publishing.ts';
import { explainDifference, reconcile } from '../../src/fund/reconciling.ts';
import { applyRefund, draftRefund, listRefunds } from '../../src/fund/refunding.ts';
import type { FundMonth } from '../../src/record/fund.ts';
import { acceptance, accepted, execute, PAYEE_OPENING, signAs } from './fund-world.ts';
import { demolish } from './refund-world.ts';
import type { Said } from './simulation-incoming.ts';
import { bankKey, DAY_MS, MAIN, said } from './simulation-incoming.ts';
import type { ModelEntry } from './simulation-model.ts';
import { Simulation, TERM } from './simulation-moves.ts';

/** Account kinds by how the model's keys begin. */
const KEYS = [
  ['bank', 'bank '],
  ['unit_available', 'available '],
  ['unit_held', 'held '],
  ['payable', 'payable '],
  ['interest_undistributed', 'interest'],
  ['deposit_unidentified', 'unidentified'],
] as const;

type Line = { readonly receipt: string; readonly on: string; readonly fen: bigint };

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((all, fen) => all + fen, 0n);
const yuan = (fen: bigint): string => `${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`;
const row = ({ receipt, on, fen }: Line): string =>
  fen > 0n ? `${on},${receipt},${yuan(fen)},\n` : `${on},${receipt},,${yuan(-fen)}\n`;

export class LaterSimulation extends Simulation {
  /** The last month that was published. */
  #published = '';
  /** The days of differences that were explained. */
  readonly #explained: string[] = [];

  /** The next register lists all units but one, so that the one before is back. */
  async vanish(): Promise<Said> {
    const at = this.pick(this.world.units.length);
    await demolish(this.world, at);
    this.gone = at;
    return { what: `vanish ${at}`, expected: 'ok', got: 'ok' };
  }

  #refundable(at: number): string {
    const { model } = this;
    const held = [...model.balances].some(
      ([key, fen]) => fen > 0n && new RegExp(`^held \\S+ ${at}$`).test(key),
    );
    if (model.refunded.has(at)) return 'FUND_UNIT_REFUNDED';
    if (at !== this.gone) return 'FUND_UNIT_IN_FORCE';
    if (!model.balances.has(`available ${at}`)) return 'FUND_UNIT_UNKNOWN';
    if (held) return 'FUND_UNIT_HELD';
    if (this.openOnes(() => true).length > 0) return 'FUND_UNIT_AUTHORISED';
    const isUnpaid = [...model.authorisations].some(
      ([id, { state }]) =>
        state === 'revoked' && model.balance(`payable ${id}`) > 0n && (model.accrued(id)[at] ?? 0n) > 0n,
    );
    if (isUnpaid) return 'FUND_UNIT_UNPAID';
    if (model.balance('interest') > 0n) return 'FUND_INTEREST_WAITS';
    return model.balance(`available ${at}`) > 0n ? 'ok' : 'FUND_AMOUNT_ZERO';
  }

  /** A unit gets its whole balance back, mostly one that is gone; at times interest comes in between. */
  async refund(): Promise<Said> {
    if ((this.gone === undefined || this.model.refunded.has(this.gone)) && this.pick(3) > 0)
      return this.vanish();
    const at = this.gone === undefined || this.pick(5) === 0 ? this.pick(this.world.units.length) : this.gone;
    const { community } = this.world;
    let expected = this.#refundable(at);
    const document = { unit: this.unit(at), documentHash: acceptance(this.number()) };
    const drafted = await draftRefund(
      this.world.deps,
      { community, payeeOpening: PAYEE_OPENING, ...document },
      'test',
    );
    const what = `refund ${at}`;
    if (expected !== 'ok' || !drafted.ok) return { what, expected, got: said(drafted) };
    if (this.pick(4) === 0) {
      await this.interest();
      expected = 'FUND_INTEREST_WAITS';
    }
    await signAs(this.world, drafted.value.act, [...this.world.officers.slice(1), this.world.regulator]);
    const got = said(await execute(this.world, drafted.value.act, applyRefund));
    if (expected === 'ok' && got === 'ok') {
      const known = this.refunds;
      const listed = (await listRefunds(this.world.fresh.db, community)).map((one) => one.authorisation);
      const id = present(
        listed.find((one) => !known.includes(one)),
        'just refunded',
      );
      const fen = this.model.balance(`available ${at}`);
      const none = { wasHeld: false, wasReleased: false, wasClaimed: false };
      this.model.authorisations.set(id, { capFen: fen, state: 'closed', ...none });
      const legs = [[`available ${at}`, fen] as const, [`payable ${id}`, -fen] as const];
      this.model.book('refund', this.today(), legs, id);
      this.model.refunded.add(at);
      this.refunds = [...known, id];
    }
    return { what, expected, got };
  }

  /** What a bank account has moved: the statement that the bank would send. */
  #linesOf(bank: string): readonly Line[] {
    return this.model.entries.flatMap(({ seq, kind, bookedOn, valueOn, legs, receipt }) => {
      const own = legs.filter(([key]) => key === bank).map(([, fen]) => fen);
      const on = kind === 'deposit_reversed' ? bookedOn : valueOn;
      return own.length === 0 ? [] : [{ receipt: receipt === '' ? `行${seq}` : receipt, on, fen: sum(own) }];
    });
  }

  /** Compares all that the bank shows since long before the month; answers what the comparison found beyond the lines left out. */
  async #compare(bank: typeof MAIN, month: string, leftOut: Line | undefined): Promise<readonly string[]> {
    const { to } = daysOfMonth(month);
    const from = addDays(`${month}-01`, -70);
    const lines = this.#linesOf(bankKey(bank)).filter((line) => line.on <= to && line !== leftOut);
    const shown = lines.filter(({ receipt }) => receipt !== leftOut?.receipt);
    const closingFen = sum(shown.map(({ fen }) => fen));
    const csv = `交易日期,流水号,收入,支出\n${shown
      .filter(({ on }) => on >= from)
      .map(row)
      .join('')}`;
    // One that is made later counts.
    this.world.time.advance(1);
    const { community, deps } = this.world;
    const statement = { community, bank, from, to, closingFen, csv };
    const found = accepted(await reconcile(deps, statement, this.#officer()));
    expect(found.matched).toBe(shown.filter(({ on }) => on >= from).length);
    if (leftOut !== undefined && this.pick(2) === 0) {
      for (const { no } of found.differences) {
        const explained = { community, reconciliation: found.reconciliation, no, reason: '银行次日入账' };
        accepted(await explainDifference(deps, explained, this.#officer()));
        this.#explained.push(leftOut.on);
      }
      return [];
    }
    return found.differences.map(({ kind, on, amountFen }) => `${kind} ${on} ${amountFen}`);
  }

  #officer(): string {
    return present(this.world.officers[0], 'an officer').officer;
  }

  /** The next month, which mostly is over first and compared; at times another one, one that is not compared, or one with a difference. */
  async publish(): Promise<Said> {
    const first = present(this.model.entries[0], 'the book is not empty').bookedOn.slice(0, 7);
    const next = this.#published === '' ? first : monthAfter(this.#published);
    const trick = this.pick(10);
    const { to } = daysOfMonth(next);
    if (trick === 0) return this.#publishing(this.#published === '' ? monthAfter(next) : this.#published);
    if (this.today() <= to && trick > 2) {
      const days = (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${this.today()}T00:00:00Z`)) / DAY_MS;
      this.world.time.advance((days + 1 + this.pick(4)) * DAY_MS);
    }
    if (this.today() <= to || trick === 3) return this.#publishing(next);
    const inMonth = this.#linesOf(bankKey(MAIN)).filter(({ on }) => on >= `${next}-01` && on <= to);
    const leftOut = trick < 7 ? this.some(inMonth) : undefined;
    const found = await this.#compare(MAIN, next, leftOut);
    const expectedFound =
      leftOut === undefined || found.length === 0 ? [] : [`surplus ${leftOut.on} ${leftOut.fen}`];
    expect(found).toEqual(expectedFound);
    if (this.model.balances.has(bankKey(TERM)))
      expect(await this.#compare(TERM, next, undefined)).toEqual([]);
    return this.#publishing(next, found.length === 0);
  }

  async #publishing(month: string, isCompared = false): Promise<Said> {
    const { community, deps } = this.world;
    const next =
      this.#published === '' ? this.model.entries[0]?.bookedOn.slice(0, 7) : monthAfter(this.#published);
    let expected = 'ok';
    if (daysOfMonth(month).to >= this.today()) expected = 'FUND_MONTH_NOT_OVER';
    else if (month <= this.#published) expected = 'FUND_MONTH_PUBLISHED';
    else if (month !== next) expected = 'FUND_MONTH_ORDER';
    else if (!isCompared) expected = 'FUND_MONTH_UNRECONCILED';
    const result = await publishMonth(deps, { community, month }, this.#officer());
    if (expected === 'ok' && result.ok) {
      this.#judge(result.value.record);
      this.#published = month;
    }
    return { what: `publish ${month}`, expected, got: said(result) };
  }

  /** What a month says, beside the same figures by the model. */
  #judge(record: FundMonth): void {
    const { from, to } = daysOfMonth(record.month);
    const until = this.model.entries.filter(({ bookedOn }) => bookedOn <= to);
    const within = until.filter(({ bookedOn }) => bookedOn >= from);
    const amounts = (entries: readonly ModelEntry[], prefix: string) =>
      entries.flatMap(({ legs }) => legs.filter(([key]) => key.startsWith(prefix)).map(([, fen]) => fen));
    const groups = KEYS.map(([accountKind, prefix]) => {
      const sign = accountKind === 'bank' ? 1n : -1n;
      const moved = amounts(within, prefix).map((fen) => sign * fen);
      const closingFen = sign * sum(amounts(until, prefix));
      const inFen = sum(moved.filter((fen) => fen > 0n));
      const outFen = -sum(moved.filter((fen) => fen < 0n));
      const all = { openingFen: closingFen - inFen + outFen, inFen, outFen, closingFen };
      return {
        accountKind,
        ...Object.fromEntries(Object.entries(all).map(([name, fen]) => [name, String(fen)])),
      };
    });
    expect(record.accounts).toEqual(groups);
    const bankOf = (...kinds: readonly string[]) =>
      sum(
        amounts(
          within.filter(({ kind }) => kinds.includes(kind)),
          'bank ',
        ),
      );
    expect([record.depositsFen, record.interestFen, record.paidFen].map(BigInt)).toEqual([
      bankOf('deposit', 'deposit_unidentified', 'deposit_reversed'),
      bankOf('interest_received'),
      -bankOf('pay', 'pay_returned'),
    ]);
    expect(record.lastSeq).toBe(until.length);
    const explained = this.#explained.filter((on) => on >= from && on <= to);
    expect(record.explained).toBe(explained.length);
    for (const charge of record.charges) {
      const under = until.filter(({ authorisation }) => authorisation === charge.authorisation);
      const figures = [charge.capFen, charge.heldFen, charge.payableFen, charge.paidFen].map(BigInt);
      const cap = this.model.authorisations.get(charge.authorisation)?.capFen;
      const [held, payable, paid] = ['held ', 'payable ', 'bank '].map(
        (prefix) => -sum(amounts(under, prefix)),
      );
      expect(figures).toEqual([cap, held, payable, paid]);
    }
  }
}
