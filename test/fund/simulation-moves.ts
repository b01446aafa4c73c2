// The other moves of a simulation: votes, holds, stages, payments, releases, annulments, interest, moves between banks and time.
import { present } from '../../src/base/assert.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { applyAnnulment, draftAnnulment } from '../../src/fund/annulling.ts';
import { authoriseResolutions } from '../../src/fund/authorising.ts';
import { claimShares } from '../../src/fund/claiming.ts';
import { applyClosing } from '../../src/fund/closing.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { distributeInterest, receiveInterest } from '../../src/fund/interest.ts';
import { draftBankMove } from '../../src/fund/moving.ts';
import { draftPayment } from '../../src/fund/paying.ts';
import { releaseRest } from '../../src/fund/releasing.ts';
import { draftEnd, type Ref } from './closing-world.ts';
import { annulLift, authoriseLift, declare } from './emergency-world.ts';
import { acceptance, accepted, execute, PAYEE_ACCOUNT, signAs } from './fund-world.ts';
import type { Said } from './simulation-incoming.ts';
import { bankKey, DAY_MS, Incoming, MAIN, said } from './simulation-incoming.ts';
import type { ModelAuthorisation, ModelEntry } from './simulation-model.ts';
import { shareOut } from './simulation-model.ts';

export const TERM = { name: '建行定期', lastDigits: '9001' };

/** An authorisation that was taken over. */
type On = { readonly id: string; readonly facts: ModelAuthorisation; readonly ref: Ref };

export class Simulation extends Incoming {
  /** Authorisations in the order of the proposals; empty until the votes are taken over. */
  private voted: readonly string[] = [];
  /** These and the emergencies, in the order of the log. */
  protected opened: readonly string[] = [];
  /** Of units that were no more. */
  protected refunds: readonly string[] = [];
  private emergencies: readonly string[] = [];
  #only: string | undefined;
  private readonly annulled = new Set<string>();

  /** Until it is called with nothing, everything happens to one that holds something, or that waits for its hold; whether there is one. */
  narrow(to?: 'holding' | 'waiting'): boolean {
    const holding = this.openOnes((id) => this.model.sum(`held ${id} `) > 1n);
    const waiting = this.openOnes((id) => this.model.authorisations.get(id)?.wasHeld === false);
    this.#only = to === undefined ? undefined : this.some(to === 'holding' ? holding : waiting);
    return this.#only !== undefined;
  }

  /** Takes over what the owners voted; again it finds the authorisations standing. */
  async authorise(): Promise<Said> {
    const { authorisations } = await authoriseResolutions(this.world.deps, this.world);
    const again = this.voted.length > 0 && this.voted.join() !== authorisations.join();
    if (this.voted.length === 0) this.opened = [...this.opened, ...authorisations];
    this.voted = authorisations;
    for (const [at, id] of authorisations.entries())
      if (!this.model.authorisations.has(id)) {
        const proposal = present(this.world.definition.proposals[at], 'in the order of the proposals');
        this.model.authorisations.set(id, {
          capFen: BigInt(proposal.fund[0]?.capFen ?? '0'),
          state: this.annulled.has(proposal.proposal) ? 'revoked' : 'open',
          wasHeld: false,
          wasReleased: false,
          wasClaimed: false,
        });
      }
    return { what: 'authorise', expected: 'ok', got: again ? 'others' : 'ok' };
  }

  /** A lift stands still: street office and committee open the fund without a vote, where the regulator allowed it. */
  async lift(): Promise<Said> {
    const isFirst = this.emergencies.length === 0;
    if (isFirst) await declare(this.world);
    if (this.emergencies.length > 2) return this.wait();
    const capFen = 40_000n + this.fen(50_000n);
    const id = await authoriseLift(this.world, { capFen });
    this.emergencies = [...this.emergencies, id];
    this.opened = [...this.opened, id];
    const none = { wasHeld: false, wasReleased: false, wasClaimed: false };
    this.model.authorisations.set(id, { capFen, state: 'open', ...none });
    return { what: `lift ${id.slice(0, 4)} ${capFen}`, expected: 'ok', got: 'ok' };
  }

