/** The lines of a meeting's casts, ballots and box, as a bundle holds them and a tally reads them (SPEC 8.2, 9.1). */

import type { Meeting } from '../assembly/meetings.ts';
import { boxOf } from '../assembly/store.ts';
import { present } from '../base/assert.ts';
import { compareBytes, toBase64Url, utf8 } from '../base/bytes.ts';
import { parseCanonical } from '../base/canonical.ts';
import type { Database } from '../db/connect.ts';
import type { PromiseLine, TallyInputs } from '../record/bundle-lines.ts';
import { ballotLineForm, boxForm, castLineForm, linesFile, paperLineForm } from '../record/bundle-lines.ts';
import type { Signature } from '../record/signature.ts';
import { frozenLeaves } from '../registry/frozen-roll.ts';
import { spentBallots } from './store/ballots.ts';
import { castsOf, restoredCasts } from './store/casts.ts';

/** The files that a tally reads, byte for byte as `inputsHash` covers them. */
export async function tallyInputs(db: Database, meeting: Meeting): Promise<TallyInputs> {
  const { community, meeting: id } = meeting;
  const leaves = await frozenLeaves(db, community, id);
  const casts = await castsOf(db, community, id);
  const ballots = [...(await spentBallots(db, community, id))].sort((a, b) =>
    compareBytes(a.ballot_hash, b.ballot_hash),
  );
  const electronic = casts.filter(({ channel }) => channel !== 'paper' && channel !== 'void');
  const papers = casts.filter(({ channel }) => channel === 'paper');
  const box = present(await boxOf(db, community, id), 'an opened meeting has a box');
  const secret = present(box.secret, 'counted after the release');
  return {
    'meeting.json': meeting.definitionBytes,
    'roll.jsonl': linesFile(leaves.map(({ bytes }) => bytes)),
    'ballots.jsonl': linesFile(ballots.map(({ token }) => ballotLineForm.bytes({ token }))),
    'casts.jsonl': linesFile(
      electronic.map((row) =>
        castLineForm.bytes({
          cast: toBase64Url(row.cast_bytes),
          signature: present(
            parseCanonical(utf8(present(row.signature, 'a cast is signed'))),
            'own bytes',
          ) as unknown as Signature,
        }),
      ),
    ),
    'paper.jsonl': linesFile(
      papers.map((row) => paperLineForm.bytes({ paper: toBase64Url(row.cast_bytes) })),
    ),
    'box.json': boxForm.bytes({ v: 1, kind: 'box', meeting: id, secret: toBase64Url(secret) }),
  };
}

/** The promises behind the casts that were restored, in log order (SPEC 6.12). */
export const promiseLines = async (
  db: Database,
  { community, meeting }: Meeting,
): Promise<readonly PromiseLine[]> =>
  (await restoredCasts(db, community, meeting)).map(({ acknowledgement }) => ({
    acknowledgement: present(acknowledgement, 'a cast is acknowledged'),
  }));

/** The credentials under which a meeting's casts were made, in the order of their first cast. */
export const votingCredentials = async (db: Database, meeting: Meeting): Promise<readonly string[]> => [
  ...new Set(
    (await castsOf(db, meeting.community, meeting.meeting)).flatMap((row) => row.credential_id ?? []),
  ),
];
