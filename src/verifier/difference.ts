/** Every place at which a record differs from the one that was computed again (TALLY-02). */
import type { Canonical } from '../base/canonical.ts';
import { canonicalText } from '../base/canonical.ts';

export type Difference = { readonly where: string; readonly expected: string; readonly found: string };

const isList = (value: Canonical): value is readonly Canonical[] => Array.isArray(value);

/** Compares two values member by member and item by item; lists of different length differ as a whole. */
export function differences(where: string, expected: Canonical, found: Canonical): readonly Difference[] {
  if (typeof expected !== 'object' || typeof found !== 'object') {
    return expected === found ? [] : [{ where, expected: String(expected), found: show(found) }];
  }
  if (
    isList(expected) !== isList(found) ||
    (isList(expected) && isList(found) && expected.length !== found.length)
  ) {
    return [{ where, expected: show(expected), found: show(found) }];
  }
  const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
  return [...names].flatMap((name) => {
    const place = isList(expected) ? `${where}[${name}]` : `${where}.${name}`;
    const [left, right] = [memberOf(expected, name), memberOf(found, name)];
    if (left === undefined || right === undefined) {
      return [{ where: place, expected: show(left ?? 'absent'), found: show(right ?? 'absent') }];
    }
    return differences(place, left, right);
  });
}

const memberOf = (value: object, name: string): Canonical | undefined =>
  (value as Readonly<Record<string, Canonical>>)[name];

const show = (value: Canonical): string => {
  const text = typeof value === 'string' ? value : canonicalText(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
};
