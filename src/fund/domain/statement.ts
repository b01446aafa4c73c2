/**
 * The statement of one household: every posting of its accounts in order, with the share that a resolution laid on it, and what
 * it has at the date (管理办法 §30: each unit's own figures). All amounts in fen.
 */
import { assert } from '../../base/assert.ts';
import type { Share } from '../../record/fund.ts';
import type { EntryKind } from './entry-shapes.ts';

/** One posting of an account of the household, in order of `seq` and line. Credit is what the household gains. */
export type HouseholdPosting = {
  readonly seq: bigint;
  readonly kind: EntryKind;
  readonly bookedOn: string;
  readonly valueOn: string;
  readonly narrative: string;
  readonly reference: string;
  /** Of the entry; empty where it has none. */
  readonly authorisation: string;
  readonly account: 'unit_available' | 'unit_held';
  /** Debit positive. */
  readonly amountFen: bigint;
  /** Place of the entry in the log, undefined until it has one. */
  readonly logIndex: number | undefined;
};

/** A share with the area of all who bear the cost. */
export type ShareOfCost = Share & { readonly totalAreaDm2: string; readonly totalFen: string };

export type StatementLine = {
  readonly seq: bigint;
  readonly kind: EntryKind;
  readonly bookedOn: string;
  readonly valueOn: string;
  readonly narrative: string;
  readonly reference: string;
  readonly authorisation: string;
  readonly availableFen: bigint;
  readonly heldFen: bigint;
  readonly availableAfterFen: bigint;
  readonly heldAfterFen: bigint;
  readonly logIndex: number | undefined;
  readonly share: ShareOfCost | undefined;
};

export type Statement = {
  readonly unit: string;
  readonly asOf: string;
  readonly lines: readonly StatementLine[];
  readonly availableFen: bigint;
  readonly held: readonly { readonly authorisation: string; readonly amountFen: bigint }[];
  readonly totalFen: bigint;
};

/** The statement of a unit up to `asOf`; `shareOf` gives the unit's share in an authorisation. */
export function statementOf(
  unit: string,
  asOf: string,
  postings: readonly HouseholdPosting[],
  shareOf: (authorisation: string) => ShareOfCost | undefined,
): Statement {
  const lines: StatementLine[] = [];
  const held = new Map<string, bigint>();
  let available = 0n;
  let heldFen = 0n;
  for (const posting of postings) {
    const gain = -posting.amountFen;
    const onHold = posting.account === 'unit_held';
    if (onHold) {
      held.set(posting.authorisation, (held.get(posting.authorisation) ?? 0n) + gain);
      heldFen += gain;
    } else available += gain;
    const former = lines.at(-1);
    const joins = former?.seq === posting.seq;
    if (joins) lines.pop();
    const { account: _, amountFen: __, ...facts } = posting;
    lines.push({
      ...facts,
      availableFen: (joins ? former.availableFen : 0n) + (onHold ? 0n : gain),
      heldFen: (joins ? former.heldFen : 0n) + (onHold ? gain : 0n),
      availableAfterFen: available,
      heldAfterFen: heldFen,
      share: posting.kind === 'hold' ? shareOf(posting.authorisation) : undefined,
    });
  }
  assert(
    available >= 0n && [...held.values()].every((amountFen) => amountFen >= 0n),
    'no account is overdrawn',
  );
  return {
    unit,
    asOf,
    lines,
    availableFen: available,
    held: [...held].map(([authorisation, amountFen]) => ({ authorisation, amountFen })),
    totalFen: available + heldFen,
  };
}
