/** Requisitions as an owner's page reads them: from their own bytes, whose hash is what he signs (SPEC 5.4). */

import type { OwnRequisitions } from '../../assembly/requisition-contract.ts';
import { fromBase64Url, toBase32, toBase64Url } from '../../base/bytes.ts';
import type { Requisition, Support } from '../../record/requisition.ts';
import { requisitionForm, requisitionHash, supportForm, supportHash } from '../../record/requisition.ts';
import type { Answer } from '../kit/api.ts';
import { call } from '../kit/api.ts';
import { draw } from '../kit/draw.ts';
import type { SectionProps } from './section-props.ts';

export const PATH = '/v1/requisitions';

/** One whose bytes are of this community and of the id under which it is listed. */
export type ReadRequisition = {
  readonly listed: OwnRequisitions['requisitions'][number];
  readonly given: Requisition;
  readonly bytes: Uint8Array;
};

export function readRequisitions(
  listed: OwnRequisitions['requisitions'],
  community: string,
): readonly ReadRequisition[] {
  return listed.flatMap((each) => {
    const bytes = fromBase64Url(each.record) ?? new Uint8Array();
    const read = requisitionForm.parse(bytes);
    const isIts =
      read.ok && read.value.community === community && read.value.requisition === each.requisition;
    return isIts ? [{ listed: each, given: read.value, bytes }] : [];
  });
}

/** A new one, as it will be signed. */
export const newRequisition = (community: string, title: string, text: string): Uint8Array =>
  requisitionForm.bytes({
    v: 1,
    kind: 'requisition',
    community,
    requisition: toBase32(draw(16)),
    title: title.trim().normalize('NFC'),
    text: text.trim().normalize('NFC'),
    nonce: toBase64Url(draw(16)),
  });

type Signer = Pick<SectionProps, 'owner' | 'votingKey'>;

/** Signs where the owner stands about a requisition, and sends it; a new one is filed with it. */
export async function stand(
  { owner, votingKey }: Signer,
  about: Uint8Array,
  stands: Support['stands'],
  isNew: boolean,
): Promise<Answer<{ readonly isReached?: boolean }>> {
  const { community, person } = owner;
  const { requisition } = requisitionForm.own(about);
  const support = supportForm.bytes({
    v: 1,
    kind: 'support',
    community,
    requisition,
    requisitionHash: requisitionHash(about),
    person,
    stands,
    nonce: toBase64Url(draw(16)),
  });
  const signature = await votingKey.sign(supportHash(support));
  if (!signature.ok) return signature;
  const body = { support: toBase64Url(support), signature: signature.value };
  return isNew
    ? call('POST', PATH, { requisition: toBase64Url(about), ...body })
    : call('POST', `${PATH}/${requisition}/supports`, body);
}
