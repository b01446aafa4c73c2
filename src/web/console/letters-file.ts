/** The file that `owners-vote letters` made for upload, read in the page: public halves only (SPEC 3.2). */
import { letterItemForm } from '../../record/letter.ts';

export type LettersFile = {
  readonly batch: string;
  readonly until: string;
  readonly items: readonly unknown[];
};

/** The batch of a file, or undefined where it is no such file; a print page with codes is none. */
export function readLettersFile(text: string): LettersFile | undefined {
  try {
    const { batch, until, items, ...more } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (typeof batch !== 'string' || typeof until !== 'string' || !Array.isArray(items)) return undefined;
    if (Object.keys(more).length > 0 || items.length === 0) return undefined;
    return items.every((item) => letterItemForm.check(item).ok) ? { batch, until, items } : undefined;
  } catch {
    return undefined;
  }
}
