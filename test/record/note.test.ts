// Goal: a note or key is read in one spelling only, and only signatures of known keys count.
// Method: vectors of another implementation and one changed part at a time.
import { describe, expect, it } from 'vitest';
import { toBase64, toHex, utf8 } from '../../src/base/bytes.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import type { Note, NoteKey } from '../../src/record/note.ts';
import {
  cosignedText,
  isKeyName,
  noteKey,
  parseNote,
  parseSignatures,
  parseVkey,
  printNote,
  printVkey,
  verifyNote,
} from '../../src/record/note.ts';
import { hex, vectors } from '../support/tlog-vectors.ts';

const { small } = vectors;

function keyOf(vkey: string): NoteKey {
  const key = parseVkey(vkey);
  if (!key.ok) throw new Error(key.refusal.code);
  return key.value;
}

function noteOf(text: string): Note {
  const note = parseNote(text);
  if (!note.ok) throw new Error(note.refusal.code);
  return note.value;
}

const logKey = keyOf(small.verifierKeyText);
const witnessKey = keyOf(small.witnessVerifierKey);
const signed = noteOf(small.cosignedCheckpoint);

describe('a verifier key', () => {
  it('is the one of the vectors', () => {
    const log = noteKey(small.logName, 1, publicKeyOf(hex(small.seed)));
    expect(printVkey(log)).toBe(small.verifierKeyText);
    expect(toHex(log.keyId)).toBe(small.keyID);
    expect(toHex(log.publicKey)).toBe(small.publicKey);
    expect(logKey).toEqual(log);
    const witness = noteKey(small.witnessName, 4, publicKeyOf(hex(small.witnessSeed)));
    expect(printVkey(witness)).toBe(small.witnessVerifierKey);
    expect(toHex(witness.publicKey)).toBe(small.witnessPublicKey);
  });

  it('may hold a plus sign in its base64', () => {
    const key = noteKey('log.example', 1, new Uint8Array(32).fill(0xfb));
    expect(printVkey(key).split('+').length).toBeGreaterThan(3);
    expect(parseVkey(printVkey(key))).toEqual({ ok: true, value: key });
  });

  it.each([
    ['', 'VKEY_MALFORMED'],
    [small.verifierKeyText.replace('+', ' '), 'VKEY_MALFORMED'],
    [small.verifierKeyText.replace('9ad8eca7', '9AD8ECA7'), 'VKEY_MALFORMED'],
    [`${small.verifierKeyText}=`, 'VKEY_MALFORMED'],
    [`${small.verifierKeyText}\n`, 'VKEY_MALFORMED'],
    [small.verifierKeyText.replace('vote', 'vo te'), 'VKEY_MALFORMED'],
    [small.verifierKeyText.replace('vote.example/log', ''), 'VKEY_MALFORMED'],
    [small.verifierKeyText.replace('9ad8eca7', '9ad8eca8'), 'VKEY_KEY_ID'],
    [small.verifierKeyText.replace('vote', 'note'), 'VKEY_KEY_ID'],
    ['vote.example/log+9ad8eca7+', 'VKEY_UNSUPPORTED'],
    [`vote.example/log+9ad8eca7+${toBase64(new Uint8Array(33).fill(2))}`, 'VKEY_UNSUPPORTED'],
    [`vote.example/log+9ad8eca7+${toBase64(new Uint8Array(32).fill(1))}`, 'VKEY_UNSUPPORTED'],
  ])('spelled %j is refused with %s', (text, code) => {
    expect(parseVkey(text)).toMatchObject({ ok: false, refusal: { code } });
  });

  it('has a name without space, plus sign or control', () => {
    for (const name of ['', 'a b', 'a+b', 'a\u3000b', 'a\nb', 'a\u0000', 'a'.repeat(201), '\ud800']) {
      expect(isKeyName(name)).toBe(false);
    }
    expect(isKeyName('业主.example/log')).toBe(true);
    expect(() => noteKey('a b', 1, logKey.publicKey)).toThrow(RangeError);
  });
});

