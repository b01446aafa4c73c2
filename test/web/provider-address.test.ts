// Goal: the page goes to a provider only by an address that is for its own nonce, at the provider itself, and back to itself. Method: an
// honest address and each way in which a service may lie in it.
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { bindHash } from '../../src/record/binding.ts';
import { firstWayNonce } from '../../src/record/provider.ts';
import { stateOfWay } from '../../src/web/mine/provider-address.ts';

const nonce = firstWayNonce(new Uint8Array(32).fill(7));
const wanted = { iss: 'https://id.example/realm', nonce, home: 'https://vote.example/mine' };
const MEMBERS = {
  response_type: 'code',
  client_id: 'owners-vote',
  redirect_uri: wanted.home,
  scope: 'openid',
  state: 'a-state',
  nonce: toBase64Url(nonce),
  code_challenge: 'c',
  code_challenge_method: 'S256',
};
const address = (change: Readonly<Record<string, string>> = {}, at = 'https://id.example/auth'): string =>
  `${at}?${new URLSearchParams({ ...MEMBERS, ...change }).toString()}`;

describe('a way out', () => {
  it('of the page’s own has its state', () => {
    expect(stateOfWay(address(), wanted)).toBe('a-state');
    const trial = { ...wanted, iss: 'http://127.0.0.1:9' };
    expect(stateOfWay(address({}, 'http://127.0.0.1:9/auth'), trial)).toBe('a-state');
  });

  it.each<[string, string]>([
    ['for another nonce', address({ nonce: toBase64Url(firstWayNonce(new Uint8Array(32))) })],
    ['for a binding of the service’s own', address({ nonce: toBase64Url(bindHash(new Uint8Array(9))) })],
    ['with a second nonce', `${address()}&nonce=${toBase64Url(bindHash(new Uint8Array(9)))}`],
    ['with a second state', `${address()}&state=b`],
    ['with a request object', `${address()}&request=e30.e30.`],
    ['with a pushed request', `${address()}&request_uri=urn%3Ax`],
    ['at another host', address({}, 'https://id.other.example/auth')],
    ['at another host, under the provider’s name', address({}, 'https://id.example@other.example/auth')],
    ['at another port', address({}, 'https://id.example:8443/auth')],
    ['unencrypted', address({}, 'http://id.example/auth')],
    ['back to another page', address({ redirect_uri: 'https://other.example/mine' })],
    ['for another response', address({ response_type: 'id_token' })],
    ['without a state', address({ state: '' })],
    ['that is no address', 'javascript:alert(1)'],
    ['that is nothing', ''],
  ])('%s is not gone', (_name, lie) => {
    expect(stateOfWay(lie, wanted)).toBeUndefined();
  });
});