  /** The regulator finds an emergency unlawful. */
  private async annulEmergency(id: string): Promise<Said> {
    await annulLift(this.world, id);
    present(this.model.authorisations.get(id), 'an emergency').state = 'revoked';
    return { what: `annul ${id.slice(0, 4)}`, expected: 'ok', got: 'ok' };
  }

  /** One of them, half of the time of these. */
  protected authorisation(mostly: readonly string[] = []): On | undefined {
    const id =
      this.#only ??
      (this.pick(2) === 0 ? this.some(this.opened) : (this.some(mostly) ?? this.some(this.opened)));
    if (id === undefined) return undefined;
    const facts = present(this.model.authorisations.get(id), 'taken over');
    return { id, facts, ref: { community: this.world.community, authorisation: id } };
  }

  private shares(capFen: bigint): readonly bigint[] {
    return shareOut(
      capFen,
      this.world.units.map(({ areaDm2 }) => areaDm2),
    );
  }

  /** The developer owes what his units lack of their shares. */
  async claim(): Promise<Said> {
    const on = this.authorisation(this.openOnes((one) => this.model.sum(`claim ${one} `) > 0n));
    if (on === undefined) return this.authorise();
    const { id, facts, ref } = on;
    const waiting = this.openOnes((one) => this.model.authorisations.get(one)?.wasHeld === false);
    const before = waiting.slice(0, Math.max(0, waiting.indexOf(id)));
    const taken = before.map((one) => this.shares(this.model.authorisations.get(one)?.capFen ?? 0n));
    const owed = this.shares(facts.capFen).map((fen, at) => {
      const over = taken.reduce(
        (left, each) => left - (each[at] ?? 0n),
        this.model.balance(`available ${at}`),
      );
      const lacking = over > 0n ? fen - over : fen;
      return this.world.units[at]?.unsold === true && lacking > 0n ? lacking : 0n;
    });
    const stands = owed.every((fen, at) => fen === this.model.claims(id)[at]);
    let expected = 'ok';
    if (facts.state !== 'open') expected = 'FUND_AUTHORISATION_CLOSED';
    else if (facts.wasHeld) expected = 'FUND_HELD_ALREADY';
    else if (stands && !facts.wasClaimed) expected = 'FUND_NOTHING_CLAIMED';
    const result = await claimShares(this.world.deps, ref);
    if (expected === 'ok') {
      this.model.claim(id, this.today(), owed, 'claim_settled');
      facts.wasClaimed = true;
    }
    return { what: `claim ${id.slice(0, 4)} ${owed.join('+')}`, expected, got: said(result) };
  }

  async hold(): Promise<Said> {
    const on = this.authorisation();
    if (on === undefined) return this.authorise();
    const { id, facts, ref } = on;
    const shares = this.shares(facts.capFen);
    const short = shares.some((fen, at) => fen > this.model.balance(`available ${at}`));
    let expected = 'ok';
    if (!facts.wasHeld && facts.state !== 'open') expected = 'FUND_AUTHORISATION_CLOSED';
    else if (!facts.wasHeld && short) expected = 'FUND_HOUSEHOLDS_SHORT';
    const result = await holdShares(this.world.deps, ref);
    if (expected === 'ok' && !facts.wasHeld) {
      const legs = shares.flatMap((fen, at) => [
        [`available ${at}`, fen] as const,
        [`held ${id} ${at}`, -fen] as const,
      ]);
      const none = shares.map(() => 0n);
      this.model.claim(id, this.today(), none, 'claim_settled');
      this.model.book('hold', this.today(), legs, id);
      facts.wasHeld = true;
    }
    return { what: `hold ${id.slice(0, 4)}`, expected, got: said(result) };
  }

