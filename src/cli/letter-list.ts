/** The list for those who deliver the letters: who gets how many, and a place to sign; no code is on it (SPEC 3.2). */
import { byPlace } from '../registry/domain/roll-leaves.ts';
import type { Household, PrintFacts } from './letter-pages.ts';
import { AGENT, escaped, pageOf, placeName, sheetCount } from './letter-pages.ts';

const UNITS_SHOWN = 3;

const STYLE = `@page{size:A4;margin:14mm 12mm 16mm;@bottom-right{content:counter(page) " / " counter(pages);font-size:9pt}}
*{box-sizing:border-box;margin:0}
body{font:10.5pt/1.4 "Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",sans-serif;color:#000}
h1{font-size:15pt}p{margin:1mm 0 3mm}
table{border-collapse:collapse;width:100%}thead{display:table-header-group}tr{break-inside:avoid}
th,td{border:.2mm solid #000;padding:1.5mm 2mm;text-align:left;vertical-align:top;overflow-wrap:anywhere}
td.n,th.n{text-align:right;width:14mm}td{height:11mm}th.unit{width:46mm}th.sign{width:34mm}th.day{width:22mm}`;

/** Units of a household, in the order of places, each once. */
function unitsOf({ letters }: Household): string {
  const units = letters.flatMap((letter) => letter.units).sort(byPlace);
  const names = [...new Set(units.map(placeName))];
  const more = names.length > UNITS_SHOWN ? ` 等 ${names.length} 套` : '';
  return names.length === 0 ? AGENT : escaped(names.slice(0, UNITS_SHOWN).join('；')) + more;
}

const rowOf = (household: Household, at: number): string => {
  const { letters } = household;
  const names = letters.map(({ owner }) => owner.name).join('、');
  return `<tr><td class="n">${at + 1}</td><td>${unitsOf(household)}</td><td>${escaped(names)}</td><td class="n">${letters.length}</td><td class="n">${sheetCount(letters.length)}</td><td></td><td></td></tr>`;
};

/** The whole list as one document; a household has the number that its sheets carry. */
export function deliveryList(households: readonly Household[], facts: PrintFacts): string {
  const letters = households.reduce((sum, household) => sum + household.letters.length, 0);
  const help = facts.helpLine === '' ? '' : ` 联系电话 ${escaped(facts.helpLine)}。`;
  const body = `<h1>${escaped(facts.community)} 业主表决信函送达清单</h1>
<p>共 ${households.length} 户,信函 ${letters} 封。请交给本人或同住的成年家人,由收件人签名;信封须完好,不要代拆。没有送到的写明原因带回。${help}</p>
<table><thead><tr><th class="n">户号</th><th class="unit">房屋</th><th>收件人</th><th class="n">信函</th><th class="n">页数</th><th class="sign">签收</th><th class="day">日期</th></tr></thead>
<tbody>
${households.map(rowOf).join('\n')}
</tbody></table>`;
  return pageOf(body, `${facts.community}送达清单`, STYLE);
}
