/** A roll by building for people to check: units, areas, which units are one head, and the totals (SPEC 4.4). */
import type { RollSheetAnswer } from '../../assembly/roll-contract.ts';
import { areaWords, unitWords } from './unit-words.ts';
import { wordsOf } from './words.ts';

const t = wordsOf({
  total: '合计：{units} 套，计 {heads} 人，面积 {area} ㎡',
  building: '{building}：{units} 套，计 {heads} 人，面积 {area} ㎡',
  note: '“人数编号”相同的房屋，合计算一人。车位、储物间是否计入，按本次会议的规则；合计只算计入的。',
  room: '房屋',
  kind: '用途',
  area: '面积（㎡）',
  head: '人数编号',
  kind_dwelling: '住宅',
  kind_shop: '商铺',
  kind_office: '办公',
  kind_parking: '车位',
  kind_storage: '储物间',
  kind_other: '其他',
});

const kindWords = (kind: string): string => t(`kind_${kind}` as 'kind_other');

type Totals = RollSheetAnswer['total'];
const factsOf = ({ units, heads, areaDm2 }: Totals) => ({ units, heads, area: areaWords(areaDm2) });

/** `open` shows every building at once, for paper. */
export function RollSheet({
  sheet,
  open = false,
}: {
  readonly sheet: RollSheetAnswer;
  readonly open?: boolean;
}) {
  return (
    <>
      <p>
        <strong>{t('total', factsOf(sheet.total))}</strong>
      </p>
      <p class="soft">{t('note')}</p>
      {sheet.buildings.map((each) => (
        <details key={each.building} open={open}>
          <summary>{t('building', { building: each.building, ...factsOf(each) })}</summary>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('room')}</th>
                <th scope="col">{t('kind')}</th>
                <th scope="col">{t('area')}</th>
                <th scope="col">{t('head')}</th>
              </tr>
            </thead>
            <tbody>
              {each.list.map((unit) => (
                <tr key={`${unit.stair}/${unit.room}`}>
                  <th scope="row">{unitWords({ ...unit, building: '' })}</th>
                  <td>{kindWords(unit.kind)}</td>
                  <td>{areaWords(unit.areaDm2)}</td>
                  <td>{unit.head}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      ))}
    </>
  );
}
