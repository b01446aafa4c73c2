/** One of a few values that somebody must choose: nothing is chosen before, and a missing choice is said beside the field. */
import { useId } from 'preact/hooks';
import { wordsOf } from '../../kit/words.ts';

const t = wordsOf({ choose: '请选择' });

export type OptionsProps = {
  readonly label: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly options: readonly { readonly id: string; readonly text: string }[];
  readonly onValue: (value: string) => void;
};

export function Options({ label, value, error, options, onValue }: OptionsProps) {
  const id = useId();
  return (
    <div class={error === undefined ? 'field' : 'field wrong'}>
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        aria-invalid={error !== undefined}
        aria-describedby={error === undefined ? undefined : `${id}-error`}
        onChange={(event) => onValue(event.currentTarget.value)}
      >
        <option value="">{t('choose')}</option>
        {options.map((option) => (
          <option key={option.id} value={option.id}>
            {option.text}
          </option>
        ))}
      </select>
      {error !== undefined && (
        <p class="error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
