// Goal: our own strict check of a WebAuthn assertion gives the verdict of a well-known library, or a stricter one that is listed (SPEC 2.3). Method: a
// corpus of good and bad assertions, all truly signed, shown to both.
import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { describe, expect, it } from 'vitest';
import { concat, fromBase64Url, fromHex, toBase64Url, toHex, utf8 } from '../../src/base/bytes.ts';
import { softwareAuthenticator } from '../../src/cli/demo/authenticator.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import type { AssertionContext } from '../../src/record/assertion.ts';
import { checkAssertion } from '../../src/record/assertion.ts';
import { coseOfP256, parseCoseKey } from '../../src/record/cose-key.ts';
import type { Assertion } from '../../src/record/signature.ts';
import { seededRandom } from '../support/random.ts';

const RP = 'vote.example';
const ORIGIN = 'https://vote.example';
const challenge = new Uint8Array(32).fill(7);
const credentialId = new Uint8Array(16).fill(5);
const bytes = (text: string): Uint8Array => fromBase64Url(text) ?? expect.fail(text);

type Key = { readonly secret: KeyObject; readonly cose: Uint8Array };

function p256Key(): Key {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = privateKey.export({ format: 'jwk' });
  return { secret: privateKey, cose: coseOfP256(concat(bytes(x), bytes(y))) };
}

function ed25519Key(): Key {
  const { privateKey } = generateKeyPairSync('ed25519');
  const head = fromHex('a4010103272006215820') ?? expect.fail();
  return { secret: privateKey, cose: concat(head, bytes(privateKey.export({ format: 'jwk' }).x ?? '')) };
}

const ecKey = p256Key();
const edKey = ed25519Key();
const context: AssertionContext = {
  challenge,
  rpId: RP,
  origins: [ORIGIN, 'https://second.example'],
  coseKey: ecKey.cose,
  credentialId,
};

const client = (change: Record<string, unknown> = {}): Uint8Array =>
  utf8(
    JSON.stringify({
      type: 'webauthn.get',
      challenge: toBase64Url(challenge),
      origin: ORIGIN,
      crossOrigin: false,
      ...change,
    }),
  );
const authenticatorData = (flags = 0x05, rpId = RP, rest: Uint8Array = new Uint8Array(4)): Uint8Array =>
  concat(sha256(utf8(rpId)), Uint8Array.of(flags), rest);

/** What an authenticator with this key would sign over these very bytes. */
function assertionOf(clientData: Uint8Array, authData: Uint8Array, key: Key = ecKey): Assertion {
  const message = concat(authData, sha256(clientData));
  const algorithm = key.secret.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  return {
    alg: 'webauthn',
    credentialId: toBase64Url(credentialId),
    clientDataJSON: toBase64Url(clientData),
    authenticatorData: toBase64Url(authData),
    signature: toBase64Url(new Uint8Array(sign(algorithm, message, key.secret))),
  };
}

const ours = (assertion: Assertion, within = context): string => {
  const verdict = checkAssertion(assertion, within);
  return verdict.ok ? 'taken' : verdict.refusal.code;
};

async function theirs(assertion: Assertion, within = context): Promise<boolean> {
  try {
    const { verified } = await verifyAuthenticationResponse({
      response: {
        id: assertion.credentialId,
        rawId: assertion.credentialId,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: assertion.clientDataJSON,
          authenticatorData: assertion.authenticatorData,
          signature: assertion.signature,
        },
      },
      expectedChallenge: toBase64Url(within.challenge),
      expectedOrigin: [...within.origins],
      expectedRPID: within.rpId,
      credential: {
        id: toBase64Url(within.credentialId),
        publicKey: Uint8Array.from(within.coseKey),
        counter: 0,
      },
      requireUserVerification: true,
    });
    return verified;
  } catch {
    return false;
  }
}

const good = assertionOf(client(), authenticatorData());
const altered = (text: string, at: number): string =>
  toBase64Url(Uint8Array.from(bytes(text), (byte, index) => (index === at ? byte ^ 1 : byte)));
const longSignature = toBase64Url(concat(bytes(good.signature), Uint8Array.of(0)));

