/** SHA-512, from which a paper's entry draws its ephemeral secret and nonce (SPEC 6.4); the same code in the page and on the server. */
import nacl from 'tweetnacl';

/** The 64 bytes of SHA-512 over some bytes. */
export const sha512 = (bytes: Uint8Array): Uint8Array => nacl.hash(bytes);
