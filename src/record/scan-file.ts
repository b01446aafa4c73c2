/** The names of opened scans: hash and salt of the picture, so that anybody who has the file can hash it again (SPEC 9.1). */

const KINDS: readonly (readonly [string, readonly number[]])[] = [
  ['jpg', [0xff, 0xd8, 0xff]],
  ['png', [0x89, 0x50, 0x4e, 0x47]],
  ['pdf', [0x25, 0x50, 0x44, 0x46]],
];

const NAME = /^([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{22})\.(jpg|png|pdf|bin)$/;

/** `HASH.SALT.KIND`, the kind by the file's first bytes. */
export function scanFileName(hash: string, salt: string, file: Uint8Array): string {
  const found = KINDS.find(([, magic]) => magic.every((byte, at) => file[at] === byte));
  return `${hash}.${salt}.${found?.[0] ?? 'bin'}`;
}

/** The parts of such a name; undefined for any other. */
export function readScanFileName(
  name: string,
): { readonly hash: string; readonly salt: string; readonly kind: string } | undefined {
  const [, hash, salt, kind] = NAME.exec(name) ?? [];
  return hash === undefined || salt === undefined || kind === undefined ? undefined : { hash, salt, kind };
}
