// What a journal must satisfy beyond `hledger check`: explicit exact amounts only, nothing virtual, nothing inferred, every
// transaction balanced, no account on its wrong side at any time, unique codes, ordered dates, a closing assertion for each
// account. Written apart from the writer: it reads text lines only.

type Leg = { readonly name: string; readonly fen: bigint; readonly assertion: bigint | undefined };
type Transaction = { readonly date: string; readonly code: string; readonly legs: Leg[] };

const HEAD =
  /^(\d{4}-\d{2}-\d{2}) \* \(([0-9]+|closing)\) \S[^;|]*(?: \| [^;|]+)*(?: {2}; kind:[a-z_]+(?:, [a-z-]+:[a-z0-9-]+)*)?$/;
const LEG = /^ {4}([\p{L}\p{N}:-]+) {2}(-?[0-9]+\.[0-9]{2}) CNY(?: = (-?[0-9]+\.[0-9]{2}) CNY)?$/u;
const fenOf = (text: string): bigint => BigInt(text.replace('.', ''));

type Reading = {
  readonly faults: string[];
  readonly sides: Map<string, 'A' | 'L'>;
  readonly entries: Transaction[];
};

function readBlock(lines: readonly string[], reading: Reading): void {
  const [first = '', ...rest] = lines;
  const account = /^account ([\p{L}\p{N}:-]+)$/u.exec(first);
  if (account !== null) {
    const side = /^ {4}; type:([AL])$/.exec(rest[0] ?? '')?.[1];
    if (side === undefined || rest.length !== 1) reading.faults.push(`no type: ${first}`);
    else reading.sides.set(account[1] ?? '', side as 'A' | 'L');
    return;
  }
  if (first === 'commodity CNY' && rest.length === 1 && rest[0] === '    format 1000.00 CNY') return;
  if (lines.every((line) => line.startsWith('; '))) return;
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
  const reading: Reading = { faults: [], sides: new Map(), entries: [] };
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
      if (assertion !== undefined) asserted.add(name);
      if (assertion !== undefined && assertion !== balance)
        faults.push(`${name}: ${assertion} is ${balance}`);
    }
  }
  for (const name of sides.keys()) if (!asserted.has(name)) faults.push(`${name}: no closing assertion`);
  if (entries.length < 2) faults.push('no transaction');
  return faults;
}
