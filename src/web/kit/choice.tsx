/** Options as cards: radio buttons where one may be chosen, check boxes where several may; nothing is preselected (SPEC 6.2). */
import { useId } from 'preact/hooks';

export type ChoiceProps = {
  readonly legend: string;
  readonly options: readonly { readonly id: string; readonly text: string; readonly hint?: string }[];
  readonly chosen: readonly string[];
  /** How many may be marked. */
  readonly max: number;
  readonly onChosen: (chosen: readonly string[]) => void;
};

export function Choice({ legend, options, chosen, max, onChosen }: ChoiceProps) {
  const name = useId();
  const several = max > 1;
  const full = several && chosen.length >= max;
  const mark = (id: string, on: boolean) => {
    if (!several) return onChosen([id]);
    // The order is the definition's, whatever the order of the taps.
    onChosen(options.map((option) => option.id).filter((each) => (each === id ? on : chosen.includes(each))));
  };
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      {options.map(({ id, text, hint }) => {
        const checked = chosen.includes(id);
        const common = {
          id: `${name}-${id}`,
          name,
          value: id,
          checked,
          onChange: () => mark(id, !checked),
        } as const;
        return (
          <label key={id} for={`${name}-${id}`} class={checked ? 'card chosen' : 'card'}>
            {several ? (
              <input type="checkbox" disabled={full && !checked} {...common} />
            ) : (
              <input type="radio" {...common} />
            )}
            <span class="card-text">
              {text}
              {hint !== undefined && <small>{hint}</small>}
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
