/**
 * A register as bytes of lines, so that what a worker made crosses to the service without being copied, rests sealed, and is read a few
 * lines in each turn of the event loop (DESIGN §7 "Register import"; `base/turns.ts`).
 */
import { assert, present } from '../base/assert.ts';
import { fromUtf8, utf8 } from '../base/bytes.ts';
import { mapInTurns } from '../base/turns.ts';
import type { Register, RegisterPerson, RegisterUnit } from './domain/register-units.ts';

const NEWLINE = 0x0a;

const lineOf = (value: unknown): string =>
  `${JSON.stringify(value, (_, member) => (typeof member === 'bigint' ? member.toString() : member))}\n`;

/** How many persons, then the persons, then the units, one JSON text a line; areas are texts in dm². */
export const registerLines = ({ persons, units }: Register): Uint8Array =>
  utf8([[persons.length], persons, units].flatMap((part: readonly unknown[]) => part.map(lineOf)).join(''));

function* linesIn(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(NEWLINE, at);
    assert(end >= 0, 'each line of ours ends');
    yield bytes.subarray(at, end);
    at = end + 1;
  }
}

/** The register of `registerLines`, read in turns. */
export async function readRegisterLines(bytes: Uint8Array): Promise<Register> {
  const [count, ...lines] = await mapInTurns(
    linesIn(bytes),
    (line): unknown => JSON.parse(present(fromUtf8(line), 'written by us')) as unknown,
  );
  const persons = lines.slice(0, Number(count)) as RegisterPerson[];
  const units = lines.slice(Number(count)) as (Omit<RegisterUnit, 'areaDm2'> & {
    readonly areaDm2: string;
  })[];
  return { persons, units: units.map((unit) => ({ ...unit, areaDm2: BigInt(unit.areaDm2) })) };
}
