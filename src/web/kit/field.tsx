/** A labelled field with its hint and its error in words, tied together for screen readers. */
import type { ComponentChildren, TargetedInputEvent } from 'preact';
import { useId } from 'preact/hooks';

type Common = {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly value: string;
  readonly onValue: (value: string) => void;
};

export type FieldProps = Common & {
  readonly type?: 'text' | 'date' | 'datetime-local' | 'number';
  readonly name?: string;
  readonly required?: boolean;
  readonly maxLength?: number;
  /** Letters and digits that are read out and compared one by one. */
  readonly code?: boolean;
};

/** Label, hint and error around a control of this id, which `describedBy` ties to them. */
export function Around({
  id,
  label,
  hint,
  error,
  children,
}: Pick<Common, 'label' | 'hint' | 'error'> & { readonly id: string; readonly children: ComponentChildren }) {
  return (
    <div class={error === undefined ? 'field' : 'field wrong'}>
      <label for={id}>{label}</label>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children}
      {error !== undefined && (
        <p class="error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

export const describedBy = (id: string, hint: string | undefined, error: string | undefined) =>
  [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].join(' ').trim() ||
  undefined;

/** A field of one line. */
export function Field({ type = 'text', code = false, name, required, maxLength, ...rest }: FieldProps) {
  const id = useId();
  const { label, hint, error, value, onValue } = rest;
  const common = {
    id,
    value,
    class: code ? 'code' : undefined,
    autocomplete: 'off',
    'aria-invalid': error !== undefined,
    'aria-describedby': describedBy(id, hint, error),
    onInput: (event: TargetedInputEvent<HTMLInputElement>) => onValue(event.currentTarget.value),
    ...(name === undefined ? {} : { name }),
    ...(required === undefined ? {} : { required }),
    ...(maxLength === undefined ? {} : { maxLength }),
  } as const;
  return (
    <Around id={id} label={label} error={error} {...(hint === undefined ? {} : { hint })}>
      {type === 'text' ? (
        <input type="text" spellcheck={false} autocapitalize={code ? 'characters' : 'off'} {...common} />
      ) : type === 'date' ? (
        <input type="date" {...common} />
      ) : type === 'number' ? (
        <input type="number" {...common} />
      ) : (
        <input type="datetime-local" {...common} />
      )}
    </Around>
  );
}

/** A field of several lines. */
export function LongField({
  label,
  hint,
  error,
  value,
  onValue,
  rows = 5,
}: Common & { readonly rows?: number }) {
  const id = useId();
  return (
    <Around id={id} label={label} error={error} {...(hint === undefined ? {} : { hint })}>
      <textarea
        id={id}
        rows={rows}
        value={value}
        aria-invalid={error !== undefined}
        aria-describedby={describedBy(id, hint, error)}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </Around>
  );
}

export type PickProps = Omit<Common, 'hint'> & {
  readonly options: readonly { readonly id: string; readonly text: string }[];
  /** Stands first, where nothing is chosen before. */
  readonly empty?: string;
};

/** One of a few fixed values. */
export function Pick({ label, value, options, error, empty, onValue }: PickProps) {
  const id = useId();
  return (
    <Around id={id} label={label} error={error}>
      <select
        id={id}
        value={value}
        aria-invalid={error !== undefined}
        aria-describedby={describedBy(id, undefined, error)}
        onChange={(event) => onValue(event.currentTarget.value)}
      >
        {empty !== undefined && <option value="">{empty}</option>}
        {options.map((option) => (
          <option key={option.id} value={option.id}>
            {option.text}
          </option>
        ))}
      </select>
    </Around>
  );
}
