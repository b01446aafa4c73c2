/** The last six characters of a document number, as an owner types them (SPEC 3.5). */
import { foldNumber } from '../../record/identity.ts';

const TAIL = 6;

/** The tail of a normalised number; the whole of a shorter one. */
export const numberTail = (number: string): string => [...number].slice(-TAIL).join('');

/** What was typed, in the spelling of normalised numbers. */
export const typedTail = (typed: string): string => foldNumber(typed);
