/** A button: one main action a screen, the others quiet. */
import type { ComponentChildren } from 'preact';

export type ButtonProps = {
  readonly children: ComponentChildren;
  readonly kind?: 'main' | 'quiet' | 'danger';
  readonly type?: 'button' | 'submit';
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly onClick?: () => void;
};

export function Button({
  children,
  kind = 'main',
  type = 'button',
  busy = false,
  disabled = false,
  onClick,
}: ButtonProps) {
  return (
    <button
      type={type}
      class={`button ${kind}`}
      disabled={busy || disabled}
      aria-busy={busy}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
