// Goal: a receipt proves one entry under a checkpoint of the log and a quorum of witnesses, and nothing else.
// Method: the vector of another implementation and one changed part at a time.
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/base/bytes.ts';
import { parseLogProof, printLogProof, verifyLogProof } from '../../src/record/proof.ts';
import { vectors } from '../support/tlog-vectors.ts';

const { small } = vectors;
const text = small.tlogProofOfIndex3;
const entry = utf8(small.entriesText[3] ?? '');
const trust = {
  logVkey: small.verifierKeyText,
  witnesses: [{ name: 'first', vkey: small.witnessVerifierKey }],
  quorum: 1,
};
const codeOf = (bytes: Uint8Array, proofText: string, given = trust): string => {
  const verified = verifyLogProof(bytes, proofText, given);
  return verified.ok ? 'verified' : verified.refusal.code;
};

describe('a receipt', () => {
  it('of the vectors is read, printed and verified', () => {
    const parsed = parseLogProof(text);
    if (!parsed.ok) throw new Error(parsed.refusal.code);
    expect(parsed.value.index).toBe(3);
    expect(parsed.value.proof).toHaveLength(3);
    expect(printLogProof(parsed.value)).toBe(text);
    expect(verifyLogProof(entry, text, trust)).toMatchObject({
      ok: true,
      value: { index: 3, checkpoint: { size: 5 }, cosigners: [{ name: 'first', at: 1_700_000_000 }] },
    });
  });

  it('keeps its extra bytes, which prove nothing', () => {
    const parsed = parseLogProof(text);
    if (!parsed.ok) throw new Error(parsed.refusal.code);
    const extra = utf8('note');
    const printed = printLogProof({ ...parsed.value, extra });
    expect(parseLogProof(printed)).toEqual({ ok: true, value: { ...parsed.value, extra } });
    expect(codeOf(entry, printed)).toBe('verified');
  });

  it('proves no other entry, index or checkpoint', () => {
    for (const other of small.entriesText.filter((_, i) => i !== 3)) {
      expect(codeOf(utf8(other), text)).toBe('PROOF_NOT_INCLUDED');
    }
    expect(codeOf(entry, text.replace('index 3', 'index 2'))).toBe('PROOF_NOT_INCLUDED');
    expect(codeOf(entry, text.replace('index 3', 'index 5'))).toBe('PROOF_NOT_INCLUDED');
    expect(codeOf(entry, text.replace('\n5\n', '\n6\n'))).toBe('CHECKPOINT_SIGNATURE');
    expect(codeOf(entry, text, { ...trust, logVkey: small.witnessVerifierKey })).toBe('CHECKPOINT_KEY');
  });

  it('is short of a quorum where the witnesses are fewer', () => {
    const alone = text.replace(small.cosignatureLine, '');
    expect(codeOf(entry, alone)).toBe('PROOF_QUORUM_SHORT');
    expect(codeOf(entry, text, { ...trust, quorum: 2 })).toBe('PROOF_QUORUM_SHORT');
    expect(codeOf(entry, alone, { ...trust, quorum: 0 })).toBe('verified');
  });

  const hashLine = text.split('\n')[2] ?? '';
  it.each([
    ['no empty line', text.split('\n\n')[0] ?? ''],
    ['another version', text.replace('@v1', '@v2')],
    ['no index', text.replace('index 3\n', '')],
    ['nothing but its version', 'c2sp.org/tlog-proof@v1\n\n'],
    ['an index with a leading zero', text.replace('index 3', 'index 03')],
    ['a hash of another length', text.replace(hashLine, hashLine.slice(0, -4))],
    ['a hash that does not re-encode', text.replace(hashLine, `${hashLine.slice(0, -2)}t=`)],
    ['more than 63 hashes', text.replace(hashLine, `${hashLine}\n`.repeat(62).trimEnd())],
    ['extra bytes that are not base64', text.replace('index', 'extra !\nindex')],
    ['extra bytes behind the index', text.replace('index 3\n', 'index 3\nextra AAAA\n')],
    ['more than a million characters', `${text}${'\n'.repeat(1_000_000)}`],
  ])('with %s is refused', (_, changed) => {
    expect(changed).not.toBe(text);
    expect(codeOf(entry, changed)).toBe('PROOF_MALFORMED');
  });
});
