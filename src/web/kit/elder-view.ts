/** The large view: 22 px instead of 18, kept on the device (MIIT 2021; DESIGN §3 "pages"). */

const KEY = 'ov-elder-view';

/** Whether the device asked for the large view. */
export function wantsElderView(): boolean {
  try {
    return localStorage.getItem(KEY) === '1';
  } catch {
    return false;
  }
}

/** Switches the view and remembers it; a device without storage forgets it with the page. */
export function setElderView(large: boolean): void {
  document.documentElement.classList.toggle('elder', large);
  try {
    localStorage.setItem(KEY, large ? '1' : '0');
  } catch {
    // A private window may refuse storage; the view still changes.
  }
}
