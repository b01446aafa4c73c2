/**
 * What merged cells mean: the place of a unit is said once for several rows, a unit that spans rows has one owner in each, and owners
 * that span units are refused, since nobody can tell whether they are the same or were not filled in (DESIGN §7).
 */
import type { Report } from './findings.ts';
import type { Columns, Field } from './headers.ts';
import { AREA_FIELDS } from './headers.ts';
import type { Merge, SheetRow } from './sheet.ts';

/** Fields that a merge says for each of its rows. */
const FILLED: readonly Field[] = ['phase', 'building', 'stair', ...AREA_FIELDS, 'titleNo'];
/** Fields that name the unit: empty where a row only adds an owner to the unit above. */
const OF_UNIT: readonly Field[] = ['phase', 'building', 'stair', 'room', ...AREA_FIELDS];
const OF_OWNERS: readonly Field[] = ['ownerName', 'idType', 'idNo'];

/** The merge of a column of which a row is a further one. */
type Upper = (row: number) => Merge | undefined;

/** Looks the merges of a column up by row: an attacker may send fifty thousand of a million rows each. Of several the one that reaches furthest counts. */
export function upperIn(merges: readonly Merge[], column: number | undefined): Upper {
  const sorted = merges.filter(({ left }) => left === column).sort((a, b) => a.top - b.top);
  const furthest: Merge[] = [];
  for (const merge of sorted) {
    const before = furthest.at(-1);
    furthest.push(before !== undefined && before.bottom > merge.bottom ? before : merge);
  }
  return (row) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle]?.top ?? row) < row) low = middle + 1;
      else high = middle;
    }
    const found = furthest[low - 1];
    return found !== undefined && found.bottom >= row ? found : undefined;
  };
}

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
  if (merges.length === 0) return;
  const used = [...columns.byField.values(), ...columns.phones];
  const numbers = new Set(rows.map(({ row }) => row));
  for (const { top, left, right } of merges) {
    const touched = used.filter((column) => left <= column && column <= right);
    if (right > left && touched.length > 0 && numbers.has(top))
      report('REG-M201', { row: top, column: left, header: columns.texts[left]?.trim() });
  }
}

/** Says the text of each merge in its further rows. Rows that are the rest of one unit keep no place, and none at all if nothing is left. */
export function fillMerges(
  merges: readonly Merge[],
  rows: readonly SheetRow[],
  columns: Columns,
  report: Report,
): readonly SheetRow[] {
  if (merges.length === 0) return rows;
  const room = upperIn(merges, columns.byField.get('room'));
  const byRow = new Map(rows.map((row) => [row.row, row]));
  const filled = FILLED.flatMap((field) => {
    const column = columns.byField.get(field);
    return column === undefined ? [] : [{ column, upper: upperIn(merges, column) }];
  });
  reportOwners(merges, columns, room, report);
  return rows.flatMap((row): SheetRow[] => {
    const cells = [...row.cells];
    const put = (column: number, text: string): void => {
      while (cells.length <= column) cells.push('');
      cells[column] = text;
    };
    if (room(row.row) !== undefined) {
      for (const field of OF_UNIT) put(columns.byField.get(field) ?? cells.length, '');
      return cells.some((cell) => cell.trim() !== '') ? [{ ...row, cells }] : [];
    }
    for (const { column, upper } of filled) {
      const merge = upper(row.row);
      if (merge !== undefined) put(column, byRow.get(merge.top)?.cells[column] ?? '');
    }
    return [{ ...row, cells }];
  });
}

/** Owners in one cell for several units. */
function reportOwners(merges: readonly Merge[], columns: Columns, room: Upper, report: Report): void {
  const owned: readonly (number | undefined)[] = [
    ...OF_OWNERS.map((field) => columns.byField.get(field)),
    ...columns.phones,
  ];
  for (const { top, bottom, left } of merges) {
    if (!owned.includes(left)) continue;
    const isOneUnit = bottom === top || (room(top + 1)?.bottom ?? 0) >= bottom;
    if (!isOneUnit) report('REG-M203', { row: top, column: left, header: columns.texts[left]?.trim() });
  }
}
