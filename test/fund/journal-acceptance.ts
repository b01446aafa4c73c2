// What a journal must satisfy beyond `hledger check`: explicit exact amounts only, nothing virtual, nothing inferred, every
// transaction balanced, no account on its wrong side at any time, unique codes, no text that hides or turns, ordered dates, a closing assertion for each
// account. Written apart from the writer: it reads text lines only.

import { parseCivilDate } from '../../src/base/civil-date.ts';

type Leg = { readonly name: string; readonly fen: bigint; readonly assertion: bigint | undefined };
type Transaction = { readonly date: string; readonly code: string; readonly legs: Leg[] };

const DATE = String.raw`(\d{4}-\d{2}-\d{2})`;
const WORDS = String.raw`[^;\s\p{Cc}\p{Cf}]+(?: [^;\s\p{Cc}\p{Cf}]+)*`;
const TAGS = String.raw`kind:[a-z_]+(?:, authorisation:[a-z2-7]+)?(?:, value-on:\d{4}-\d{2}-\d{2})?`;
const HEAD = new RegExp(String.raw`^${DATE} \* \(([1-9][0-9]*|closing)\) ${WORDS}(?: {2}; ${TAGS})?$`, 'u');
const AMOUNT = String.raw`(-?(?:0|[1-9][0-9]*)\.[0-9]{2}) CNY`;
const LEG = new RegExp(String.raw`^ {4}([\p{L}\p{N}:-]+) {2}${AMOUNT}(?: = ${AMOUNT})?$`, 'u');
const fenOf = (text: string): bigint => BigInt(text.replace('.', ''));

type Reading = {
  readonly faults: string[];
  readonly sides: Map<string, 'A' | 'L'>;
  readonly entries: Transaction[];
  hasCommodity: boolean;
};

function readBlock(lines: readonly string[], reading: Reading): void {
  const [first = '', ...rest] = lines;
  const account = /^account ([\p{L}\p{N}:-]+)$/u.exec(first);
  if (account !== null) {
    const side = /^ {4}; type:([AL])$/.exec(rest[0] ?? '')?.[1];
    if (side === undefined || rest.length !== 1) reading.faults.push(`no type: ${first}`);
    else if (reading.sides.has(account[1] ?? '') || !reading.hasCommodity)
      reading.faults.push(`not once, below the commodity: ${first}`);
    else reading.sides.set(account[1] ?? '', side as 'A' | 'L');
    return;
  }
  if (first === 'commodity CNY' && rest.length === 1 && rest[0] === '    format 1000.00 CNY') {
    if (reading.hasCommodity) reading.faults.push('a commodity twice');
    reading.hasCommodity = true;
    return;
  }
  if (lines.every((line) => /^; [^\p{Cc}\p{Cf}]+$/u.test(line))) return;
  const head = HEAD.exec(first);
  if (head === null) {
    reading.faults.push(`not understood: ${first}`);
    return;
  }
  const legs: Leg[] = [];
  for (const line of rest) {
    const leg = LEG.exec(line);
    if (leg === null) reading.faults.push(`not a posting: ${line}`);
    else
      legs.push({
        name: leg[1] ?? '',
        fen: fenOf(leg[2] ?? ''),
        assertion: leg[3] === undefined ? undefined : fenOf(leg[3]),
      });
  }
  reading.entries.push({ date: head[1] ?? '', code: head[2] ?? '', legs });
}

/** Everything that is wrong with a journal; empty when it is accepted. */
export function journalFaults(text: string): readonly string[] {
  const reading: Reading = { faults: [], sides: new Map(), entries: [], hasCommodity: false };
  if (!text.endsWith('\n')) reading.faults.push('no line feed at the end');
  for (const block of text.trimEnd().split('\n\n')) readBlock(block.split('\n'), reading);
  const { faults, sides, entries } = reading;
  const balances = new Map<string, bigint>();
  const asserted = new Set<string>();
  let date = '';
  for (const [at, entry] of entries.entries()) {
    const last = at === entries.length - 1;
    if (entry.date < date) faults.push(`${entry.code}: date goes back`);
    date = entry.date;
    if (parseCivilDate(date) === undefined) faults.push(`${entry.code}: no day of the calendar`);
    if (entry.code !== (last ? 'closing' : String(at + 1))) faults.push(`${entry.code}: not the next code`);
    if (entry.legs.reduce((sum, leg) => sum + leg.fen, 0n) !== 0n) faults.push(`${entry.code}: unbalanced`);
    if (!last && (entry.legs.length < 2 || entry.legs.some(({ fen }) => fen === 0n)))
      faults.push(`${entry.code}: legs`);
    for (const { name, fen, assertion } of entry.legs) {
      const balance = (balances.get(name) ?? 0n) + fen;
      balances.set(name, balance);
      const side = sides.get(name);
      if (side === undefined) faults.push(`${name}: not declared`);
      if ((side === 'A' ? balance : -balance) < 0n) faults.push(`${entry.code}: ${name} is overdrawn`);
      if ((assertion !== undefined) !== last || (last && (fen !== 0n || asserted.has(name))))
        faults.push(`${entry.code}: ${name} is asserted elsewhere, twice, or moved`);
      if (assertion !== undefined) asserted.add(name);
      if (assertion !== undefined && assertion !== balance)
        faults.push(`${name}: ${assertion} is ${balance}`);
    }
  }
  for (const name of sides.keys()) if (!asserted.has(name)) faults.push(`${name}: no closing assertion`);
  if (entries.length < 2) faults.push('no transaction');
  return faults;
}
