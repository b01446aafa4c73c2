/** With what the proposal of a run-off begins: those who tie, and the seats that they left open (SPEC 8.1, elections). Pure. */

import type { ProposalStart } from './meeting-draft.ts';
import { EMPTY_PROPOSAL } from './meeting-draft.ts';
import type { MeetingOutcome } from './meeting-outcome.ts';
import { t } from './run-off-words.ts';

/** As long as a title may be. */
const MOST_TITLE = 200;

/** One for each election of the meeting that a tie left undecided, in the order of the definition. */
export function runOffsOf({ definition, record }: MeetingOutcome): readonly ProposalStart[] {
  return definition.proposals.flatMap(({ proposal, title, options, seats, scope }) => {
    const tally = record.proposals.find((each) => each.proposal === proposal);
    if (tally === undefined || tally.runOff.length === 0) return [];
    const tied = options.filter(({ id }) => tally.runOff.includes(id));
    const open = seats - tally.elected.length;
    return [
      {
        ...EMPTY_PROPOSAL,
        kind: 'election' as const,
        title: t('proposalTitle', { title }).slice(0, MOST_TITLE),
        text: t('proposalText', { meeting: definition.title, title, tied: tied.length, open }),
        candidates: tied.map(({ text }) => text).join('\n'),
        seats: String(open),
        // Whoever elected decides the tie, and nobody else.
        units: { kind: scope.kind, members: [...scope.members] },
      },
    ];
  });
}
