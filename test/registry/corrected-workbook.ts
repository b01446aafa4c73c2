// Goal: a workbook that we wrote can be put right as an operator does in a spreadsheet program: cells are changed in the XML.
import { expect } from 'vitest';
import { openPackage } from '../../src/registry/workbook/package.ts';
import { zipOf } from './zip-file.ts';

const NAMES = ['[Content_Types].xml', '_rels/.rels', 'xl/workbook.xml', 'xl/_rels/workbook.xml.rels'];
const ALL = [...NAMES, 'xl/styles.xml', 'xl/worksheets/sheet1.xml', 'xl/worksheets/sheet2.xml'];

/** The text of each part. */
export async function partsOf(file: Uint8Array): Promise<Map<string, string>> {
  const parts = await openPackage(file);
  const texts = new Map<string, string>();
  for (const name of ALL) {
    const chunks: Uint8Array[] = [];
    await parts.read(name, (chunk) => chunks.push(chunk));
    texts.set(name, Buffer.concat(chunks).toString());
  }
  return texts;
}

/** The workbook with texts of its register changed. */
export async function corrected(file: Uint8Array, ...changes: readonly (readonly [string, string])[]) {
  const parts = await partsOf(file);
  let xml = parts.get('xl/worksheets/sheet1.xml') ?? '';
  for (const [from, to] of changes) {
    expect(xml).toContain(`>${from}</t>`);
    xml = xml.replace(`>${from}</t>`, `>${to}</t>`);
  }
  parts.set('xl/worksheets/sheet1.xml', xml);
  return zipOf([...parts].map(([name, content]) => ({ name, content })));
}
