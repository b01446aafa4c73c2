/** What an owner has marked but not sent: kept in this tab only, gone when it is sent; the code is never stored (SPEC 3.2). */

/** Marked options by proposal; an empty list means that he chose not to answer, an absent one that he has not been there. */
export type Choices = Readonly<Record<string, readonly string[]>>;

const keyOf = (meeting: string, entitlement: string): string => `ov-choices:${meeting}:${entitlement}`;

const isChoices = (value: unknown): value is Choices =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((ids) => Array.isArray(ids) && ids.every((id) => typeof id === 'string'));

/** What this tab holds for an entitlement. */
export function readChoices(meeting: string, entitlement: string): Choices {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(keyOf(meeting, entitlement)) ?? '{}');
    return isChoices(value) ? value : {};
  } catch {
    return {};
  }
}

/** Keeps the marks; where the browser refuses storage they live as long as the page. */
export function keepChoices(meeting: string, entitlement: string, choices: Choices): void {
  try {
    sessionStorage.setItem(keyOf(meeting, entitlement), JSON.stringify(choices));
  } catch {
    // Nothing is lost while the page stays open.
  }
}

/** Forgets the marks, after they were sent. */
export function forgetChoices(meeting: string, entitlement: string): void {
  try {
    sessionStorage.removeItem(keyOf(meeting, entitlement));
  } catch {
    // There was nothing to forget.
  }
}
