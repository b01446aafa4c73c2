/** A bank's account by its exported name, `资产:专户存款:建行尾号0321`. Pure (SPEC 8.3). */

export type Bank = { readonly name: string; readonly lastDigits: string };

/** `建行尾号0321`. */
export const bankWords = (account: string): string => account.slice(account.lastIndexOf(':') + 1);

/** The bank as a request names it. */
export function bankOf(account: string): Bank {
  const words = bankWords(account);
  const at = words.lastIndexOf('尾号');
  return { name: words.slice(0, Math.max(at, 0)), lastDigits: words.slice(at + 2) };
}
