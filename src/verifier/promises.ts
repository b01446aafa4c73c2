/** The promises of a bundle by their hashes, each as the key of its meeting signed it, or why not (SPEC 6.12, 7.3). */
import type { Result } from '../base/result.ts';
import type { Acknowledgement } from '../record/acknowledgement.ts';
import { openAcknowledgement } from '../record/acknowledgement.ts';
import type { JwsRefusal } from '../record/jws.ts';
import { promiseHash } from '../record/promise.ts';
import type { Verification } from './verification.ts';

export type Promises = ReadonlyMap<string, Result<Acknowledgement, JwsRefusal>>;

/** Opens each once; none where the bundle has no such file. */
export const readPromises = ({ contents, definition }: Verification): Promises =>
  new Map(
    (contents.promises ?? []).map(({ value: { acknowledgement } }) => [
      promiseHash(acknowledgement),
      openAcknowledgement(acknowledgement, definition.keys.ack),
    ]),
  );
