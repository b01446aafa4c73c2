/** The roll in sums for paper, building by building: it shows what the vote is counted against, and nobody's name (SPEC 4.4). */
import type { RollSummary } from '../../../registry/domain/roll-summary.ts';
import { timeWords } from '../../kit/times.ts';
import { Pairs } from '../meeting-page.tsx';
import type { DocumentProps } from './document-frame.tsx';
import { DocumentFrame } from './document-frame.tsx';
import { t } from './document-words.ts';
import { squareMetres } from './result-tables.tsx';
import { SumsTable } from './sums-table.tsx';

/** What is said of the frozen roll. */
export type RollFacts = RollSummary & {
  readonly countSpecialSpaces: boolean;
  /** Entitlements whose holders were changed after the freeze; areas and heads stay. */
  readonly corrections: number;
};

const NAMES = ['building', 'units', 'area', 'specialUnits', 'specialArea', 'heads', 'countedArea'] as const;

/** Headings, and the cells of a line behind its name; the archive's table has the same. */
export const ROLL_COLUMNS: readonly string[] = NAMES.map((name) => t(`roll_${name}`));

export const rollCells = (sums: RollSummary['total']): readonly string[] => [
  String(sums.units),
  squareMetres(sums.areaDm2),
  String(sums.specialUnits),
  squareMetres(sums.specialAreaDm2),
  String(sums.heads),
  squareMetres(sums.countedAreaDm2),
];

export function RollDocument({ roll, ...document }: DocumentProps & { readonly roll: RollFacts }) {
  const { view } = document;
  const frozen = view.roll;
  return (
    <DocumentFrame {...document} heading={t('roll')} signedBy={[t('sign_convener')]}>
      <Pairs
        rows={[
          [t('title'), view.title],
          [t('community'), view.communityName],
          [t('opens'), timeWords(view.opens)],
          [
            t('rolled'),
            frozen === undefined ? '' : t('rolledText', { root: frozen.root, count: frozen.size }),
          ],
          [t('special'), t(roll.countSpecialSpaces ? 'specialCounted' : 'specialLeftOut')],
        ]}
      />
      <SumsTable
        caption={t('rollCaption')}
        columns={ROLL_COLUMNS}
        rows={roll.buildings.map(({ building, ...sums }) => ({ name: building, cells: rollCells(sums) }))}
        total={rollCells(roll.total)}
      />
      {roll.corrections > 0 && <p>{t('corrections', { count: roll.corrections })}</p>}
      <p>{t('rollNote')}</p>
    </DocumentFrame>
  );
}
