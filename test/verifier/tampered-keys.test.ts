// Goal: an owner's own key votes only where a letter of his, in force, and the key itself signed its binding, and until it is taken back.
// Method: a dishonest operator tells one lie while the meeting of bundle-builder.ts runs, so that everything after it is consistent.
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import type { Binding } from '../../src/record/binding.ts';
import type { BindingLine } from '../../src/record/bundle-lines.ts';
import type { Signature } from '../../src/record/signature.ts';
import { seededRandom } from '../support/random.ts';
import { buildBundle, publicBundle } from './bundle-builder.ts';
import { checksOf, editLines, failing, failuresOf } from './failing-checks.ts';
import type { KeyLies } from './forge.ts';

const random = seededRandom('tampered keys');
const strange = random(32);
const byStranger = (hash: Uint8Array): Signature => ({
  alg: 'Ed25519',
  signature: toBase64Url(sign(strange, hash)),
});
/** A lie about one of the two keys only. */
const of = (kind: Binding['credentialKind'], lie: (binding: Binding) => Binding): KeyLies => ({
  binding: (binding) => (binding.credentialKind === kind ? lie(binding) : binding),
});

describe('keys that owners bound', () => {
  it('vote, and are taken back after it', async () => {
    const built = buildBundle({ keys: {} });
    expect(await failuresOf(built)).toEqual([]);
    const outcomes = new Map((await checksOf(built)).map(({ id, outcome }) => [id, outcome]));
    for (const id of ['CRED-01', 'CRED-02', 'CRED-03', 'REV-01', 'CAST-01', 'LOG-01'] as const)
      expect([id, outcomes.get(id)]).toEqual([id, 'pass']);
  });

  it('leave the public bundle without a finding', async () => {
    expect(await failuresOf(publicBundle(buildBundle({ keys: {} })))).toEqual([]);
  });
});

describe('CRED-01: a binding', () => {
  it.each<[string, KeyLies]>([
    [
      'that the server signed in the place of the letter',
      {
        evidence: ({ letter, evidence }, hash) => ({
          letter,
          evidence: [byStranger(hash), ...evidence.slice(1)],
        }),
      },
    ],
    [
      'of a key whose holder did not sign',
      {
        evidence: ({ letter, evidence }, hash) => ({
          letter,
          evidence: [...evidence.slice(0, 1), byStranger(hash)],
        }),
      },
    ],
    ['by a letter that was never issued', { evidence: (vouched) => ({ ...vouched, letter: newId(random) }) }],
    ['for another deployment', of('device', (binding) => ({ ...binding, origin: 'other.example/log' }))],
    ['for another site', of('device', (binding) => ({ ...binding, rpId: 'other.example' }))],
    ['for another community', of('device', (binding) => ({ ...binding, community: newId(random) }))],
    ['of another identity', of('device', (binding) => ({ ...binding, identity: toBase64Url(random(32)) }))],
  ])('%s', async (_name, keys) => {
    expect(await failing({ keys })).toEqual(['CRED-01']);
  });

  it('of another person by this person’s letter', async () => {
    const keys = of('passkey', (binding) => ({ ...binding, person: newId(random) }));
    expect(await failing({ keys })).toEqual(['CRED-01']);
  });

  it('that is not there for a key that voted', async () => {
    const built = buildBundle({
      keys: {},
      files: (files) => editLines(files, 'bindings.jsonl', (lines) => lines.slice(1)),
    });
    expect(await failuresOf(built)).toEqual(['LOG-01', 'CRED-01']);
  });

  it('that the log does not name', async () => {
    const other = buildBundle({ keys: {}, casts: [] });
    const built = buildBundle({
      keys: {},
      files: (files) => editLines(files, 'bindings.jsonl', (lines) => [...lines, ...lineOf(other.files)]),
    });
    expect(await failuresOf(built)).toEqual(['LOG-01']);
  });

  it('whose key is not the one that voted', async () => {
    const credentials = buildBundle({
      keys: {},
      credentials: (lines) =>
        lines.map((line) =>
          line.kind === 'device' ? { ...line, publicKey: toBase64Url(publicKeyOf(strange)) } : line,
        ),
    });
    expect(await failuresOf(credentials)).toEqual(['CRED-01', 'CAST-01']);
  });
});

/** A binding of another run, with a nonce of its own. */
function lineOf(files: ReadonlyMap<string, Uint8Array>): readonly string[] {
  const [first = ''] = new TextDecoder().decode(files.get('bindings.jsonl')).split('\n');
  const line = JSON.parse(first) as BindingLine;
  const binding = JSON.parse(Buffer.from(line.binding, 'base64url').toString()) as Binding;
  const changed = JSON.stringify({ ...binding, nonce: toBase64Url(random(16)) });
  return [JSON.stringify({ ...line, binding: toBase64Url(Buffer.from(changed)) })];
}

describe('CRED-02: a key', () => {
  it('of small order is not bound', async () => {
    const identityPoint = toBase64Url(Uint8Array.of(1, ...new Uint8Array(31)));
    const keys = of('device', (binding) => ({ ...binding, publicKey: identityPoint }));
    expect(await failing({ keys })).toEqual(['CRED-01', 'CRED-02']);
  });

  it('of a letter is not bound again', async () => {
    let letterKey = '';
    const built = buildBundle({
      letters: (items) => {
        letterKey = items[0]?.publicKey ?? '';
        return items;
      },
      keys: of('device', (binding) => ({ ...binding, publicKey: letterKey })),
    });
    expect(await failuresOf(built)).toEqual(['CRED-01', 'CRED-02']);
  });
});

describe('REV-01: a revocation', () => {
  it.each<[string, KeyLies]>([
    ['that a stranger signed', { revocation: ({ by }, hash) => ({ by, evidence: [byStranger(hash)] }) }],
    ['by a key that nobody issued', { revocation: (signed) => ({ ...signed, by: newId(random) }) }],
  ])('%s', async (_name, keys) => {
    expect(await failing({ keys })).toEqual(['REV-01']);
  });

  it('that is not in the bundle', async () => {
    const built = buildBundle({
      keys: {},
      files: (files) => files.set('revocations.jsonl', new Uint8Array()),
    });
    expect(await failuresOf(built)).toEqual(['LOG-01']);
  });
});

it('CRED-03: a key that was taken back before the vote', async () => {
  expect(await failing({ keys: { revokedEarly: true } })).toEqual(['CRED-03']);
});