  async accrue(): Promise<Said> {
    const on = this.authorisation(this.openOnes((id) => this.model.sum(`held ${id} `) > 0n));
    if (on === undefined) return this.authorise();
    const { id, facts, ref } = on;
    const held = this.model.held(id);
    const heldFen = held.reduce((sum, fen) => sum + fen, 0n);
    // One in four takes all that is held, so that a road comes to its end.
    const fen = this.pick(4) === 0 && heldFen > 0n ? heldFen : this.fen((facts.capFen * 6n) / 10n);
    const costFen = facts.capFen - heldFen + fen;
    let expected = 'ok';
    if (facts.state !== 'open') expected = 'FUND_AUTHORISATION_CLOSED';
    else if (fen > heldFen)
      expected =
        facts.wasHeld && costFen * 10n >= facts.capFen * 11n ? 'FUND_OVERRUN_NEEDS_VOTE' : 'FUND_ABOVE_HELD';
    const result = await accrueStage(this.world.deps, {
      ...ref,
      amountFen: fen,
      stage: 'progress',
      acceptanceHash: acceptance(this.number()),
    });
    if (expected === 'ok') {
      const legs = shareOut(fen, held).map((share, at) => [`held ${id} ${at}`, share] as const);
      this.model.book('accrue', this.today(), [...legs, [`payable ${id}`, -fen]], id);
    }
    return { what: `accrue ${id.slice(0, 4)} ${fen}`, expected, got: said(result) };
  }

  /** What is owed under a decision, or at times to the owner of a unit that was refunded. */
  private toPay(): On | undefined {
    const refund = this.refunds.length > 0 && this.pick(2) === 0 ? this.some(this.refunds) : undefined;
    if (refund === undefined) return this.authorisation(this.openOnes((id) => this.owed(id) > 0n));
    const facts = present(this.model.authorisations.get(refund), 'refunded');
    return { id: refund, facts, ref: { community: this.world.community, authorisation: refund } };
  }

  async pay(): Promise<Said> {
    const on = this.toPay();
    if (on === undefined) return this.authorise();
    const { id, facts, ref } = on;
    const owedFen = this.owed(id);
    const fen = this.pick(3) === 0 && owedFen > 0n ? owedFen : this.fen(owedFen + 1000n);
    let expected = 'ok';
    if (facts.state === 'revoked' || (facts.state === 'closed' && owedFen === 0n))
      expected = 'FUND_AUTHORISATION_CLOSED';
    else if (fen > owedFen) expected = 'FUND_ABOVE_PAYABLE';
    else if (fen > this.model.balance(bankKey(MAIN))) expected = 'FUND_BANK_SHORT';
    const bank = await this.world.fresh.owner
      .selectFrom('fund_account')
      .select('account_id')
      .where('community_id', '=', this.world.community)
      .where('name', '=', bankKey(MAIN).slice(5))
      .executeTakeFirstOrThrow();
    const drafted = await draftPayment(
      this.world.deps,
      {
        ...ref,
        amountFen: fen,
        payeeAccount: PAYEE_ACCOUNT,
        bank: bank.account_id,
        reference: '拨付单',
        key: `key ${this.number()}`,
      },
      'test',
    );
    return this.carryOut(`pay ${id.slice(0, 4)} ${fen}`, drafted, expected, () => {
      this.model.book(
        'pay',
        this.today(),
        [
          [`payable ${id}`, fen],
          [bankKey(MAIN), -fen],
        ],
        id,
      );
    });
  }

  /** Two officers close what is open. */
  async close(ref: Ref) {
    const drafted = await draftEnd(this.world, ref);
    if (!drafted.ok) return drafted;
    await signAs(this.world, drafted.value.act, this.world.officers);
    return execute(this.world, drafted.value.act, applyClosing);
  }

  protected readonly owed = (id: string): bigint => this.model.balance(`payable ${id}`);

  private readonly stands = (id: string): boolean => this.model.authorisations.get(id)?.state !== 'revoked';

  private readonly isPaid = (id: string): boolean =>
    this.model.entries.some((one) => one.authorisation === id && one.kind === 'pay' && !one.reversed);

  protected readonly openOnes = (is: (id: string) => boolean): readonly string[] =>
    this.opened.filter((id) => this.model.authorisations.get(id)?.state === 'open' && is(id));

