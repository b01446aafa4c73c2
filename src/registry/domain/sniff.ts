/** From the bytes of an attacker-controlled file to its text, or the reason why there is none (DESIGN §7). */
import type { Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';

/** 8 MiB. */
export const MAX_FILE_BYTES = 8 * 1024 * 1024;

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

const startsWith = (bytes: Uint8Array, ...magic: number[]): boolean =>
  magic.every((byte, at) => bytes[at] === byte);

function decode(bytes: Uint8Array, encoding: Encoding): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Web pages and XML that spreadsheet programs open under the name .xls. */
const MARKUP = /^\s*(?:<(?:html|\?xml|!doctype|!--|table|head|meta|body|style)|mime-version:)/i;

/** More NUL characters than this share is UTF-16 without its BOM, or no text at all. */
const NUL_SHARE = 20;

function countNul(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\0'); at !== -1; at = text.indexOf('\0', at + 1)) count += 1;
  return count;
}

function textOf(bytes: Uint8Array): { readonly text: string; readonly encoding: Encoding } | undefined {
  const marked = (encoding: Encoding, size: number) => {
    const text = decode(bytes.subarray(size), encoding);
    return text === undefined ? undefined : { text, encoding };
  };
  if (startsWith(bytes, 0xef, 0xbb, 0xbf)) return marked('utf-8', 3);
  if (startsWith(bytes, 0xff, 0xfe)) return marked('utf-16le', 2);
  if (startsWith(bytes, 0xfe, 0xff)) return marked('utf-16be', 2);
  return marked('utf-8', 0) ?? marked('gb18030', 0);
}

/** Whether the file is a workbook (a zip) and not a text. */
export const isWorkbook = (bytes: Uint8Array): boolean =>
  startsWith(bytes, 0x50, 0x4b, 3, 4) || startsWith(bytes, 0x50, 0x4b, 5, 6);

/** Text and encoding of the file. A mark at the start decides; without one strict UTF-8, then gb18030. */
export function sniff(
  bytes: Uint8Array,
): Result<
  { readonly text: string; readonly encoding: Encoding },
  { readonly code: 'REG-F001' | 'REG-F002' | 'REG-F007' }
> {
  if (bytes.length === 0 || bytes.length > MAX_FILE_BYTES) return refuse('REG-F001');
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)) return refuse('REG-F002');
  const read = textOf(bytes);
  if (read === undefined || countNul(read.text) * NUL_SHARE > read.text.length) return refuse('REG-F007');
  if (MARKUP.test(read.text.slice(0, 1000))) return refuse('REG-F002');
  return read.text.trim() === '' ? refuse('REG-F001') : ok(read);
}
