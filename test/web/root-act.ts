// What the root's operator reads on the server itself before anybody can sign in.
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { readAct } from '../../src/officers/acts.ts';
import type { ActAnswer } from '../../src/officers/contract.ts';
import type { OfficerDeps } from '../../src/officers/officer-deps.ts';

export async function rootActAnswer(deps: OfficerDeps, actId: string): Promise<ActAnswer> {
  const { act } = present(await readAct(deps, actId), 'just drafted');
  return {
    act: actId,
    kind: act.kind,
    community: act.community_id,
    meeting: act.meeting_id ?? '',
    entry: toBase64Url(act.entry),
    subject: toBase64Url(act.subject),
    state: 'open',
    refusal: '',
    details: {},
    signatures: [],
    missing: [],
  };
}
