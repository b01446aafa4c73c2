/** How a register file was understood, for the operator's eyes: its columns, its first rows masked, its buildings (DESIGN §7 "Register import"). */
import { buildingKey } from './building-name.ts';
import { columnLetter } from './findings.ts';
import type { Columns, Field } from './headers.ts';
import { headerOf } from './headers.ts';
import { maskValue } from './masking.ts';
import type { UnitRows } from './register-units.ts';
import type { Table } from './table.ts';

/** A column of the file; `field` is our own header for what it is read as, empty where it is ignored. */
export type ViewedColumn = { readonly column: string; readonly header: string; readonly field: string };

/** One building under every name that the file gives it. Areas in dm², as texts. */
export type ViewedBuilding = {
  /** What keeps it apart where the operator says so (`buildingsApart`). */
  readonly key: string;
  /** Names in the order of their first row, the one that is stored first. */
  readonly names: readonly string[];
  readonly units: number;
  readonly areaDm2: string;
};

export type ImportView = {
  readonly columns: readonly ViewedColumn[];
  /** Cells of the columns that are read, in their order, without notes; persons are masked. */
  readonly preview: readonly { readonly row: number; readonly cells: readonly string[] }[];
  readonly buildings: readonly ViewedBuilding[];
  /** How many buildings there are; the list ends earlier where a file has absurdly many. */
  readonly buildingCount: number;
};

const PREVIEW_ROWS = 5;
const MAX_BUILDINGS = 300;
const MAX_NAMES = 10;
const MAX_HEADER = 40;

function fieldsByColumn({ byField, phones }: Columns): ReadonlyMap<number, Field> {
  const fields = new Map<number, Field>([...byField].map(([field, column]) => [column, field]));
  for (const column of phones) fields.set(column, 'phone');
  return fields;
}

/** The buildings that the operator confirms, in the order of their first unit. */
export function viewBuildings(groups: readonly UnitRows[]): readonly ViewedBuilding[] {
  const found = new Map<string, { key: string; names: string[]; units: number; areaDm2: bigint }>();
  for (const { unit } of groups) {
    const name = maskValue('building', unit.building);
    const known = found.get(unit.buildingKey) ?? {
      key: buildingKey(unit.building),
      names: [name],
      units: 0,
      areaDm2: 0n,
    };
    found.set(unit.buildingKey, known);
    known.units += 1;
    known.areaDm2 += unit.areaDm2;
    if (known.names.length < MAX_NAMES && !known.names.includes(name)) known.names.push(name);
  }
  return [...found.values()].map((each) => ({ ...each, areaDm2: each.areaDm2.toString() }));
}

/** What the operator is shown of a table and of its units. */
export function viewImport({ columns, rows }: Table, groups: readonly UnitRows[]): ImportView {
  const fields = fieldsByColumn(columns);
  const shown = [...fields].filter(([, field]) => field !== 'note').sort(([a], [b]) => a - b);
  const buildings = viewBuildings(groups);
  return {
    columns: columns.texts.flatMap((text, column) => {
      if (text.trim() === '') return [];
      const field = fields.get(column);
      return [
        {
          column: columnLetter(column),
          header: text.trim().slice(0, MAX_HEADER),
          field: field === undefined ? '' : headerOf(field),
        },
      ];
    }),
    preview: rows.slice(0, PREVIEW_ROWS).map(({ row, cells }) => ({
      row,
      cells: shown.map(([column, field]) => {
        const cell = cells[column] ?? '';
        return cell.trim() === '' ? '' : maskValue(field, cell);
      }),
    })),
    buildings: buildings.slice(0, MAX_BUILDINGS),
    buildingCount: buildings.length,
  };
}
