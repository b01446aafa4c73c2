/** The list for those who deliver the letters: who gets how many, and a place to sign; no code is on it (SPEC 3.2). */
import type { Household } from '../../../identity/domain/letter-households.ts';
import { placeName } from '../../../identity/domain/letter-households.ts';
import { byPlace } from '../../../registry/domain/roll-leaves.ts';
import type { PrintFacts } from './letter-sheets.tsx';
import { AGENT, sheetCount } from './letter-sheets.tsx';

const UNITS_SHOWN = 3;

export const LIST_STYLE = `.delivery,.delivery *{box-sizing:border-box;margin:0}
.delivery{font:10.5pt/1.4 "Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",sans-serif;color:#000;background:#fff}
.delivery h1{font-size:15pt}.delivery p{margin:1mm 0 3mm}
table{border-collapse:collapse;width:100%}thead{display:table-header-group}tr{break-inside:avoid}
th,td{border:.2mm solid #000;padding:1.5mm 2mm;text-align:left;vertical-align:top;overflow-wrap:anywhere}
td.n,th.n{text-align:right;width:14mm}td{height:11mm}th.unit{width:46mm}th.sign{width:34mm}th.day{width:22mm}`;
export const LIST_PAGE =
  '@page{size:A4;margin:14mm 12mm 16mm;@bottom-right{content:counter(page) " / " counter(pages);font-size:9pt}}';

/** Units of a household, in the order of places, each once. */
function unitsOf({ letters }: Household): string {
  const units = letters.flatMap((letter) => letter.units).sort(byPlace);
  const names = [...new Set(units.map(placeName))];
  const more = names.length > UNITS_SHOWN ? ` 等 ${names.length} 套` : '';
  return names.length === 0 ? AGENT : names.slice(0, UNITS_SHOWN).join('；') + more;
}

function Row({ household, number }: { readonly household: Household; readonly number: number }) {
  const { letters } = household;
  return (
    <tr>
      <td class="n">{number}</td>
      <td>{unitsOf(household)}</td>
      <td>{letters.map(({ owner }) => owner.name).join('、')}</td>
      <td class="n">{letters.length}</td>
      <td class="n">{sheetCount(letters.length)}</td>
      <td />
      <td />
    </tr>
  );
}

export type DeliveryListProps = { readonly households: readonly Household[]; readonly facts: PrintFacts };

/** The whole list; a household has the number that its sheets carry. */
export function DeliveryList({ households, facts }: DeliveryListProps) {
  const letters = households.reduce((sum, household) => sum + household.letters.length, 0);
  return (
    <div class="delivery">
      <h1>{facts.community} 业主表决信函送达清单</h1>
      <p>
        共 {households.length} 户,信函 {letters}{' '}
        封。请交给本人或同住的成年家人,由收件人签名;信封须完好,不要代拆。没有送到的写明原因带回。
        {facts.helpLine !== '' && ` 联系电话 ${facts.helpLine}。`}
      </p>
      <table>
        <thead>
          <tr>
            <th class="n">户号</th>
            <th class="unit">房屋</th>
            <th>收件人</th>
            <th class="n">信函</th>
            <th class="n">页数</th>
            <th class="sign">签收</th>
            <th class="day">日期</th>
          </tr>
        </thead>
        <tbody>
          {households.map((household, at) => (
            <Row key={household.letters[0]?.letter} household={household} number={at + 1} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
