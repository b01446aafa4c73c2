/** A message in a frame; the sign stands beside the colour, so that colour is never the only signal. */
import type { ComponentChildren } from 'preact';

export type StatusKind = 'good' | 'wait' | 'warn' | 'stop';
const SIGNS: Readonly<Record<StatusKind, string>> = { good: '✓', wait: '…', warn: '!', stop: '✕' };

export type StatusProps = {
  readonly kind: StatusKind;
  readonly title: string;
  readonly children?: ComponentChildren;
};

export function Status({ kind, title, children }: StatusProps) {
  return (
    <section class={`status ${kind}`} role={kind === 'stop' ? 'alert' : 'status'}>
      <p class="status-title">
        <span class="sign" aria-hidden="true">
          {SIGNS[kind]}
        </span>
        <strong>{title}</strong>
      </p>
      {children}
    </section>
  );
}
