/** A wide table on a narrow screen: it scrolls in its own frame, which the keyboard can reach. */
import type { ComponentChildren } from 'preact';

export function Scroll({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ComponentChildren;
}) {
  return (
    // A frame that scrolls must take the focus, or the keyboard cannot scroll it (WCAG 2.1.1).
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section class="scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
