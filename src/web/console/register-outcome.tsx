/** What the check found in a register file, for the operator: findings, how it was understood, buildings, differences (DESIGN §7 "Register import"). */
import { showSquareMetres } from '../../base/area.ts';
import type { OutcomeAnswer } from '../../registry/import-contract.ts';
import { Scroll } from '../kit/scroll.tsx';
import { t } from './register-words.ts';

type Group = OutcomeAnswer['groups'][number];
type View = NonNullable<OutcomeAnswer['view']>;

const area = (areaDm2: string): string => showSquareMetres(BigInt(areaDm2));

const headRow = (...names: readonly string[]) => (
  <thead>
    <tr>
      {names.map((name) => (
        <th scope="col" key={name}>
          {name}
        </th>
      ))}
    </tr>
  </thead>
);

function FindingGroup({ group }: { readonly group: Group }) {
  const { code, level, title, hint, count, places } = group;
  return (
    <details open={level === 'error'}>
      <summary>
        <span class={level === 'error' ? 'tag stop' : 'tag'}>{t(`level_${level}`)}</span>{' '}
        {t('group', { title, count })} <span class="mono">{code}</span>
      </summary>
      <p>{hint}</p>
      <Scroll label={title}>
        <table>
          {headRow(t('row'), t('column'), t('value'), t('message'))}
          <tbody>
            {places.map(({ row, column, header, value, message }, at) => (
              <tr key={at}>
                <td class="number">{row ?? t('wholeFile')}</td>
                <td>{[column, header].filter((part) => part !== null).join(' ')}</td>
                <td>{value}</td>
                <td>{message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {count > places.length && <p class="soft">{t('more', { shown: places.length })}</p>}
    </details>
  );
}

/** The findings, what blocks first and open. */
export function Findings({ groups }: Pick<OutcomeAnswer, 'groups'>) {
  return (
    <section>
      <h3>{t('findings')}</h3>
      {groups.length === 0 && <p>{t('noFindings')}</p>}
      {groups.map((group) => (
        <FindingGroup key={`${group.level} ${group.code}`} group={group} />
      ))}
    </section>
  );
}

/** Which header was read as what, and the first rows. */
export function Mapping({ view }: { readonly view: View }) {
  const read = view.columns.filter(({ field }) => field !== '' && field !== '备注');
  return (
    <details>
      <summary>{t('mapping')}</summary>
      <Scroll label={t('mapping')}>
        <table>
          {headRow(t('column'), t('header'), t('readAs'))}
          <tbody>
            {view.columns.map(({ column, header, field }) => (
              <tr key={column}>
                <td>{column}</td>
                <td>{header}</td>
                <td>{field === '' ? t('ignored') : field}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <Scroll label={t('preview')}>
        <table>
          <caption>{t('preview')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('row')}</th>
              {read.map(({ column, field }) => (
                <th scope="col" key={column}>
                  {field}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {view.preview.map(({ row, cells }) => (
              <tr key={row}>
                <td class="number">{row}</td>
                {read.map(({ column }, at) => (
                  <td key={column}>{cells[at]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  );
}

/** Buildings that look alike, by the key that the check has for them all, and what the operator said of them. */
export type Alike = Pick<View['buildings'][number], 'key' | 'names'> & { readonly isApart: boolean };

export type BuildingsProps = {
  readonly view: View;
  /** What the operator has decided so far. */
  readonly decided: readonly Alike[];
  readonly onDecided: (decided: readonly Alike[]) => void;
};

/** The buildings with their totals; those under several names may be kept apart. */
export function Buildings({ view, decided, onDecided }: BuildingsProps) {
  const isDecided = (key: string): boolean => decided.some((each) => each.key === key);
  const proposed = view.buildings.filter(({ key, names }) => names.length > 1 && !isDecided(key));
  // What is kept apart is one building no more, and can still be taken back.
  const alike = [...proposed.map(({ key, names }) => ({ key, names, isApart: false })), ...decided];
  return (
    <section>
      <Scroll label={t('buildings')}>
        <table>
          <caption>{t('buildings')}</caption>
          {headRow(t('names'), t('units'), t('area'))}
          <tbody>
            {view.buildings.map(({ names, units, areaDm2 }) => (
              <tr key={names[0]}>
                <td>
                  {names.join('、')}
                  {names.length > 1 && <small> {t('oneBuilding')}</small>}
                </td>
                <td class="number">{units}</td>
                <td class="number">{area(areaDm2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {view.buildingCount > view.buildings.length && (
        <p class="soft">{t('moreBuildings', { count: view.buildingCount, shown: view.buildings.length })}</p>
      )}
      {alike.map(({ key, names, isApart }) => (
        <p key={key}>
          <label>
            <input
              type="checkbox"
              checked={isApart}
              onChange={({ currentTarget: { checked } }) =>
                onDecided([...decided.filter((each) => each.key !== key), { key, names, isApart: checked }])
              }
            />{' '}
            {t('keepApart', { names: names.join('”“') })}
          </label>
        </p>
      ))}
      {alike.length > 0 && <p class="soft">{t('apartHint')}</p>}
    </section>
  );
}

const DIFFERENCES = [
  'unitsBefore',
  'appeared',
  'disappeared',
  'areaChanged',
  'ownersChanged',
  'personsAppeared',
  'personsDisappeared',
] as const;

/** Counts against the register in force. */
export function Differences({
  differences,
}: {
  readonly differences: NonNullable<OutcomeAnswer['differences']>;
}) {
  return (
    <table>
      <caption>{t('differences')}</caption>
      <tbody>
        {DIFFERENCES.map((name) => (
          <tr key={name}>
            <th scope="row">{t(`d_${name}`)}</th>
            <td class="number">{differences[name]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The counts of the file in one sentence. */
export const summaryWords = ({ units, heads, persons, areaDm2 }: OutcomeAnswer['summary']): string =>
  t('summary', { units, heads, persons, area: area(areaDm2) });