/** Name, assertion, our code; where both take it, `taken`. */
const corpus: readonly (readonly [string, Assertion, string])[] = [
  ['an assertion', good, 'taken'],
  [
    'a second origin',
    assertionOf(client({ origin: 'https://second.example' }), authenticatorData()),
    'taken',
  ],
  ['no crossOrigin', assertionOf(client({ crossOrigin: undefined }), authenticatorData()), 'taken'],
  ['members of a later browser', assertionOf(client({ other_keys: 'x' }), authenticatorData()), 'taken'],
  ['a counter', assertionOf(client(), authenticatorData(0x05, RP, Uint8Array.of(0, 0, 1, 0))), 'taken'],
  ['a synchronised passkey', assertionOf(client(), authenticatorData(0x1d)), 'taken'],
  ['a passkey that could be', assertionOf(client(), authenticatorData(0x0d)), 'taken'],
  [
    'extensions',
    assertionOf(client(), authenticatorData(0x85, RP, Uint8Array.of(0, 0, 0, 0, 0xa0))),
    'taken',
  ],
  ['an altered client', { ...good, clientDataJSON: toBase64Url(client({ x: 1 })) }, 'ASSERTION_SIGNATURE'],
  ['an altered signature', { ...good, signature: altered(good.signature, 12) }, 'ASSERTION_SIGNATURE'],
  ['an empty signature', { ...good, signature: '' }, 'ASSERTION_SIGNATURE'],
  ['another key’s signature', assertionOf(client(), authenticatorData(), p256Key()), 'ASSERTION_SIGNATURE'],
  ['a registration', assertionOf(client({ type: 'webauthn.create' }), authenticatorData()), 'ASSERTION_TYPE'],
  ['no type', assertionOf(client({ type: undefined }), authenticatorData()), 'ASSERTION_TYPE'],
  [
    'another challenge',
    assertionOf(client({ challenge: toBase64Url(new Uint8Array(32)) }), authenticatorData()),
    'ASSERTION_CHALLENGE',
  ],
  [
    'a padded challenge',
    assertionOf(client({ challenge: `${toBase64Url(challenge)}=` }), authenticatorData()),
    'ASSERTION_CHALLENGE',
  ],
  ['no challenge', assertionOf(client({ challenge: undefined }), authenticatorData()), 'ASSERTION_CHALLENGE'],
  [
    'another origin',
    assertionOf(client({ origin: 'https://evil.example' }), authenticatorData()),
    'ASSERTION_ORIGIN',
  ],
  [
    'a longer origin',
    assertionOf(client({ origin: `${ORIGIN}.evil` }), authenticatorData()),
    'ASSERTION_ORIGIN',
  ],
  [
    'an origin with a slash',
    assertionOf(client({ origin: `${ORIGIN}/` }), authenticatorData()),
    'ASSERTION_ORIGIN',
  ],
  ['a list of origins', assertionOf(client({ origin: [ORIGIN] }), authenticatorData()), 'ASSERTION_ORIGIN'],
  ['no origin', assertionOf(client({ origin: undefined }), authenticatorData()), 'ASSERTION_ORIGIN'],
  ['a top origin', assertionOf(client({ topOrigin: ORIGIN }), authenticatorData()), 'ASSERTION_ORIGIN'],
  [
    'another site’s frame',
    assertionOf(client({ crossOrigin: true, topOrigin: 'https://evil.example' }), authenticatorData()),
    'ASSERTION_ORIGIN',
  ],
  ['another relying party', assertionOf(client(), authenticatorData(0x05, 'evil.example')), 'ASSERTION_RP'],
  ['data that end early', assertionOf(client(), authenticatorData().subarray(0, 36)), 'ASSERTION_RP'],
  ['no data', assertionOf(client(), new Uint8Array()), 'ASSERTION_RP'],
  ['nobody present', assertionOf(client(), authenticatorData(0x04)), 'ASSERTION_FLAGS'],
  ['nobody verified', assertionOf(client(), authenticatorData(0x01)), 'ASSERTION_FLAGS'],
  ['backed up though it cannot be', assertionOf(client(), authenticatorData(0x15)), 'ASSERTION_FLAGS'],
  ['a byte behind', assertionOf(client(), authenticatorData(0x05, RP, new Uint8Array(5))), 'ASSERTION_FLAGS'],
  ['extensions announced only', assertionOf(client(), authenticatorData(0x85)), 'ASSERTION_FLAGS'],
  ['a client that is no JSON', assertionOf(utf8('{'), authenticatorData()), 'ASSERTION_CLIENT_DATA'],
  ['a client that is null', assertionOf(utf8('null'), authenticatorData()), 'ASSERTION_CLIENT_DATA'],
  ['a client that is a text', assertionOf(utf8('"x"'), authenticatorData()), 'ASSERTION_CLIENT_DATA'],
  ['a client that is a list', assertionOf(utf8('[]'), authenticatorData()), 'ASSERTION_TYPE'],
  [
    'a client that is not UTF-8',
    assertionOf(Uint8Array.of(0xff), authenticatorData()),
    'ASSERTION_CLIENT_DATA',
  ],
  ['an empty client', assertionOf(new Uint8Array(), authenticatorData()), 'ASSERTION_CLIENT_DATA'],
];

