/** The figures by building as rows for a spreadsheet: exact yuan and square metres with two decimals, the whole last (SPEC 8.3). */
import { showSquareMetres } from '../../base/area.ts';
import { showYuan } from '../../base/fen.ts';
import type { Building, BuildingFigures } from './building-figures.ts';

const COLUMNS = [
  '幢',
  '户数',
  '面积(㎡)',
  '有账户的户数',
  '有账户的面积(㎡)',
  '交存(元)',
  '利息(元)',
  '可用(元)',
  '冻结(元)',
  '维修列支(元)',
  '灭失返还(元)',
  '建设单位应补(元，不计入余额)',
  '每㎡交存(元)',
  '每㎡可用(元)',
  '每㎡冻结(元)',
  '每㎡维修列支(元)',
  '不足三成的户数(至少)',
  '账簿无交存的户数',
] as const;

function cellsOf(name: string, figures: BuildingFigures): readonly string[] {
  const perM2 = figures.perSquareMetre;
  return [
    name,
    String(figures.units),
    showSquareMetres(figures.areaDm2),
    String(figures.accounts),
    showSquareMetres(figures.accountAreaDm2),
    ...[
      figures.depositedFen,
      figures.interestFen,
      figures.availableFen,
      figures.heldFen,
      figures.workFen,
      figures.refundedFen,
      figures.claimFen,
    ].map(showYuan),
    ...[perM2?.depositedFen, perM2?.availableFen, perM2?.heldFen, perM2?.workFen].map((fen) =>
      fen === undefined ? '' : showYuan(fen),
    ),
    String(figures.below),
    String(figures.unknown),
  ];
}

/** Header, a row for each building, and the whole. */
export const buildingRows = (
  buildings: readonly Building[],
  whole: BuildingFigures,
): readonly (readonly string[])[] => [
  COLUMNS,
  ...buildings.map((each) => cellsOf(each.building, each)),
  cellsOf('全小区', whole),
];
