/** Which text of a record that people read says nothing: only white space, or signs that nobody sees (SPEC 8.3). */

/** The name of the first blank text, or undefined. */
export const blankAmong = (texts: Readonly<Record<string, string>>): string | undefined =>
  Object.keys(texts).find((name) => !/[\p{L}\p{N}\p{P}\p{S}]/u.test(texts[name] ?? ''));