  /** Whether an accrual can still be taken back as a whole. */
  private isWholeUnpaid(id: string): boolean {
    const under = this.model.entries.filter(({ authorisation }) => authorisation === id);
    if (under.some(({ kind }) => kind === 'unpaid_cancelled')) return false;
    return under.some(
      (entry) =>
        entry.kind === 'accrue' &&
        !entry.reversed &&
        !this.isOfRefunded(entry.legs) &&
        this.model.covers(this.model.negation(entry)),
    );
  }

  /** Each unit bears its share of what was paid; the rest of what was accrued of it is held again. */
  private unpaidLegs(id: string, owedFen: bigint): ModelEntry['legs'] {
    const accrued = this.model.accrued(id);
    const paidFen = accrued.reduce((sum, fen) => sum + fen, 0n) - owedFen;
    const borne = shareOut(paidFen, accrued);
    return accrued.map((fen, at) => [`held ${id} ${at}`, (borne[at] ?? 0n) - fen] as const);
  }

  private unpaid(id: string, owedFen: bigint): void {
    const back = this.unpaidLegs(id, owedFen);
    this.model.book('unpaid_cancelled', this.today(), [[`payable ${id}`, owedFen], ...back], id);
  }

  /** What is held goes home; `ends` closes one that is open, whether it holds something or not. */
  async release(ends = false): Promise<Said> {
    const isRevoked = (id: string) => this.model.authorisations.get(id)?.state === 'revoked';
    const isClaimedOf = (id: string) => this.model.sum(`claim ${id} `) > 0n;
    const stuck = this.opened.filter((id) => isRevoked(id) && this.owed(id) > 0n);
    const claimed = this.pick(3) === 0 ? this.opened.filter(isClaimedOf) : [];
    const open = ends ? this.openOnes((id) => this.owed(id) === 0n) : [];
    const on = this.authorisation(stuck.length > 0 && open.length === 0 ? stuck : [...open, ...claimed]);
    if (on === undefined) return this.authorise();
    const { id, facts, ref } = on;
    const held = this.model.held(id);
    const nothing = held.every((fen) => fen === 0n);
    const isClaimed = this.model.claims(id).some((fen) => fen > 0n);
    const isOpen = facts.state === 'open';
    const owedFen = this.owed(id);
    // One that holds nothing is mostly asked to be released, so that the seeds still go on to its later ways.
    const closes = isOpen && (ends || !nothing || (isClaimed && this.pick(3) === 0));
    const isUnpaid = facts.state === 'revoked' && owedFen > 0n && !this.isWholeUnpaid(id);
    // What would go home to a unit that was refunded stays, with all that was not paid beside it.
    const stays = isUnpaid && this.isOfRefunded(this.unpaidLegs(id, owedFen));
    let expected = 'ok';
    if (isOpen && !closes) expected = 'FUND_CLOSING_NEEDED';
    else if (facts.state === 'revoked' ? this.isWholeUnpaid(id) : owedFen > 0n)
      expected = 'FUND_UNPAID_ACCRUALS';
    else if (stays && nothing && !isClaimed) expected = 'FUND_UNIT_REFUNDED';
    else if (!closes && nothing && owedFen === 0n && !facts.wasReleased && !isClaimed)
      expected = 'FUND_NOTHING_HELD';
    const result = closes ? await this.close(ref) : await releaseRest(this.world.deps, ref);
    if (expected === 'ok' && closes) facts.state = 'closed';
    if (expected === 'ok' && isClaimed) {
      const none = held.map(() => 0n);
      this.model.claim(id, this.today(), none, 'claim_cancelled');
      facts.wasReleased = true;
    }
    const returns = owedFen > 0n && !stays;
    if (expected === 'ok' && returns) this.unpaid(id, owedFen);
    if (expected === 'ok' && (!nothing || returns)) {
      const legs = this.model
        .held(id)
        .flatMap((fen, at) => [[`held ${id} ${at}`, fen] as const, [`available ${at}`, -fen] as const]);
      this.model.book('release', this.today(), legs, id);
      facts.wasReleased = true;
    }
    return { what: `release ${id.slice(0, 4)}`, expected, got: said(result) };
  }

