/** The statements that count, and who they make a voter of which proposal, before anything is opened (SPEC 6.7, 8.1). */
import type { RuleParameters } from '../assembly/domain/rule-parameters.ts';
import type { Meeting } from '../assembly/meetings.ts';
import { spentBallots } from '../ballot/store/ballots.ts';
import type { CastRow } from '../ballot/store/casts.ts';
import { castsOf } from '../ballot/store/casts.ts';
import { present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import { castForm } from '../record/cast.ts';
import type { Proposal } from '../record/meeting.ts';
import { paperForm } from '../record/paper.ts';
import { weightOf } from '../record/roll.ts';
import type { FrozenLeaf } from '../registry/frozen-roll.ts';
import type { OpenedAnswer, Voter } from './domain/record-tally.ts';

/** A sealed answer under its proposal; `ballot` is the name ballot's hash, or the paper's serial. */
export type SealedAnswer = {
  readonly proposal: Proposal;
  readonly ballot: string;
  readonly sealed: Uint8Array;
};

export type StandingStatement = { readonly row: CastRow; readonly answers: readonly SealedAnswer[] };

export type Standing = {
  /** The last item of each chain, by entitlement, where it is a statement. */
  readonly statements: ReadonlyMap<string, StandingStatement>;
  /** Whoever ever voted in the meeting, also where nothing of it stands. */
  readonly spoke: ReadonlySet<string>;
  /** How many voids there are, over whatever stands now. */
  readonly voids: number;
  /** How many items there are in all. */
  readonly items: number;
};

/** The sealed answers of a statement: a cast's name ballots, a paper's its serial and their proposals. */
function answersOf(
  row: CastRow,
): readonly { readonly ballot: string; readonly sealed: string; readonly proposal?: string }[] {
  if (row.channel !== 'paper') return castForm.own(row.cast_bytes).answers;
  const { serial, answers } = paperForm.own(row.cast_bytes);
  return answers.map((answer) => ({ ballot: serial, ...answer }));
}

/** Reads the end of every chain of a meeting. */
export async function standingStatements(
  db: Database | Tx,
  { community, meeting: id, definition }: Meeting,
): Promise<Standing> {
  const proposals = new Map(definition.proposals.map((proposal) => [proposal.proposal, proposal]));
  const proposalOf = new Map(
    (await spentBallots(db, community, id)).map((row) => [toBase64Url(row.ballot_hash), row.proposal_id]),
  );
  const rows = await castsOf(db, community, id);
  const statements = new Map<string, StandingStatement>();
  for (const [entitlement, row] of new Map(rows.map((each) => [each.entitlement_id, each]))) {
    if (row.channel === 'void') continue;
    const answers = answersOf(row).map(({ ballot, sealed, proposal }) => ({
      ballot,
      sealed: present(fromBase64Url(sealed), 'checked bytes'),
      proposal: present(
        proposals.get(proposal ?? proposalOf.get(ballot) ?? ''),
        'a spent ballot has its proposal',
      ),
    }));
    statements.set(entitlement, { row, answers });
  }
  const spoke = new Set(rows.map((row) => row.entitlement_id));
  const voids = rows.filter(({ channel }) => channel === 'void').length;
  return { statements, spoke, voids, items: rows.length };
}

/** An answer that takes part and consents to nothing: what a blank says where the profile takes it for an abstention, and a sealed one until it opens. */
export const TAKES_PART: Readonly<Record<'motion' | 'election', OpenedAnswer>> = {
  motion: ['abstain'],
  election: [],
};

/** The entitlements with area in a proposal's scope, each with what it said; `answers` holds those with a statement, by proposal, and `silent` those whom a clause of silence counts. */
export function votersOf(
  leaves: readonly FrozenLeaf[],
  { proposal, scope, form }: Proposal,
  parameters: Pick<RuleParameters, 'blankAnswer' | 'countSpecialSpaces'>,
  answers: ReadonlyMap<string, ReadonlyMap<string, OpenedAnswer>>,
  silent: ReadonlySet<string> = new Set(),
): readonly Voter[] {
  const blank = parameters.blankAnswer === 'abstain' ? TAKES_PART[form] : 'absent';
  return leaves.flatMap(({ leaf, entitlement }) => {
    const weight = weightOf(leaf, scope, parameters.countSpecialSpaces);
    const statement = answers.get(entitlement);
    const unsaid = silent.has(entitlement) ? 'delivered-silent' : 'absent';
    const answer = statement === undefined ? unsaid : (statement.get(proposal) ?? blank);
    return weight.heads === 0 ? [] : [{ weight, answer }];
  });
}
