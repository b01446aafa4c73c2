/** The frame of every page: name, large-view switch, one main part, foot. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { setElderView, wantsElderView } from './elder-view.ts';
import { kitWord } from './words.ts';

/** The switch between the two views; it appears once scripts run. */
export function ElderSwitch() {
  const [large, setLarge] = useState<boolean | undefined>(undefined);
  useEffect(() => {
    const wanted = wantsElderView();
    document.documentElement.classList.toggle('elder', wanted);
    setLarge(wanted);
  }, []);
  const toggle = () => {
    setElderView(large !== true);
    setLarge(large !== true);
  };
  return (
    <button
      type="button"
      class="view-switch"
      hidden={large === undefined}
      aria-pressed={large === true}
      onClick={toggle}
    >
      {kitWord(large === true ? 'normalView' : 'elderView')}
    </button>
  );
}

/** A new screen starts at its top, for eyes and screen readers. */
export function useTopOf(screen: string): void {
  useEffect(() => {
    window.scrollTo(0, 0);
    document.getElementById('main')?.focus({ preventScroll: true });
  }, [screen]);
}

export type PageProps = {
  readonly name: string;
  readonly home: string;
  readonly demo?: boolean;
  readonly wide?: boolean;
  readonly foot?: ComponentChildren;
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
};

/** A page. */
export function Page({ name, home, demo = false, wide = false, foot, tools, children }: PageProps) {
  return (
    <div class={wide ? 'page wide' : 'page'}>
      <a class="skip" href="#main">
        {kitWord('skip')}
      </a>
      <header class="top">
        <a class="name" href={home}>
          {name}
        </a>
        <div class="tools">
          {tools}
          <ElderSwitch />
        </div>
        {demo && <p class="demo">{kitWord('demo')}</p>}
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      {foot !== undefined && <footer class="foot">{foot}</footer>}
    </div>
  );
}