describe('a note', () => {
  it('of the vectors is read and printed, byte for byte', () => {
    for (const text of [small.signedCheckpoint, small.cosignedCheckpoint]) {
      expect(printNote(noteOf(text))).toBe(text);
    }
    expect(signed.text).toBe(small.checkpointText);
    expect(cosignedText(signed.text, 1_700_000_000)).toBe(small.cosignedMessage);
  });

  it('separates its signatures at the last empty line', () => {
    const line = small.signedCheckpoint.split('\n\n')[1] ?? '';
    expect(noteOf(`a\n\nb\n\n${line}`).text).toBe('a\n\nb\n');
  });

  it.each([
    ['no signature', small.checkpointText],
    ['an empty signature block', `${small.checkpointText}\n`],
    ['no final line feed', small.signedCheckpoint.slice(0, -1)],
    ['a carriage return', small.signedCheckpoint.replace('5\n', '5\r\n')],
    ['a zero byte', small.signedCheckpoint.replace('5\n', '5\u0000\n')],
    ['a lone surrogate', small.signedCheckpoint.replace('5\n', '5\ud800\n')],
    ['a hyphen for the dash', small.signedCheckpoint.replace('—', '-')],
    ['two spaces', small.signedCheckpoint.replace('— ', '—  ')],
    ['text behind the signature', small.signedCheckpoint.replace(/\n$/, ' x\n')],
    ['base64 that does not re-encode', small.signedCheckpoint.replace('sgE=\n', 'sgF=\n')],
    ['base64 without padding', small.signedCheckpoint.replace('sgE=\n', 'sgE\n')],
    ['a signature of the key id alone', small.signedCheckpoint.replace(/log mtj.*\n$/, 'log mtjspw==\n')],
    ['a plus sign in a name', small.signedCheckpoint.replace('— vote', '— vo+te')],
  ])('with %s is refused', (_, text) => {
    expect(text).not.toBe(small.signedCheckpoint);
    expect(parseNote(text)).toMatchObject({ ok: false, refusal: { code: 'NOTE_MALFORMED' } });
  });

  it('has at most 64 signatures and a million characters', () => {
    const line = small.cosignatureLine;
    const body = `${small.checkpointText}\n`;
    expect(parseNote(body + line.repeat(64)).ok).toBe(true);
    const tooLarge = { ok: false, refusal: { code: 'NOTE_TOO_LARGE' } };
    expect(parseNote(body + line.repeat(65))).toEqual(tooLarge);
    expect(parseNote(`${'x'.repeat(1_000_000)}${small.signedCheckpoint}`)).toEqual(tooLarge);
    expect(parseSignatures(`${'x'.repeat(1_000_000)}\n`)).toEqual(tooLarge);
  });
});

describe('the signatures of a note', () => {
  it('of known keys verify, and lines of unknown keys are ignored', () => {
    expect(verifyNote(signed, [logKey])).toEqual({ ok: true, value: [{ key: logKey }] });
    expect(verifyNote(signed, [witnessKey, logKey])).toEqual({
      ok: true,
      value: [{ key: logKey }, { key: witnessKey, atSeconds: 1_700_000_000 }],
    });
  });

  it('of unknown keys alone refuse the note', () => {
    const other = noteKey('vote.example/log', 1, publicKeyOf(hex(small.witnessSeed)));
    expect(verifyNote(signed, [other])).toEqual({ ok: false, refusal: { code: 'NOTE_KEY_UNKNOWN' } });
    expect(verifyNote(signed, [])).toEqual({ ok: false, refusal: { code: 'NOTE_KEY_UNKNOWN' } });
  });

  it('of a known key that are wrong refuse the note, though others are right', () => {
    const changed = { ...signed, text: signed.text.replace('5\n', '6\n') };
    for (const keys of [[logKey], [witnessKey], [logKey, witnessKey]]) {
      expect(verifyNote(changed, keys)).toMatchObject({ refusal: { code: 'NOTE_SIGNATURE_WRONG' } });
    }
  });

  it('of a witness count only with the time that they cover, at its length, as a safe integer', () => {
    const cosigned = (signature: Uint8Array) =>
      verifyNote({ text: signed.text, signatures: [{ ...witnessKey, signature }] }, [witnessKey]).ok;
    const right = signed.signatures[1]?.signature ?? hex('');
    expect(cosigned(right)).toBe(true);
    const later = right.slice();
    later[7] = (later[7] ?? 0) + 1;
    expect(cosigned(later)).toBe(false);
    expect(cosigned(right.slice(0, 71))).toBe(false);
    const unsafe = Uint8Array.from([
      ...new Uint8Array(8).fill(0xff),
      ...sign(hex(small.witnessSeed), utf8(cosignedText(signed.text, 2 ** 64))),
    ]);
    expect(cosigned(unsafe)).toBe(false);
  });
});
