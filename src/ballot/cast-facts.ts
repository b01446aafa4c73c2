/** Reads, for many casts at once, what each is checked against; all of it is append-only, so no lock is taken (SPEC 6.5). */

import { parameterOf } from '../assembly/domain/drafting.ts';
import { readMeeting } from '../assembly/meetings.ts';
import { hasCheckpoint } from '../auditlog/checkpoints.ts';
import { present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import type { Database } from '../db/connect.ts';
import { onOneConnection } from '../db/one-connection.ts';
import { sentTogether } from '../db/sent-together.ts';
import { votingKeysOf } from '../identity/credentials.ts';
import { designatedVoters } from '../identity/designations.ts';
import { mandatesNamed } from '../identity/mandate-uses.ts';
import { standingsOf } from '../registry/frozen-roll.ts';
import type { DuplicateRule } from './domain/acceptance.ts';
import type { ArmedMeeting, CastFacts, ReadCast } from './domain/cast-checking.ts';
import { askedHead } from './domain/cast-checking.ts';
import { meetingKey } from './domain/group-deciding.ts';
import { tokensOf } from './store/ballots.ts';

/** What a process remembers of facts that never change. */
export type FactMemory = {
  readonly meetings: Map<string, ArmedMeeting>;
  readonly checkpoints: Set<string>;
};

const REMEMBERED_MEETINGS = 500;
const REMEMBERED_CHECKPOINTS = 10_000;

/** The meeting as it was armed, or undefined where it is unknown or not armed yet. */
export async function armedMeeting(
  db: Database,
  memory: FactMemory,
  id: string,
): Promise<ArmedMeeting | undefined> {
  const known = memory.meetings.get(id);
  if (known !== undefined) return known;
  const found = await readMeeting(db, id);
  if (found === undefined || found.meetingHash === '') return undefined;
  const { community, meeting, meetingHash, definition } = found;
  const armed = {
    community,
    meeting,
    meetingHash,
    definition,
    countSpecialSpaces: parameterOf(definition, 'countSpecialSpaces') === 'true',
    revoteLimit: Number(parameterOf(definition, 'revoteLimit')),
    letterRevote: parameterOf(definition, 'letterRevote') === 'true',
    duplicateRule: parameterOf(definition, 'duplicateRule') as DuplicateRule,
    proxyCap: Number(parameterOf(definition, 'proxyCap')),
    designatedOnly: parameterOf(definition, 'coOwners') === 'designated',
  };
  // An opening that comes to nothing is taken back, and the next one may open another definition.
  if (found.state === 'armed') return armed;
  if (memory.meetings.size >= REMEMBERED_MEETINGS) memory.meetings.clear();
  memory.meetings.set(id, armed);
  return armed;
}

async function areCheckpoints(
  db: Database,
  memory: FactMemory,
  casts: readonly ReadCast[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const { cast } of casts) {
    const key = `${cast.size} ${cast.root}`;
    if (found.has(key)) continue;
    if (!memory.checkpoints.has(key) && !(await hasCheckpoint(db, cast.size, cast.root))) continue;
    if (memory.checkpoints.size >= REMEMBERED_CHECKPOINTS) memory.checkpoints.clear();
    memory.checkpoints.add(key);
    found.add(key);
  }
  return found;
}

async function tokensByBallot(
  db: Database,
  casts: readonly ReadCast[],
): Promise<ReadonlyMap<string, string>> {
  const named = casts.flatMap(({ armed, cast }) =>
    cast.answers.map(({ ballot }) => ({ armed, hash: present(fromBase64Url(ballot), 'checked hash') })),
  );
  const rows = await tokensOf(
    db,
    named.map(({ armed }) => armed.community),
    named.map(({ armed }) => armed.meeting),
    named.map(({ hash }) => hash),
  );
  return new Map(rows.map((row) => [meetingKey(row.meeting_id, toBase64Url(row.ballot_hash)), row.token]));
}

/** The facts of some casts, in their order. */
export async function castFacts(
  db: Database,
  memory: FactMemory,
  casts: readonly ReadCast[],
): Promise<readonly CastFacts[]> {
  const [keys, tokens, checkpoints, standings, mandates] = await onOneConnection(db, (one) =>
    sentTogether([
      votingKeysOf(
        one,
        casts.map(({ armed, cast }) => ({ community: armed.community, credential: cast.credential })),
      ),
      tokensByBallot(one, casts),
      areCheckpoints(one, memory, casts),
      standingsOf(
        one,
        casts.map(({ armed, cast }) => ({
          community: armed.community,
          meeting: armed.meeting,
          entitlement: cast.entitlement,
        })),
      ),
      mandatesNamed(
        one,
        casts.map(({ armed, cast }) => ({ community: armed.community, mandate: cast.mandate })),
      ),
    ]),
  );
  const designated = await designatedVoters(
    db,
    casts.map(({ armed, receivedAt }, at) => {
      const standing = standings[at];
      const head = standing === undefined ? undefined : askedHead(armed, standing);
      const { community, meeting } = armed;
      return head === undefined ? undefined : { ...head, community, meeting, at: receivedAt };
    }),
  );
  return casts.map(({ armed, cast }, at) => ({
    key: keys[at],
    designated: designated[at] ?? '',
    mandate: mandates[at],
    standing: standings[at],
    isCheckpoint: checkpoints.has(`${cast.size} ${cast.root}`),
    tokens: new Map(
      cast.answers.flatMap(({ ballot }) => {
        const token = tokens.get(meetingKey(armed.meeting, ballot));
        return token === undefined ? [] : [[ballot, token] as const];
      }),
    ),
  }));
}
