// A cast that was promised and lost: emei's, which two officers enter after the close over the service's own promise (SPEC 6.12).
import { toBase64Url } from '../../src/base/bytes.ts';
import { parseInstant } from '../../src/base/instant.ts';
import type { Acknowledgement } from '../../src/record/acknowledgement.ts';
import { acknowledgementForm } from '../../src/record/acknowledgement.ts';
import { promiseLineForm } from '../../src/record/bundle-lines.ts';
import { leafHash } from '../../src/record/merkle.ts';
import { promiseHash } from '../../src/record/promise.ts';
import type { Story } from './story.ts';
import { BY_TWO } from './story.ts';
import type { Casts } from './story-casts.ts';
import { token } from './story-keys.ts';
import { ORIGIN } from './story-log.ts';
import type { Convened } from './story-meeting.ts';

/** Restores the lost cast where a Forge asks for it; gives the line of its promise. */
export function restoreLost(
  { forge, step, world }: Story,
  { hash, inMeeting, serverSeeds }: Convened,
  { lost }: Casts,
  at: string,
): Uint8Array | undefined {
  const { restored } = forge;
  if (lost === undefined || restored === undefined) return undefined;
  const { entitlement, seq, castHash } = lost;
  const iat = (parseInstant(lost.at) ?? 0) / 1000;
  const entry = toBase64Url(leafHash(lost.entry));
  const honest = { iss: ORIGIN, iat, entry, meeting: hash, castHash, seq, includeBy: iat + 60 };
  const claims: Acknowledgement = restored.promise?.(honest) ?? honest;
  const seed = restored.seed ?? serverSeeds.ack;
  const acknowledgement = token('owners-vote-ack+jws', seed, acknowledgementForm.bytes(claims));
  if (restored.kept === true) world.log.append(JSON.parse(new TextDecoder().decode(lost.entry)));
  const said = {
    ...inMeeting,
    kind: 'cast.restored',
    entitlement,
    seq,
    castHash,
    promiseHash: promiseHash(acknowledgement),
  } as const;
  step('restored', restored.entry?.(said) ?? said, restored.signers ?? BY_TWO, at);
  return promiseLineForm.bytes({ acknowledgement });
}
