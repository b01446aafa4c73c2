/** Whether a call to top up says of each home what the officer's own file of first deposits says, and how many homes of the file it leaves out. Pure (SPEC 8.6). */
import { parseYuan } from '../../base/fen.ts';
import type { TopUpCall } from '../../record/top-up.ts';
import type { UnitsAnswer } from '../../registry/contract.ts';

type Place = Pick<UnitsAnswer['units'][number], 'building' | 'stair' | 'room'>;
type Row = Place & { readonly fen: bigint };

const HEADS = {
  building: ['building', '幢', '楼栋', '楼号', '栋'],
  stair: ['stair', '单元', '梯'],
  room: ['room', '室', '房号', '室号'],
  amount: ['amount', '金额', '余额', '金额(元)', '余额(元)'],
} as const;

const plain = (cell: string): string => cell.normalize('NFKC').replace(/\s/g, '').toLowerCase();
const keyOf = ({ building, stair, room }: Place): string => [building, stair, room].map(plain).join('\n');

/** Cells of a line of comma-separated values. */
function cellsOf(line: string): readonly string[] {
  const cells = [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell = '']) => cell);
  // The match at the end of the line is empty.
  return cells
    .slice(0, -1)
    .map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
}

/** Homes with their first deposits, more than nothing; undefined where the file has no such columns. */
function rowsOf(text: string): readonly Row[] | undefined {
  const lines = text.split(/\r?\n/).map(cellsOf);
  const columnsIn = (cells: readonly string[]) => {
    const at = (names: readonly string[]) => cells.findIndex((cell) => names.includes(plain(cell)));
    return {
      building: at(HEADS.building),
      stair: at(HEADS.stair),
      room: at(HEADS.room),
      amount: at(HEADS.amount),
    };
  };
  const head = lines.findIndex((cells) => Object.values(columnsIn(cells)).every((at) => at >= 0));
  if (head < 0) return undefined;
  const columns = columnsIn(lines[head] ?? []);
  return lines.slice(head + 1).flatMap((cells): readonly Row[] => {
    const cell = (name: keyof typeof columns): string => cells[columns[name]] ?? '';
    const amount = parseYuan(cell('amount').trim());
    if (cell('room').trim() === '' || !amount.ok || amount.value <= 0n) return [];
    return [{ building: cell('building'), stair: cell('stair'), room: cell('room'), fen: amount.value }];
  });
}

/**
 * How many homes of the file the call leaves out; undefined where it says of a home another amount than the file. A home that the file
 * writes otherwise than the register must find its amount among those that are left.
 */
export function leftOutOf(
  { units }: Pick<TopUpCall, 'units'>,
  text: string,
  places: UnitsAnswer['units'],
): number | undefined {
  const rows = rowsOf(text);
  if (rows === undefined) return undefined;
  const placeOf = new Map(places.map((place) => [place.unit, place]));
  const left = new Set(rows);
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  const unnamed: string[] = [];
  for (const { unit, firstFen } of units) {
    const place = placeOf.get(unit);
    const row = place === undefined ? undefined : byKey.get(keyOf(place));
    if (row === undefined) unnamed.push(firstFen);
    else if (String(row.fen) !== firstFen) return undefined;
    else left.delete(row);
  }
  for (const firstFen of unnamed) {
    const row = [...left].find(({ fen }) => String(fen) === firstFen);
    if (row === undefined) return undefined;
    left.delete(row);
  }
  return left.size;
}
