/** The salted hash under which a register's file stands in the log; salt and file are private (SPEC 4.1). */
import { h256Text } from '../crypto/frame.ts';
import { sha256 } from '../crypto/sha256.ts';

/** `H256("register-file", salt, SHA-256(file))`; the salt is 16 bytes. */
export const registerFileHash = (salt: Uint8Array, file: Uint8Array): string =>
  h256Text('register-file', salt, sha256(file));
