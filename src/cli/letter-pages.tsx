/** The files to print that the command writes: the sheets of letters and the delivery list, documents that load nothing (SPEC 3.2). */
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Household } from '../identity/domain/letter-households.ts';
import { DeliveryList, LIST_PAGE, LIST_STYLE } from '../web/console/letters/delivery-list.tsx';
import type { PrintFacts } from '../web/console/letters/letter-sheets.tsx';
import { LetterSheets, SHEET_PAGE, SHEET_STYLE } from '../web/console/letters/letter-sheets.tsx';

/** Households in one file: a browser still opens it at once. */
const HOUSEHOLDS_PER_PAGE_FILE = 100;

/** A text of somebody else's within markup. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (letter) => `&#${letter.codePointAt(0) ?? 0};`);

/** A document of its own that loads nothing and runs nothing. */
const pageOf = (body: VNode, title: string, style: string): string => `<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8"><title>${escaped(title)}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>body{margin:0}
${style}</style></head><body>
${renderToString(body)}
</body></html>
`;

/** The pages of all households, each a document of its own with at most a hundred of them. */
export function printPages(households: readonly Household[], facts: PrintFacts): readonly string[] {
  const pages: string[] = [];
  for (let from = 0; from < households.length; from += HOUSEHOLDS_PER_PAGE_FILE) {
    const part = households.slice(from, from + HOUSEHOLDS_PER_PAGE_FILE);
    const sheets = <LetterSheets households={part} from={from} facts={facts} />;
    pages.push(pageOf(sheets, `${facts.community}业主表决信函`, `${SHEET_PAGE}\n${SHEET_STYLE}`));
  }
  return pages;
}

/** The whole delivery list as one document. */
export const deliveryList = (households: readonly Household[], facts: PrintFacts): string =>
  pageOf(
    <DeliveryList households={households} facts={facts} />,
    `${facts.community}送达清单`,
    `${LIST_PAGE}\n${LIST_STYLE}`,
  );
