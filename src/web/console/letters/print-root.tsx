/**
 * What is printed stands beside the page and under styles of its own: in a shadow root, with constructed sheets, which need no exception
 * in the policy (docs/decisions/letters-in-the-page.md).
 */
import type { ComponentChild } from 'preact';
import { render } from 'preact';
import { useEffect } from 'preact/hooks';

/** On screen it scrolls in itself; on paper nothing else is there. */
const AROUND = `.print-root{overflow:auto;max-width:100%}
@media print{#app{display:none}body{margin:0;padding:0}.print-root{overflow:visible}}`;

/** Whether this browser has constructed sheets: asked before letters are made that it could not print. */
export const canPrint = (): boolean => 'adoptedStyleSheets' in Document.prototype;

function sheetOf(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}

export type PrintRootProps = {
  readonly label: string;
  readonly style: string;
  /** The rule for the paper, which only the document's own styles may hold. */
  readonly page: string;
  readonly children: ComponentChild;
};

export function PrintRoot({ label, style, page, children }: PrintRootProps) {
  useEffect(() => {
    const host = document.createElement('div');
    host.className = 'print-root';
    host.tabIndex = 0;
    host.setAttribute('role', 'region');
    host.setAttribute('aria-label', label);
    const shadow = host.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [sheetOf(style)];
    render(children, shadow);
    document.body.append(host);
    document.adoptedStyleSheets = [sheetOf(`${AROUND}\n${page}`)];
    return () => {
      render(null, shadow);
      host.remove();
      document.adoptedStyleSheets = [];
    };
  }, [label, style, page, children]);
  return null;
}
