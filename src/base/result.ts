/** Expected refusals as values: every "no" that a caller must be able to answer is a Result, never a throw. */

/** A refusal: a stable code of a closed union, and what a person needs to act on it. */
export type Refusal<C extends string = string> = {
  readonly code: C;
  /** Field, row or record that is at fault, when there is one. */
  readonly where?: string;
  /** Further facts for the text, never a secret and never a person. */
  readonly facts?: Readonly<Record<string, string | number>>;
};

export type Result<T, R extends Refusal = Refusal> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: R };

/** The accepted outcome. */
export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

/** The refused outcome. */
export function refuse<C extends string>(
  code: C,
  where?: string,
  facts?: Readonly<Record<string, string | number>>,
): { readonly ok: false; readonly refusal: Refusal<C> } {
  return {
    ok: false,
    refusal: { code, ...(where === undefined ? {} : { where }), ...(facts === undefined ? {} : { facts }) },
  };
}

/** The value of a result that a person at a console or a test cannot do without; throws with the refusal's code. */
export function taken<T>(result: Result<T, Refusal>): T {
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value;
}
