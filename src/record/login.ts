/** What a login signs: never bytes of the server's choice alone (SPEC 1.7). */
import { h256 } from '../crypto/frame.ts';

/** `H256("login", origin, serverNonce, pageNonce)`; both nonces are 32 bytes. */
export const loginHash = (origin: string, serverNonce: Uint8Array, pageNonce: Uint8Array): Uint8Array =>
  h256('login', origin, serverNonce, pageNonce);
