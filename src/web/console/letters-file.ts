/** The file that `owners-vote letters`, or the page of letters, made: public halves only (SPEC 3.2). */
import type { MadeIn } from '../../record/letter.ts';
import { letterItemForm, MADE_IN } from '../../record/letter.ts';

export type LettersFile = {
  readonly batch: string;
  readonly madeIn: MadeIn;
  readonly until: string;
  readonly items: readonly unknown[];
};

/** The batch of a file, or undefined where it is no such file; a print page with codes is none. */
export function readLettersFile(text: string): LettersFile | undefined {
  try {
    const { batch, madeIn, until, items, ...more } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (typeof batch !== 'string' || typeof until !== 'string' || !Array.isArray(items)) return undefined;
    const place = MADE_IN.find((each) => each === madeIn);
    if (place === undefined || Object.keys(more).length > 0 || items.length === 0) return undefined;
    return items.every((item) => letterItemForm.check(item).ok)
      ? { batch, madeIn: place, until, items }
      : undefined;
  } catch {
    return undefined;
  }
}