  /** A court takes a resolution back, whether it opened something already or not. */
  async annul(): Promise<Said> {
    // Mostly one of which something waits to be paid, the hardest to take back.
    const owing = this.opened.filter((id) => this.owed(id) > 0n && this.isPaid(id) && this.stands(id));
    const isAny = this.#only === undefined && this.pick(6) === 0;
    const chosen = isAny ? undefined : (this.#only ?? this.some(owing));
    if (chosen === undefined && !isAny) return this.pay();
    if (chosen !== undefined && this.emergencies.includes(chosen)) return this.annulEmergency(chosen);
    const proposals = this.world.definition.proposals.length;
    const at = chosen === undefined ? this.pick(proposals) : this.voted.indexOf(chosen);
    const { proposal } = present(this.world.definition.proposals[at], 'a proposal');
    const { community, meeting } = this.world;
    const drafted = await draftAnnulment(
      this.world.deps,
      { community, meeting, proposal, documentHash: acceptance(at) },
      'test',
    );
    const what = `annul ${at}`;
    if (this.annulled.has(proposal))
      return { what, expected: 'FUND_RESOLUTION_ANNULLED', got: said(drafted) };
    const signers = [...this.world.officers.slice(1), this.world.regulator];
    const { act } = accepted(drafted);
    await signAs(this.world, act, signers);
    const got = said(await execute(this.world, act, applyAnnulment));
    this.annulled.add(proposal);
    const facts = this.model.authorisations.get(this.voted[at] ?? '');
    if (facts !== undefined) facts.state = 'revoked';
    return { what, expected: 'ok', got };
  }

  async interest(): Promise<Said> {
    const fen = this.fen(5000n);
    const receipt = `息${this.number()}`;
    const result = await receiveInterest(this.world.deps, {
      community: this.world.community,
      bank: MAIN,
      receipt,
      amountFen: fen,
      valueOn: this.today(),
    });
    const legs = [[bankKey(MAIN), fen] as const, ['interest', -fen] as const];
    this.model.book('interest_received', this.today(), legs, '', receipt);
    return { what: `interest ${fen}`, expected: 'ok', got: said(result) };
  }

  async distribute(): Promise<Said> {
    const until = this.daysAgo(this.pick(6) === 0 ? this.pick(30) : 0);
    const { model } = this;
    const fen = model.balance('interest');
    const days = model.fenDays(until);
    const repeated = model.keys.has(until);
    let expected = 'ok';
    if (!repeated && until <= model.distributedUntil) expected = 'FUND_INTEREST_PERIOD';
    else if (!repeated && fen === 0n) expected = 'FUND_INTEREST_NONE';
    else if (!repeated && days.every((each) => each === 0n)) expected = 'FUND_INTEREST_PERIOD';
    const result = await distributeInterest(this.world.deps, { community: this.world.community, until });
    if (expected === 'ok' && !repeated) {
      const shares = shareOut(fen, days).map((share, at) => [`available ${at}`, -share] as const);
      model.book('interest_distributed', until, [['interest', fen], ...shares]);
      model.keys.set(until, '');
      model.distributedUntil = until;
    }
    return { what: `distribute until ${until}`, expected, got: said(result) };
  }

  async moveBank(): Promise<Said> {
    const [from, to] = this.pick(2) === 0 ? [MAIN, TERM] : [TERM, MAIN];
    const fen = this.fen(300_000n);
    let expected = 'ok';
    if (!this.model.balances.has(bankKey(from))) expected = 'FUND_BANK_UNCLEAR';
    else if (fen > this.model.balance(bankKey(from))) expected = 'FUND_BANK_SHORT';
    const drafted = await draftBankMove(
      this.world.deps,
      {
        community: this.world.community,
        from,
        to,
        amountFen: fen,
        reference: '转存',
        key: `key ${this.number()}`,
      },
      'test',
    );
    return this.carryOut(`move ${from.name} ${fen}`, drafted, expected, () => {
      this.model.book('bank_moved', this.today(), [
        [bankKey(to), fen],
        [bankKey(from), -fen],
      ]);
    });
  }

  async wait(): Promise<Said> {
    const days = 1 + this.pick(20);
    this.world.time.advance(days * DAY_MS);
    return { what: `wait ${days} days`, expected: 'ok', got: 'ok' };
  }
}
