/** Names of a workbook's parts, as relations write them; works in a page too. */

/** The folder of a part; empty for one at the top. */
export const dirname = (part: string): string => part.slice(0, Math.max(0, part.lastIndexOf('/')));

/** The name from the top, without a slash before it, without empty steps and steps up. */
export function normalised(name: string): string {
  const steps: string[] = [];
  for (const step of name.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps.join('/');
}
