/** SCAN-01: the picture of every accepted paper hashes to what its two officers signed (SPEC 6.4, 9.1). */
import { fromBase64Url } from '../base/bytes.ts';
import { h256Text } from '../crypto/frame.ts';
import { readScanFileName } from '../record/scan-file.ts';
import type { PaperStatement } from './paper-statements.ts';
import type { Verification } from './verification.ts';

/** A folder of opened scans: its names, and one file at a time. */
export type ScanReader = {
  readonly names: readonly string[];
  readonly read: (name: string) => Promise<Uint8Array | undefined>;
};

/** Makes the check where the user gave the scans. */
export async function checkScans(
  { contents, notebook }: Verification,
  scans: ScanReader | undefined,
  papers: readonly PaperStatement[] | undefined,
): Promise<void> {
  if (scans === undefined) {
    notebook.cannot('SCAN-01', { zh: '未提供扫描件（--scans）', en: 'no scans were given (--scans)' });
    return;
  }
  if (papers === undefined) {
    notebook.cannot('SCAN-01', contents.whyNot('paper.jsonl'));
    return;
  }
  notebook.made('SCAN-01');
  const files = new Map<string, { readonly name: string; readonly salt: string }>();
  for (const name of scans.names) {
    const named = readScanFileName(name);
    if (named === undefined)
      notebook.finding('SCAN-01', name, 'HASH.SALT.jpg, png, pdf or bin', 'another name');
    else files.set(named.hash, { name, salt: named.salt });
  }
  const wanted = new Set(papers.map(({ paper }) => paper.scanHash));
  for (const { where, paper } of papers) {
    const file = files.get(paper.scanHash);
    const bytes = file === undefined ? undefined : await scans.read(file.name);
    const salt = fromBase64Url(file?.salt ?? '') ?? new Uint8Array();
    const found = bytes === undefined ? 'no such file' : h256Text('scan', salt, bytes);
    notebook.same('SCAN-01', `${where} scan`, paper.scanHash, found);
  }
  for (const [hash, { name }] of files)
    notebook.holds('SCAN-01', name, wanted.has(hash), 'the scan of an accepted paper', 'of none');
}
