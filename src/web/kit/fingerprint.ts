/** Hashes as people compare them: groups of four hexadecimal digits (SPEC 6.10). */
import { fromBase64Url, toHex } from '../../base/bytes.ts';

/** The first `groups` groups of four digits of a hash in base64url. */
export function hexGroups(hash: string, groups = 8): readonly string[] {
  const text = toHex(fromBase64Url(hash) ?? new Uint8Array());
  return (text.match(/.{4}/g) ?? []).slice(0, groups);
}
