// Goal: the verifiers of the record floor answer every input without a throw, and say yes to nothing but what was proved (SPEC 2.3,
// 7.1, 7.3). Method: proofs, notes, receipts and assertions that verify, each bent in one to three places.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64Url, toBase64Url, toHex, utf8 } from '../../src/base/bytes.ts';
import type { AssertionContext } from '../../src/record/assertion.ts';
import { checkAssertion } from '../../src/record/assertion.ts';
import { cosignersOf } from '../../src/record/checkpoint.ts';
import {
  consistencyProof,
  inclusionProof,
  rootAt,
  verifyConsistency,
  verifyInclusion,
} from '../../src/record/merkle.ts';
import { parseNote, parseVkey, verifyNote } from '../../src/record/note.ts';
import { verifyLogProof } from '../../src/record/proof.ts';
import type { Assertion } from '../../src/record/signature.ts';
import { softwareAuthenticator } from '../support/authenticator.ts';
import { seededRandom } from '../support/random.ts';
import { numberedLeaves, treeOf, vectors } from '../support/tlog-vectors.ts';
import { anyBytes, anyText } from './mutations.ts';

const { small } = vectors;
const SIZE = 300;
const leaves = numberedLeaves(SIZE);
const tree = treeOf(leaves);
const hash = fc.oneof(
  fc.constantFrom(...leaves.slice(0, 8)),
  fc.uint8Array({ minLength: 30, maxLength: 34 }),
  fc.uint8Array({ minLength: 32, maxLength: 32 }),
);
/** Sizes near the log's, near powers of two, and near the end of safe integers and beyond. */
const size = fc.oneof(
  fc.nat(SIZE + 2),
  fc.nat(53).map((power) => 2 ** power),
  fc.constantFrom(Number.MAX_SAFE_INTEGER, 2 ** 53, 1e300, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY),
);

