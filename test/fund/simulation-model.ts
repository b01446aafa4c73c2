// The book as a few lines of arithmetic, apart from the code that it judges: balances in a map, a cost shared fen by fen, interest
// counted day by day. It predicts of each step of a simulation whether it is accepted, with which refusal not, and what it moves.

/** A leg by the account's key; debit positive, in fen. */
type ModelLeg = readonly [key: string, amountFen: bigint];

export type ModelEntry = {
  readonly seq: number;
  readonly kind: string;
  readonly bookedOn: string;
  readonly valueOn: string;
  readonly legs: readonly ModelLeg[];
  readonly authorisation: string;
  /** The bank's number, where a receipt of the bank proves it. */
  readonly receipt: string;
  reversed: boolean;
};

export type ModelAuthorisation = {
  readonly capFen: bigint;
  state: 'open' | 'closed' | 'revoked';
  wasHeld: boolean;
  /** What was held went back, or what was claimed was cancelled. */
  wasReleased: boolean;
  wasClaimed: boolean;
};

const DAY_MS = 86_400_000;

/** Each gets the whole part; the rest goes out fen by fen to the largest remainder, ties to the earlier. */
export function shareOut(totalFen: bigint, weights: readonly bigint[]): readonly bigint[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0n);
  const shares = weights.map((weight) => (totalFen * weight) / all);
  const given = new Set<number>();
  for (let left = totalFen - shares.reduce((sum, share) => sum + share, 0n); left > 0n; left -= 1n) {
    let best = -1;
    for (const [at, weight] of weights.entries()) {
      const better = best < 0 || (totalFen * weight) % all > (totalFen * (weights[best] ?? 0n)) % all;
      if (!given.has(at) && better) best = at;
    }
    given.add(best);
    shares[best] = (shares[best] ?? 0n) + 1n;
  }
  return shares;
}

/** A key's side: what a bank has, and what the developer owes, is a debit, all else a credit. */
const sideOf = (key: string): bigint => (/^(?:bank|claim) /.test(key) ? 1n : -1n);

export class Model {
  /** Balances on the normal side, in fen. */
  readonly balances = new Map<string, bigint>();
  readonly entries: ModelEntry[] = [];
  readonly authorisations = new Map<string, ModelAuthorisation>();
  /** Content by idempotency key. */
  readonly keys = new Map<string, string>();
  distributedUntil = '';
  /** The units that were refunded, by their places. */
  readonly refunded = new Set<number>();
  readonly #units: number;
  readonly #today: () => string;

  constructor(units: number, today: () => string) {
    this.#units = units;
    this.#today = today;
  }

  balance(key: string): bigint {
    return this.balances.get(key) ?? 0n;
  }

  /** The sum of the balances whose key begins so. */
  sum(prefix: string): bigint {
    let sum = 0n;
    for (const [key, fen] of this.balances) if (key.startsWith(prefix)) sum += fen;
    return sum;
  }

  /** What is held of each unit for an authorisation. */
  held(authorisation: string): readonly bigint[] {
    return this.#each((at) => this.balance(`held ${authorisation} ${at}`));
  }

  /** What was accrued of each unit for an authorisation, less what was taken back. */
  accrued(authorisation: string): readonly bigint[] {
    const kinds = ['accrue', 'accrual_cancelled', 'unpaid_cancelled'];
    const legs = this.entries
      .filter((entry) => entry.authorisation === authorisation && kinds.includes(entry.kind))
      .flatMap((entry) => entry.legs);
    return this.#each((at) =>
      legs.reduce((sum, [key, fen]) => (key === `held ${authorisation} ${at}` ? sum + fen : sum), 0n),
    );
  }

  /** What the developer owes of each unit for an authorisation. */
  claims(authorisation: string): readonly bigint[] {
    return this.#each((at) => this.balance(`claim ${authorisation} ${at}`));
  }

  /** Brings his claims to these amounts: those that rise by one entry, those that fall by another. */
  claim(authorisation: string, valueOn: string, owed: readonly bigint[], fallingKind: string): void {
    const legs = this.claims(authorisation).map(
      (fen, at) => [`claim ${authorisation} ${at}`, (owed[at] ?? 0n) - fen] as const,
    );
    for (const [kind, some] of [
      ['claim', legs.filter(([, fen]) => fen > 0n)],
      [fallingKind, legs.filter(([, fen]) => fen < 0n)],
    ] as const) {
      const sum = some.reduce((all, [, fen]) => all + fen, 0n);
      if (some.length > 0)
        this.book(kind, valueOn, [...some, [`contra ${authorisation}`, -sum]], authorisation);
    }
  }

  #each(amountOf: (at: number) => bigint): readonly bigint[] {
    return Array.from({ length: this.#units }, (_, at) => amountOf(at));
  }

  /** Whether every account would keep its side. */
  covers(legs: readonly ModelLeg[]): boolean {
    return legs.every(([key, fen]) => this.balance(key) + sideOf(key) * fen >= 0n);
  }

  /** Books an entry. */
  book(kind: string, valueOn: string, legs: readonly ModelLeg[], authorisation = '', receipt = ''): number {
    const seq = this.entries.length + 1;
    // Nothing opens no account.
    for (const [key, fen] of legs)
      if (fen !== 0n) this.balances.set(key, this.balance(key) + sideOf(key) * fen);
    this.entries.push({
      seq,
      kind,
      bookedOn: this.#today(),
      valueOn,
      legs: legs.filter(([, fen]) => fen !== 0n),
      authorisation,
      receipt,
      reversed: false,
    });
    return seq;
  }

  /** The legs that undo an entry. */
  negation(entry: ModelEntry): readonly ModelLeg[] {
    return entry.legs.map(([key, fen]) => [key, -fen] as const);
  }

  /** Fen-days of each unit that was not refunded, from the last distribution to `until`, counted day by day. */
  fenDays(until: string): readonly bigint[] {
    const gains = this.entries.flatMap(({ valueOn, legs }) =>
      legs.flatMap(([key, fen]) => {
        const at = /^(?:available|held \S+) (\d+)$/.exec(key)?.[1];
        const isOut = at === undefined || valueOn >= until || this.refunded.has(Number(at));
        return isOut ? [] : [{ at: Number(at), valueOn, gainFen: -fen }];
      }),
    );
    const first = gains.map(({ valueOn }) => valueOn).sort()[0] ?? until;
    const from = this.distributedUntil === '' ? first : this.distributedUntil;
    const days = this.#each(() => 0n).map((fen) => fen);
    const end = Date.parse(`${until}T00:00:00Z`);
    for (let at = Date.parse(`${from}T00:00:00Z`); at < end; at += DAY_MS) {
      const day = new Date(at).toISOString().slice(0, 10);
      for (const gain of gains) if (gain.valueOn <= day) days[gain.at] = (days[gain.at] ?? 0n) + gain.gainFen;
    }
    return days.map((fen) => (fen > 0n ? fen : 0n));
  }
}
