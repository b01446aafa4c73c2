/** What the counted statements say when the box is opened with its released key (SPEC 6.2, 6.7). */
import { fromBase64Url } from '../base/bytes.ts';
import { isInvalidCode, openChoice } from '../record/choice.ts';
import type { Definition, Proposal } from '../record/meeting.ts';
import type { TallyRecord } from '../record/tally-record.ts';
import type { Counted } from './paper-statements.ts';
import type { Rules } from './profile-form.ts';
import type { Vote } from './recount.ts';
import type { Roll } from './roll-checks.ts';
import { areaIn } from './roll-checks.ts';

type Malformed = TallyRecord['malformed'][number];

/** Votes of every entitlement by proposal, and the answers that did not open or were found invalid on paper. */
export type OpenedVotes = {
  readonly votes: ReadonlyMap<string, readonly Vote[]>;
  readonly malformed: readonly Malformed[];
};

/** What was opened already, by statement and proposal, for a meeting that is counted more than once. */
export type OpenedMemory = Map<string, Opened>;

/** Opens each counted answer once; without the secret, answers count as taking part. `silent` are those whom a clause of silence counts. */
export function openVotes(
  definition: Definition,
  roll: Roll,
  rules: Rules,
  counted: ReadonlyMap<string, Counted>,
  boxSecret: Uint8Array | undefined,
  memory: OpenedMemory = new Map(),
  silent: ReadonlySet<string> = new Set(),
): OpenedVotes {
  const votes = new Map<string, Vote[]>();
  const malformed: Malformed[] = [];
  for (const proposal of definition.proposals) {
    const found: Vote[] = [];
    for (const leaf of roll.leaves.values()) {
      const areaDm2 = areaIn(leaf, proposal.scope, rules.countSpecialSpaces);
      if (areaDm2 === 0n) continue;
      const statement = counted.get(leaf.entitlement);
      const unsaid = silent.has(leaf.entitlement) ? 'served' : 'silent';
      const opened = statement === undefined ? unsaid : answerOf(proposal, statement, boxSecret, memory);
      if (typeof opened === 'object' && 'code' in opened) {
        malformed.push({
          entitlement: leaf.entitlement,
          proposal: proposal.proposal,
          castHash: statement?.hash ?? '',
          code: opened.code,
        });
        found.push({ areaDm2, answer: isInvalidCode(opened.code) ? 'invalid' : 'malformed' });
      } else found.push({ areaDm2, answer: opened });
    }
    votes.set(proposal.proposal, found);
  }
  return { votes, malformed };
}

type Opened = readonly string[] | 'blank' | { readonly code: string };

/** An answer that nobody can read yet: it takes part, whatever it says. */
const SEALED: readonly string[] = ['sealed'];

function answerOf(
  proposal: Proposal,
  statement: Counted,
  boxSecret: Uint8Array | undefined,
  memory: OpenedMemory,
): Opened {
  const answer = statement.answers.find((one) => one.proposal?.proposal === proposal.proposal);
  if (answer === undefined) return 'blank';
  if (boxSecret === undefined) return SEALED;
  const { meeting, entitlement } = statement;
  const context = { meeting, entitlement, ballot: answer.ballot, proposal };
  const key = `${statement.hash} ${proposal.proposal}`;
  const known = memory.get(key);
  if (known !== undefined) return known;
  const opened = openChoice(answer.sealed, boxSecret, context);
  const said = opened.ok ? opened.value : { code: opened.refusal.code };
  memory.set(key, said);
  return said;
}

/** The secret of `box.json`. */
export const boxSecretOf = (secret: string): Uint8Array => fromBase64Url(secret) ?? new Uint8Array();
