/**
 * What merged cells mean: the place of a unit is said once for several rows, a unit that spans rows has one owner in each, and owners
 * that span units are refused, since nobody can tell whether they are the same or were not filled in (DESIGN §7).
 */
import type { Report } from './findings.ts';
import type { Columns, Field } from './headers.ts';
import type { Merge, SheetRow } from './sheet.ts';

/** Fields that a merge says for each of its rows. */
const FILLED: readonly Field[] = ['phase', 'building', 'stair', 'area', 'titleNo'];
/** Fields that name the unit: empty where a row only adds an owner to the unit above. */
const OF_UNIT: readonly Field[] = ['phase', 'building', 'stair', 'room', 'area'];
const OF_OWNERS: readonly Field[] = ['ownerName', 'idType', 'idNo'];

const covers = ({ top, bottom }: Merge, row: number): boolean => top <= row && row <= bottom;

/** The merges under the header; reports those that lie across it. */
export function dataMerges(merges: readonly Merge[], headerRow: number, report: Report): readonly Merge[] {
  for (const { top, bottom, left } of merges)
    if (top <= headerRow && bottom > headerRow) report('REG-M202', { row: top, column: left });
  return merges.filter(({ top }) => top > headerRow);
}

/** Reports cells of several columns in one, which leave open what belongs to which column. */
export function reportHorizontal(
  merges: readonly Merge[],
  rows: readonly SheetRow[],
  columns: Columns,
  report: Report,
): void {
  const used = [...columns.byField.values(), ...columns.phones];
  const numbers = new Set(rows.map(({ row }) => row));
  for (const { top, left, right } of merges) {
    const touched = used.filter((column) => left <= column && column <= right);
    if (right > left && touched.length > 0 && numbers.has(top))
      report('REG-M201', { row: top, column: left, header: columns.texts[left]?.trim() });
  }
}

type Filling = { readonly merge: Merge; readonly column: number; readonly text: string };

function fillings(merges: readonly Merge[], rows: readonly SheetRow[], columns: Columns): readonly Filling[] {
  const byRow = new Map(rows.map((row) => [row.row, row]));
  return FILLED.flatMap((field) => {
    const column = columns.byField.get(field);
    if (column === undefined) return [];
    return merges
      .filter(({ left, top, bottom }) => left === column && bottom > top)
      .map((merge) => ({ merge, column, text: byRow.get(merge.top)?.cells[column] ?? '' }));
  });
}

/** Says the text of each merge in its further rows. Rows that are the rest of one unit keep no place, and none at all if nothing is left. */
export function fillMerges(
  merges: readonly Merge[],
  rows: readonly SheetRow[],
  columns: Columns,
  report: Report,
): readonly SheetRow[] {
  const room = columns.byField.get('room');
  const rooms = merges.filter(({ left, top, bottom }) => left === room && bottom > top);
  const isRest = (row: number): boolean => rooms.some((merge) => merge.top < row && covers(merge, row));
  const filled = fillings(merges, rows, columns);
  reportOwners(merges, columns, isRest, report);
  return rows.flatMap((row): SheetRow[] => {
    const cells = [...row.cells];
    const put = (column: number, text: string): void => {
      while (cells.length <= column) cells.push('');
      cells[column] = text;
    };
    if (isRest(row.row)) {
      for (const field of OF_UNIT) put(columns.byField.get(field) ?? cells.length, '');
      return cells.some((cell) => cell.trim() !== '') ? [{ ...row, cells }] : [];
    }
    for (const { merge, column, text } of filled)
      if (merge.top < row.row && covers(merge, row.row)) put(column, text);
    return [{ ...row, cells }];
  });
}

/** Owners in one cell for several units. */
function reportOwners(
  merges: readonly Merge[],
  columns: Columns,
  isRest: (row: number) => boolean,
  report: Report,
): void {
  const owned: readonly (number | undefined)[] = [
    ...OF_OWNERS.map((field) => columns.byField.get(field)),
    ...columns.phones,
  ];
  for (const { top, bottom, left } of merges) {
    if (!owned.includes(left)) continue;
    const rows = Array.from({ length: bottom - top }, (_, at) => top + 1 + at);
    if (rows.some((row) => !isRest(row)))
      report('REG-M203', { row: top, column: left, header: columns.texts[left]?.trim() });
  }
}
