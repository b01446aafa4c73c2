// The letter's code stands behind the `#`, which browsers send nowhere. The page takes it out of the address first of all, before
// anything is rendered or asked for, so that neither history nor a screenshot of the address keeps it (SPEC 3.2).

/** Takes the code out of the address; empty where there is none. */
export function takeFragment(): string {
  const fragment = location.hash.slice(1);
  if (fragment !== '') history.replaceState(null, '', location.pathname + location.search);
  return fragment;
}

/** The code with which the page was opened. */
export const scannedCode: string = takeFragment();

/** Tells of the codes that are scanned into the open page. */
export function listenForCodes(listen: (code: string) => void): void {
  addEventListener('hashchange', () => {
    const code = takeFragment();
    if (code !== '') listen(code);
  });
}
