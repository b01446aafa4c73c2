/**
 * `bench tally`: counting a whole meeting – its rows, its sealed answers, every number of the record – beside only opening the same
 * sealed answers in memory, in turn (DESIGN §6). What both say is compared: an answer that opens otherwise ends the bench.
 */

import type { Meeting } from '../../assembly/meetings.ts';
import { latestCheckpoint } from '../../auditlog/checkpoints.ts';
import type { BallotDeps } from '../../ballot/ballot-deps.ts';
import { acceptCast } from '../../ballot/casting.ts';
import type { IssuedBallots } from '../../ballot/issuing.ts';
import { issuePapers } from '../../ballot/issuing.ts';
import { assert, present } from '../../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import { sign } from '../../crypto/ed25519.ts';
import type { LetterCode } from '../../identity/domain/letter-making.ts';
import { castHash } from '../../record/cast.ts';
import { choiceForm, openChoice, sealChoice } from '../../record/choice.ts';
import { letterSeed } from '../../record/letter.ts';
import { EMPTY_ROOT } from '../../record/merkle.ts';
import { tallyRecordForm } from '../../record/tally-record.ts';
import { countRecords } from '../../tally/counting.ts';
import { standingStatements } from '../../tally/statements.ts';
import { demoClock } from '../demo/demo-deployment.ts';
import { systemRandom } from '../opening.ts';
import { openBench } from './deployment.ts';
import type { Figure } from './figures.ts';
import { against, alone, median } from './figures.ts';
import type { Seen } from './prepared-casts.ts';
import { castOf, found } from './prepared-casts.ts';

export type TallyBenchOptions = {
  readonly entitlements: number;
  readonly proposals: number;
  readonly rounds: number;
};

type Say = (line: string) => void;

const UNITS_AN_ENTITLEMENT = 1.6;
const AT_ONCE = 8;
const CHOICES = ['for', 'against', 'abstain'] as const;

/** A paper whose answers are sealed to the box as a page seals them; its choices go round. */
function sealedCast(meeting: Meeting, letter: LetterCode, paper: IssuedBallots, seen: Seen): Uint8Array {
  const { definition, meetingHash } = meeting;
  const boxKey = present(fromBase64Url(definition.boxKey), 'checked key');
  let at = letter.letter.length;
  return castOf(meeting, letter, paper, seen, ({ proposal, sealLength }, ballot) => {
    const choice = choiceForm.check({
      v: 1,
      meeting: meetingHash,
      entitlement: paper.entitlement,
      ballot,
      proposal,
      choice: [present(CHOICES[at++ % CHOICES.length], 'in range')],
      salt: toBase64Url(systemRandom(16)),
    });
    assert(choice.ok, 'a choice of ours');
    return sealChoice(choice.value, sealLength, boxKey, systemRandom(32), systemRandom(24));
  });
}

/** Casts for so many entitlements; gives how many there are. */
async function castAll(
  deps: BallotDeps,
  meeting: Meeting,
  codes: readonly LetterCode[],
  wanted: number,
  say: Say,
): Promise<number> {
  const seen: Seen = (await latestCheckpoint(deps.db)) ?? { size: 0, root: EMPTY_ROOT };
  const letters = [...codes];
  const taken = new Set<string>();
  const castInTurn = async (): Promise<void> => {
    for (let letter = letters.pop(); letter !== undefined; letter = letters.pop()) {
      const owner = { person: letter.person, credential: letter.letter };
      for (const paper of await issuePapers(deps, meeting, owner)) {
        if (taken.size >= wanted) return;
        if (paper.ballots.length === 0 || taken.has(paper.entitlement)) continue;
        taken.add(paper.entitlement);
        const bytes = sealedCast(meeting, letter, paper, seen);
        const signature = toBase64Url(sign(letterSeed(letter.code), castHash(bytes)));
        const accepted = await acceptCast(deps, {
          meeting: meeting.meeting,
          bytes,
          signature: { alg: 'Ed25519', signature },
          receivedAt: deps.clock(),
        });
        assert(accepted.ok, 'every cast is accepted');
        if (taken.size % 500 === 0) say(`已投 ${taken.size} casts`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, castInTurn));
  return taken.size;
}

const secondsSince = (start: bigint): number => Number(process.hrtime.bigint() - start) / 1e9;

/** Counting and mere opening in turn. */
async function measure(
  deps: BallotDeps,
  meeting: Meeting,
  boxSecret: Uint8Array,
  rounds: number,
  say: Say,
): Promise<{
  readonly counts: readonly number[];
  readonly opens: readonly number[];
  readonly answers: number;
}> {
  const { statements } = await standingStatements(deps.db, meeting);
  const sealed = [...statements].flatMap(([entitlement, { answers }]) =>
    answers.map((answer) => ({ ...answer, entitlement })),
  );
  const [counts, opens]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const opening = process.hrtime.bigint();
    let consents = 0;
    for (const { entitlement, ballot, proposal, sealed: bytes } of sealed) {
      const opened = openChoice(bytes, boxSecret, {
        meeting: meeting.meetingHash,
        entitlement,
        ballot,
        proposal,
      });
      assert(opened.ok, 'every answer opens');
      if (opened.value[0] === 'for') consents += 1;
    }
    opens.push(secondsSince(opening));
    const counting = process.hrtime.bigint();
    const { record } = await countRecords(deps.db, meeting, boxSecret);
    counts.push(secondsSince(counting));
    const { proposals } = tallyRecordForm.own(record);
    const counted = proposals.reduce((sum, { consenting }) => sum + consenting.heads, 0);
    assert(counted === consents, `${consents} answers consent, and the record counts ${counted}`);
    say(
      `第 ${round + 1} 轮 round ${round + 1}: opening ${opens.at(-1)?.toFixed(2)} s, counting ${counts.at(-1)?.toFixed(2)} s`,
    );
  }
  return { counts, opens, answers: sealed.length };
}

/** One meeting, counted again and again. */
export async function benchTally(
  { entitlements, proposals, rounds }: TallyBenchOptions,
  say: Say,
): Promise<readonly Figure[]> {
  const place = await openBench(0, say);
  try {
    const units = Math.max(60, Math.ceil(entitlements * UNITS_AN_ENTITLEMENT));
    const clock = demoClock(Date.now(), Date.now);
    say(`准备小区 preparing a community of ${units} units`);
    const { service, codes, openMeeting } = await found(place, units, { proposals, clock });
    try {
      const { meeting, boxSecret } = await openMeeting();
      const cast = await castAll(service.deps, meeting, codes, entitlements, say);
      // Counting follows a close, whose commitments are not part of what is measured.
      clock.moveTo(meeting.closesAt + 1000);
      await service.beatNow();
      const { counts, opens, answers } = await measure(service.deps, meeting, boxSecret, rounds, say);
      return [
        alone('tally.statements', cast, 'casts'),
        alone('tally.answers', answers, 'sealed answers'),
        against('tally.count', median(counts), 's', median(opens)),
      ];
    } finally {
      await service.close();
    }
  } finally {
    await place.close();
  }
}
