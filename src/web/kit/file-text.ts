/** The text of a table that an officer chose: UTF-8, or what Chinese banks and spreadsheets write otherwise; without a byte order mark (SPEC 8.3). */
export function fileText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}
