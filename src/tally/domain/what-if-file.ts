/** A file of what-ifs: one case a line, the results in the order of the lines (docs/tally-cases.md). */
import { parseCase, type WhatIf } from './what-if.ts';
import type { WhatIfRefusal } from './what-if-line.ts';

/** A bad line, counted from 1, and why. */
export type WhatIfFault = { readonly line: number; readonly refusal: WhatIfRefusal };

/** The cases of a text, and each bad line; empty lines are passed over. A name may stand twice, since files are put together from several. */
export function readWhatIfs(text: string): {
  readonly cases: readonly WhatIf[];
  readonly faults: readonly WhatIfFault[];
} {
  const cases: WhatIf[] = [];
  const faults: WhatIfFault[] = [];
  for (const [index, content] of text.split('\n').entries()) {
    if (content.trim() === '') continue;
    const read = parseCase(content.trim());
    if (read.ok) cases.push(read.value);
    else faults.push({ line: index + 1, refusal: read.refusal });
  }
  return { cases, faults };
}
