// The ids, the hashes and the proposal that examples of records are made of.
import { toBase32, toBase64Url } from '../../src/base/bytes.ts';
import type { Proposal } from '../../src/record/meeting.ts';
import { MOTION_OPTIONS } from '../../src/record/meeting.ts';

/** The id of 16 equal bytes. */
export const idOf = (byte: number): string => toBase32(new Uint8Array(16).fill(byte));
/** Equal bytes as base64url. */
export const bytesOf = (size: number, byte: number): string => toBase64Url(new Uint8Array(size).fill(byte));
export const hashOf = (byte: number): string => bytesOf(32, byte);
export const nonce = bytesOf(16, 9);
export const [community, meeting, unit, person] = [idOf(1), idOf(2), idOf(3), idOf(4)];

export const motion: Proposal = {
  proposal: idOf(20),
  title: '更换一号楼电梯',
  textHash: hashOf(1),
  classes: ['M6'],
  basis: '筹集资金更换电梯，属第6项',
  scope: { kind: 'buildings', members: ['1号楼'] },
  mode: 'open',
  form: 'motion',
  options: [...MOTION_OPTIONS],
  seats: 0,
  min: 1,
  max: 1,
  sealLength: 400,
  fund: [
    {
      capFen: '12000000',
      payee: '某电梯公司',
      payeeAccount: hashOf(2),
      purpose: '更换电梯',
      units: { kind: 'buildings', members: ['1号楼'] },
    },
  ],
};
