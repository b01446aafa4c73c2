// Goal: two officers who key a paper alike get the same bytes, any difference gives other bytes, and the count opens what they keyed (SPEC 6.4).
// Method: the page's own function over fixed codes, a vector computed from the words of the specification, and the box opened.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fromBase64Url, toBase64Url, toHex } from '../../src/base/bytes.ts';
import { frame } from '../../src/crypto/frame.ts';
import { boxPublicKey } from '../../src/crypto/sealed-box.ts';
import type { InvalidChoice } from '../../src/record/choice.ts';
import { INVALID_CHOICES, openChoice, sealLengthOf } from '../../src/record/choice.ts';
import { definitionForm, type Proposal } from '../../src/record/meeting.ts';
import type { Keyed } from '../../src/record/paper.ts';
import { paperBytes, paperForm, paperHash, paperSalt, paperScanHash } from '../../src/record/paper.ts';
import { motion } from './example-values.ts';
import { definition, paper } from './record-examples.ts';

const secret = new Uint8Array(32).fill(7);
const boxKey = boxPublicKey(secret);
const code = new Uint8Array(16).fill(5);
const proposal: Proposal = { ...motion, sealLength: sealLengthOf(motion) };
const { v: _v, kind: _kind, nonce: _nonce, answers: _answers, ...read } = paper;
const keyed: Keyed = { ...read, marks: [{ proposal, choice: ['for'] }] };
const parsed = (bytes: Uint8Array) => {
  const found = paperForm.parse(bytes);
  return found.ok ? found.value : expect.fail(found.refusal.code);
};
const openedOf = (bytes: Uint8Array, within: Proposal = proposal) => {
  const { meeting, entitlement, serial, answers } = parsed(bytes);
  const sealed = fromBase64Url(answers[0]?.sealed ?? '') ?? new Uint8Array();
  const found = openChoice(sealed, secret, { meeting, entitlement, ballot: serial, proposal: within });
  return found.ok ? found.value : found.refusal.code;
};

describe('keying', () => {
  it('alike gives the same bytes, which open to what was keyed', () => {
    const bytes = paperBytes(keyed, code, boxKey);
    expect(paperBytes(structuredClone(keyed), code.slice(), boxKey.slice())).toEqual(bytes);
    expect(openedOf(bytes)).toEqual(['for']);
    expect(parsed(bytes)).toMatchObject({ ...read, nonce: paperSalt(code, 'nonce') });
  });

  it('in any respect otherwise, or under another code, gives another hash', () => {
    const other = 'a'.repeat(26);
    const hashes = [
      paperBytes(keyed, code, boxKey),
      paperBytes(keyed, new Uint8Array(16).fill(6), boxKey),
      paperBytes({ ...keyed, marks: [{ proposal, choice: ['against'] }] }, code, boxKey),
      paperBytes({ ...keyed, marks: [{ proposal, choice: ['invalid-both'] }] }, code, boxKey),
      paperBytes({ ...keyed, signer: other }, code, boxKey),
      paperBytes({ ...keyed, serial: other }, code, boxKey),
      paperBytes({ ...keyed, seq: 2 }, code, boxKey),
      paperBytes({ ...keyed, scanHash: paper.meeting }, code, boxKey),
    ].map((bytes) => toHex(paperHash(bytes)));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('draws secret, nonce and salts as the specification says', () => {
    const { answers } = parsed(paperBytes(keyed, code, boxKey));
    const salt = createHash('sha256')
      .update(frame('paper-salt', code, proposal.proposal))
      .digest();
    const choice = {
      ballot: read.serial,
      choice: ['for'],
      entitlement: read.entitlement,
      meeting: read.meeting,
      proposal: proposal.proposal,
      salt: toBase64Url(new Uint8Array(salt.subarray(0, 16))),
      v: 1,
    };
    const plaintext = Buffer.alloc(proposal.sealLength);
    const written = Buffer.from(JSON.stringify(choice));
    written.copy(plaintext);
    plaintext[written.length] = 0x80;
    const drawn = createHash('sha512')
      .update(frame('paper-seal', code, plaintext))
      .digest();
    const sealed = fromBase64Url(answers[0]?.sealed ?? '') ?? new Uint8Array();
    expect(toHex(sealed.subarray(0, 32))).toBe(toHex(boxPublicKey(new Uint8Array(drawn.subarray(0, 32)))));
    expect(toHex(sealed.subarray(32, 56))).toBe(toHex(new Uint8Array(drawn.subarray(32, 56))));
  });

  it('binds the scan by a salt that only the code gives', () => {
    const file = Uint8Array.of(1, 2, 3);
    const salt = fromBase64Url(paperSalt(code, 'scan')) ?? new Uint8Array();
    const expected = createHash('sha256')
      .update(frame('scan', salt, file))
      .digest('base64url');
    expect(paperScanHash(code, file)).toBe(expected);
    expect(paperScanHash(new Uint8Array(16), file)).not.toBe(expected);
  });
});

describe('an invalid mark', () => {
  it.each(Object.entries(INVALID_CHOICES))('%s opens to its code, on paper alone', (word, code_) => {
    const choice = [word as InvalidChoice] as const;
    expect(openedOf(paperBytes({ ...keyed, marks: [{ proposal, choice }] }, code, boxKey))).toBe(code_);
  });

  it('fits under the shortest sealed choice that a definition can ask for', () => {
    const options = ['a', 'b'].map((each) => ({ id: each, text: each }));
    const shortest = { ...motion, options, sealLength: sealLengthOf({ options, max: 1 }) };
    const longest = 'invalid-unsigned';
    const bytes = paperBytes({ ...keyed, marks: [{ proposal: shortest, choice: [longest] }] }, code, boxKey);
    expect(openedOf(bytes, shortest)).toBe('INVALID_UNSIGNED');
  });

  it('is no option that a definition may offer', () => {
    const options = [...motion.options, { id: 'invalid-both', text: '两者' }];
    expect(definitionForm.check({ ...definition, proposals: [{ ...motion, options }] }).ok).toBe(false);
    expect(definitionForm.check(definition).ok).toBe(true);
  });
});
