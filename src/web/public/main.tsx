// Entry of the public pages, which work without it: it only brings the switch to the large view to life.
import '../kit/style.css';
import '../kit/printed.css';
import { setElderView, wantsElderView } from '../kit/elder-view.ts';
import { kitWord } from '../kit/words.ts';

const button = document.querySelector<HTMLButtonElement>('.view-switch');

function show(large: boolean): void {
  setElderView(large);
  if (button === null) return;
  button.hidden = false;
  button.setAttribute('aria-pressed', String(large));
  button.textContent = kitWord(large ? 'normalView' : 'elderView');
}

show(wantsElderView());
button?.addEventListener('click', () => show(!wantsElderView()));
