/** A file of what-ifs: one case a line, and every result with a name of its own (docs/tally-cases.md). */
import { refuse } from '../../base/result.ts';
import { parseCase, type WhatIf } from './what-if.ts';
import type { WhatIfRefusal } from './what-if-line.ts';

/** A bad line, counted from 1, and why. */
export type WhatIfFault = { readonly line: number; readonly refusal: WhatIfRefusal };

/** The cases of a text, and each bad line; empty lines are passed over. */
export function readWhatIfs(text: string): {
  readonly cases: readonly WhatIf[];
  readonly faults: readonly WhatIfFault[];
} {
  const cases: WhatIf[] = [];
  const faults: WhatIfFault[] = [];
  const lineOf = new Map<string, number>();
  for (const [index, content] of text.split('\n').entries()) {
    const line = index + 1;
    if (content.trim() === '') continue;
    const read = parseCase(content.trim());
    if (!read.ok) {
      faults.push({ line, refusal: read.refusal });
      continue;
    }
    const again = read.value.ids.find((id) => lineOf.has(id));
    if (again === undefined) cases.push(read.value);
    else {
      const facts = { id: again, line: lineOf.get(again) ?? line };
      faults.push({ line, refusal: refuse('ID_REPEATED', 'id', facts).refusal });
    }
    for (const id of read.value.ids) if (!lineOf.has(id)) lineOf.set(id, line);
  }
  return { cases, faults };
}