describe('verifyInclusion', () => {
  it('ends and says no to every size, index and proof that nobody proved', () => {
    fc.assert(
      fc.property(
        hash,
        size,
        size,
        hash,
        fc.array(hash, { maxLength: 70 }),
        (leaf, index, of, root, proof) => {
          const isAlone = of === 1 && index === 0 && proof.length === 0 && leaf.length === 32;
          expect(verifyInclusion(leaf, index, of, root, proof)).toBe(isAlone && toHex(leaf) === toHex(root));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('says yes to an honest proof in its own place alone', () => {
    fc.assert(
      fc.property(fc.nat(SIZE - 1), size, fc.nat(20), hash, (index, other, place, strange) => {
        const [leaf = new Uint8Array(), root] = [leaves[index], rootAt(SIZE, tree)];
        const proof = inclusionProof(index, SIZE, tree);
        expect(verifyInclusion(leaf, index, SIZE, root, proof)).toBe(true);
        expect(verifyInclusion(leaf, other, SIZE, root, proof)).toBe(other === index);
        // Another size may have the same path for one leaf, but never the same root of another tree.
        if (Number.isInteger(other) && other < SIZE && other > index)
          expect(verifyInclusion(leaf, index, other, rootAt(other, tree), proof)).toBe(false);
        expect(verifyInclusion(leaf, index, SIZE, root, [...proof, strange])).toBe(false);
        const bent = proof.with(place % proof.length, strange);
        expect(verifyInclusion(leaf, index, SIZE, root, bent)).toBe(
          toHex(strange) === toHex(proof[place % proof.length] ?? strange),
        );
      }),
      { numRuns: 300 },
    );
  });
});

describe('verifyConsistency', () => {
  it('ends on every size and proof, and an invented tree continues nothing but itself and the empty one', () => {
    fc.assert(
      fc.property(size, size, hash, hash, fc.array(hash, { maxLength: 70 }), (from, to, a, b, proof) => {
        if (from === to || from === 0) return;
        expect(verifyConsistency(from, to, a, b, proof)).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });

  it('says yes to an honest proof and to none with a hash added, changed or taken away', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: SIZE - 1 }), fc.nat(20), hash, (old, place, strange) => {
        const [oldRoot, root] = [rootAt(old, tree), rootAt(SIZE, tree)];
        const proof = consistencyProof(old, SIZE, tree);
        const verdict = (given: readonly Uint8Array[]) => verifyConsistency(old, SIZE, oldRoot, root, given);
        expect(verdict(proof)).toBe(true);
        expect(verdict([...proof, strange])).toBe(false);
        expect(verdict(proof.slice(0, -1))).toBe(false);
        const at = place % proof.length;
        expect(verdict(proof.with(at, strange))).toBe(toHex(strange) === toHex(proof[at] ?? strange));
      }),
      { numRuns: 300 },
    );
  });
});

const witnesses = [{ name: 'first', vkey: small.witnessVerifierKey }];
const trust = { logVkey: small.verifierKeyText, witnesses, quorum: 1 };
const keys = [small.verifierKeyText, small.witnessVerifierKey].map((text) => {
  const key = parseVkey(text);
  return key.ok ? key.value : expect.fail(text);
});

describe('verifyNote and cosignersOf', () => {
  it('take a bent note only where the signed text and the lines of known keys are the honest ones', () => {
    fc.assert(
      fc.property(anyText([small.cosignedCheckpoint]), (note) => {
        expect(Array.isArray(cosignersOf(note, witnesses))).toBe(true);
        const parsed = parseNote(note);
        if (!parsed.ok) return;
        const verified = verifyNote(parsed.value, keys);
        if (!verified.ok && cosignersOf(note, witnesses).length === 0) return;
        expect(parsed.value.text).toBe(small.checkpointText);
      }),
      { numRuns: 2000 },
    );
  });

  it('take no vkey but the honest one', () => {
    fc.assert(
      fc.property(anyText([small.witnessVerifierKey]), (vkey) => {
        const found = cosignersOf(small.cosignedCheckpoint, [{ name: 'first', vkey }]);
        expect(found.length).toBe(vkey === small.witnessVerifierKey ? 1 : 0);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('verifyLogProof', () => {
  const entry = utf8(small.entriesText[3] ?? '');

  it('takes a bent receipt only where it proves the same entry at the same place', () => {
    fc.assert(
      fc.property(anyText([small.tlogProofOfIndex3]), (text) => {
        const proven = verifyLogProof(entry, text, trust);
        if (proven.ok) expect(proven.value).toMatchObject({ index: 3, checkpoint: { size: 5 } });
      }),
      { numRuns: 1500 },
    );
  });

  it('takes no other entry', () => {
    fc.assert(
      fc.property(anyBytes([entry]), (bytes) => {
        const isSame = toHex(bytes) === toHex(entry);
        expect(verifyLogProof(bytes, small.tlogProofOfIndex3, trust).ok).toBe(isSame);
      }),
      { numRuns: 500 },
    );
  });
});

describe('checkAssertion', () => {
  const [rpId, origin] = ['vote.example', 'https://vote.example'];
  const challenge = new Uint8Array(32).fill(7);
  const key = softwareAuthenticator(rpId, origin, seededRandom('assertion'));
  const signed = key.sign(challenge);
  const honest = signed.alg === 'webauthn' ? signed : expect.fail('an assertion');
  const bytes = (text: string): Uint8Array => fromBase64Url(text) ?? expect.fail(text);
  const context: AssertionContext = {
    challenge,
    rpId,
    origins: [origin],
    coseKey: bytes(key.publicKey.publicKey),
    credentialId: bytes(key.publicKey.webauthnId),
  };

  it('takes the honest one', () => {
    expect(checkAssertion(honest, context).ok).toBe(true);
  });

  it.each(['credentialId', 'clientDataJSON', 'authenticatorData', 'signature'] as const)(
    'takes no other %s',
    (member) => {
      fc.assert(
        fc.property(anyBytes([bytes(honest[member])]), (bent) => {
          const assertion: Assertion = { ...honest, [member]: toBase64Url(bent) };
          const isSame = toHex(bent) === toHex(bytes(honest[member]));
          expect(checkAssertion(assertion, context).ok).toBe(isSame);
        }),
        { numRuns: 600 },
      );
    },
  );

  it('takes no other key', () => {
    fc.assert(
      fc.property(anyBytes([context.coseKey]), (coseKey) => {
        const isSame = toHex(coseKey) === toHex(context.coseKey);
        expect(checkAssertion(honest, { ...context, coseKey }).ok).toBe(isSame);
      }),
      { numRuns: 600 },
    );
  });
});
