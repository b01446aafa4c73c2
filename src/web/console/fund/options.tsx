/** One of a few values that somebody must choose: nothing is chosen before, and a missing choice is said beside the field. */
import type { PickProps } from '../../kit/field.tsx';
import { Pick } from '../../kit/field.tsx';
import { wordsOf } from '../../kit/words.ts';

const t = wordsOf({ choose: '请选择' });

export type OptionsProps = Omit<PickProps, 'empty'>;

export const Options = (props: OptionsProps) => <Pick {...props} empty={t('choose')} />;