describe('an assertion', () => {
  it.each(corpus)('with %s has one verdict here and in the library', async (_, assertion, code) => {
    expect(ours(assertion)).toBe(code);
    expect(await theirs(assertion)).toBe(code === 'taken');
  });

  it('by an Ed25519 key has one verdict here and in the library', async () => {
    const within = { ...context, coseKey: edKey.cose };
    const signed = assertionOf(client(), authenticatorData(), edKey);
    expect([ours(signed, within), await theirs(signed, within)]).toEqual(['taken', true]);
    const wrong = { ...signed, signature: altered(signed.signature, 3) };
    expect([ours(wrong, within), await theirs(wrong, within)]).toEqual(['ASSERTION_SIGNATURE', false]);
    expect(ours(good, within)).toBe('ASSERTION_SIGNATURE');
  });

  it.each([
    [
      'in a frame of the same site',
      assertionOf(client({ crossOrigin: true }), authenticatorData()),
      'ASSERTION_ORIGIN',
    ],
    [
      'with crossOrigin as a text',
      assertionOf(client({ crossOrigin: 'false' }), authenticatorData()),
      'ASSERTION_ORIGIN',
    ],
    [
      'with crossOrigin null',
      assertionOf(client({ crossOrigin: null }), authenticatorData()),
      'ASSERTION_ORIGIN',
    ],
    [
      'with an empty top origin',
      assertionOf(client({ topOrigin: '' }), authenticatorData()),
      'ASSERTION_ORIGIN',
    ],
    ['with a byte behind its signature', { ...good, signature: longSignature }, 'ASSERTION_SIGNATURE'],
    [
      'with an attested key',
      assertionOf(
        client(),
        authenticatorData(
          0x45,
          RP,
          concat(new Uint8Array(4), new Uint8Array(16), Uint8Array.of(0, 16), credentialId, ecKey.cose),
        ),
      ),
      'ASSERTION_FLAGS',
    ],
  ])('%s is refused here alone', async (_, assertion, code) => {
    expect(ours(assertion)).toBe(code);
    expect(await theirs(assertion)).toBe(true);
  });

  it('of another credential is refused before anything else', () => {
    expect(ours({ ...good, credentialId: toBase64Url(new Uint8Array(16)) })).toBe('ASSERTION_CREDENTIAL');
  });

  it('under a key that is no COSE key of ours is refused', () => {
    expect(ours(good, { ...context, coseKey: ecKey.cose.subarray(1) })).toBe('ASSERTION_KEY');
  });
});

describe('the software authenticator', () => {
  it('registers a key that the library reads as we do, and signs assertions that both take', async () => {
    const authenticator = softwareAuthenticator(RP, ORIGIN, seededRandom('assertion'));
    const registered = await verifyRegistrationResponse({
      response: authenticator.register(challenge),
      expectedChallenge: toBase64Url(challenge),
      expectedOrigin: ORIGIN,
      expectedRPID: RP,
    });
    const credential = registered.registrationInfo?.credential ?? expect.fail('not registered');
    const within: AssertionContext = {
      ...context,
      coseKey: credential.publicKey,
      credentialId: bytes(credential.id),
    };
    const assertion = authenticator.sign(challenge);
    if (assertion.alg !== 'webauthn') expect.fail();
    expect([ours(assertion, within), await theirs(assertion, within)]).toEqual(['taken', true]);
    expect(ours(authenticator.sign(new Uint8Array(32)) as Assertion, within)).toBe('ASSERTION_CHALLENGE');
  });
});

describe('a COSE key', () => {
  it('is read in the one encoding of CTAP2', () => {
    const parsed = parseCoseKey(ecKey.cose);
    if (!parsed.ok || parsed.value.alg !== 'ES256') expect.fail();
    expect(toHex(coseOfP256(parsed.value.point))).toBe(toHex(ecKey.cose));
    expect(parseCoseKey(edKey.cose)).toEqual({
      ok: true,
      value: { alg: 'Ed25519', publicKey: edKey.cose.subarray(10) },
    });
    const jwk = createPrivateKey(edKey.secret.export({ format: 'pem', type: 'pkcs8' })).export({
      format: 'jwk',
    });
    expect(toBase64Url(edKey.cose.subarray(10))).toBe(jwk.x);
  });

  it('is refused with any byte of its frame changed, cut or continued', () => {
    const refused = { ok: false, refusal: { code: 'COSE_KEY_UNSUPPORTED' } };
    for (const key of [ecKey.cose, edKey.cose]) {
      const frame = [...Array(10).keys(), ...(key.length === 77 ? [42, 43, 44] : [])];
      for (const at of frame) {
        const changed = Uint8Array.from(key, (byte, index) => (index === at ? byte ^ 1 : byte));
        expect(parseCoseKey(changed), `byte ${at}`).toEqual(refused);
      }
      for (const size of [0, 10, 41, 42, 76])
        if (size < key.length) expect(parseCoseKey(key.subarray(0, size))).toEqual(refused);
      expect(parseCoseKey(concat(key, Uint8Array.of(0)))).toEqual(refused);
    }
  });
});
