/** The address that leads to an identity provider, judged before the page goes there (SPEC 3.4). */
import { toBase64Url } from '../../base/bytes.ts';

/** What a way must be made for. */
export type WantedWay = {
  /** The provider that its owner chose. */
  readonly iss: string;
  /** 32 bytes of the page's own. */
  readonly nonce: Uint8Array;
  /** Where it leads back to. */
  readonly home: string;
};

const LOOPBACK = /^http:\/\/(?:localhost|127\.0\.0\.1)(?::\d{1,5})?$/;

/** The state of a way out; undefined where the address is not for this page's own nonce at the provider itself, and the page must not go. */
export function stateOfWay(address: string, { iss, nonce, home }: WantedWay): string | undefined {
  let url: URL;
  let own: string;
  try {
    url = new URL(address);
    own = new URL(iss).origin;
  } catch {
    return undefined;
  }
  const isThere = url.origin === own && (url.protocol === 'https:' || LOOPBACK.test(own));
  const members = url.searchParams;
  const names = [...members.keys()];
  // A request object would replace what stands in the address.
  const isPlain =
    new Set(names).size === names.length && !members.has('request') && !members.has('request_uri');
  const isOwn =
    members.get('response_type') === 'code' &&
    members.get('redirect_uri') === home &&
    members.get('nonce') === toBase64Url(nonce);
  const state = members.get('state') ?? '';
  return isThere && isPlain && isOwn && state !== '' ? state : undefined;
}
