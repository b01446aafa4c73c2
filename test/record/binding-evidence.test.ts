// Goal: only lawful keys may be bound, each of the sort that its kind promises. Method: one key of each sort, and one thing changed.
import { expect, it } from 'vitest';
import { concat, fromHex, toBase64Url } from '../../src/base/bytes.ts';
import { publicKeyOf } from '../../src/crypto/ed25519.ts';
import type { Binding } from '../../src/record/binding.ts';
import { isBindable } from '../../src/record/binding-evidence.ts';
import { softwareAuthenticator } from '../support/authenticator.ts';
import { seededRandom } from '../support/random.ts';
import { RECORD_EXAMPLES } from './record-examples.ts';

const random = seededRandom('binding evidence');
const [example] = RECORD_EXAMPLES['bindingForm'] as readonly [Binding];
const { publicKey } = softwareAuthenticator('vote.example', 'https://vote.example', random);
const device = toBase64Url(publicKeyOf(random(32)));
const eddsa = (key: Uint8Array): string =>
  toBase64Url(concat(fromHex('a4010103272006215820') ?? new Uint8Array(), key));
const asDevice = { credentialKind: 'device', alg: 'Ed25519', publicKey: device, webauthnId: '' } as const;

it.each<[string, boolean, Partial<Binding>]>([
  ['an ES256 passkey', true, { publicKey: publicKey.publicKey }],
  ['an EdDSA passkey', true, { publicKey: eddsa(publicKeyOf(random(32))) }],
  ['an EdDSA passkey of small order', false, { publicKey: eddsa(Uint8Array.of(1, ...new Uint8Array(31))) }],
  ['a passkey in an encoding of its own', false, { publicKey: toBase64Url(new Uint8Array(77)) }],
  ['a passkey without an id', false, { publicKey: publicKey.publicKey, webauthnId: '' }],
  ['a passkey that signs as a device key', false, { publicKey: device, alg: 'Ed25519' }],
  ['a device key', true, asDevice],
  ['a device key with an authenticator’s id', false, { ...asDevice, webauthnId: publicKey.webauthnId }],
  ['a device key that signs as a passkey', false, { ...asDevice, alg: 'webauthn' }],
])('%s may be bound: %s', (_name, may, change) => {
  expect(isBindable({ ...example, ...change })).toBe(may);
});
