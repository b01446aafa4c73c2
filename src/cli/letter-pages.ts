/** The pages to print: A4, one household to a sheet, its address in the window of the envelope (SPEC 3.2, DESIGN §3 "documents"). */
import { present } from '../base/assert.ts';
import { printLetterCode } from '../record/letter.ts';
import type { RegisterUnit } from '../registry/domain/register-units.ts';
import { byPlace } from '../registry/domain/roll-leaves.ts';
import { qrPath } from '../web/kit/qr-code.ts';
import type { LetterCode } from './letter-making.ts';

/** Letters that travel in one envelope: of persons who own a unit together and get their mail at one address. */
export type Household = { readonly address: string; readonly letters: readonly LetterCode[] };

export type PrintFacts = {
  readonly community: string;
  readonly host: string;
  /** Empty for no end. */
  readonly until: string;
  /** Empty where there is none. */
  readonly helpLine: string;
};

/** Households in one file: a browser still opens it at once. */
const HOUSEHOLDS_PER_PAGE_FILE = 100;
const LETTERS_ON_FIRST_SHEET = 2;
const LETTERS_ON_NEXT_SHEET = 3;
const UNITS_SHOWN = 4;
/** What stands in the place of the units of somebody who owns none. */
export const AGENT = '代理人（本人没有房屋，凭委托代他人投票）';

/** A unit as people write it. */
export const placeName = (unit: RegisterUnit): string =>
  [unit.building, unit.stair, unit.room].filter((part) => part !== '').join(' ');

const addressOf = ({ owner, units }: LetterCode): string => {
  const [home] = [...units].sort(byPlace);
  return owner.mailingAddress !== '' ? owner.mailingAddress : home === undefined ? '' : placeName(home);
};

/**
 * Households in the order of their first unit. An equal address alone joins nobody: whoever opens an envelope sees its codes,
 * so only co-owners share one.
 */
export function householdsOf(codes: readonly LetterCode[]): readonly Household[] {
  const parent = codes.map((_, at) => at);
  const rootOf = (at: number): number => {
    let root = at;
    while (parent[root] !== root) root = present(parent[root], 'inside the list');
    parent[at] = root;
    return root;
  };
  const first = new Map<string, number>();
  for (const [at, code] of codes.entries()) {
    for (const unit of code.units) {
      const key = JSON.stringify([unit.building, unit.stair, unit.room, addressOf(code)]);
      const other = first.get(key);
      if (other === undefined) first.set(key, at);
      else parent[rootOf(at)] = rootOf(other);
    }
  }
  const groups = new Map<number, LetterCode[]>();
  for (const [at, code] of codes.entries()) {
    const root = rootOf(at);
    groups.set(root, [...(groups.get(root) ?? []), code]);
  }
  const homeOf = ({ letters }: Household) =>
    [...(letters[0]?.units ?? [])].sort(byPlace)[0] ?? { building: '', stair: '', room: '' };
  return [...groups.values()]
    .map((letters) => ({ address: letters[0] === undefined ? '' : addressOf(letters[0]), letters }))
    .sort((a, b) => byPlace(homeOf(a), homeOf(b)));
}

/** A text of the register within markup. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (letter) => `&#${letter.codePointAt(0) ?? 0};`);

/** A QR code as inline SVG. */
export function qrSvg(text: string): string {
  const { size, path } = qrPath(text);
  return `<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label="投票二维码" shape-rendering="crispEdges"><path d="${path}"/></svg>`;
}

function letterBlock(letter: LetterCode, facts: PrintFacts): string {
  const code = printLetterCode(letter.code);
  const units = [...letter.units].sort(byPlace).map(placeName);
  const more = units.length > UNITS_SHOWN ? ` 等 ${units.length} 套` : '';
  return `<section class="letter">
${qrSvg(`${facts.host}/e#${code.replaceAll('-', '')}`)}
<div>
<p class="name">${escaped(letter.owner.name)}</p>
<p>${units.length === 0 ? AGENT : `房屋：${escaped(units.slice(0, UNITS_SHOWN).join('；'))}${more}`}</p>
<p>投票码（手机不能扫码时,打开 ${escaped(facts.host)}/e 后输入,共27位,最后一位用来检查输错）：</p>
<p class="code">${code.replaceAll('-', '-<wbr>')}</p>
</div>
</section>`;
}

function instructions(facts: PrintFacts): string {
  const until = facts.until === '' ? '' : `<li>投票码有效期至 ${escaped(facts.until)}。</li>`;
  const help = facts.helpLine === '' ? '请与业主委员会或街道办事处联系' : `请拨打 ${escaped(facts.helpLine)}`;
  return `<section class="how">
<h2>怎样投票</h2>
<ol>
<li>用手机扫描您姓名旁的二维码,微信或浏览器都可以。</li>
<li>输入您本人证件号码的最后六位。</li>
<li>核对房屋和面积,逐项选择“同意”“反对”或“弃权”。</li>
<li>确认提交,保存回执。之后可以随时查到您的票是否已计入。</li>
</ol>
<ul>
<li>每人一码,只供本人使用,等同您的签名。请不要拍照、转发或告诉别人;工作人员不会向您索要。</li>
<li>收到时信封已经拆开,或者信函遗失,请马上联系我们作废并补发。</li>
<li>不方便用手机的,可以使用纸质表决票,或到现场由工作人员协助。</li>
${until}
</ul>
<p class="help">需要帮助：${help}。</p>
</section>`;
}

/** Sheets of paper in the envelope of a household with so many letters. */
export const sheetCount = (letters: number): number =>
  1 + Math.ceil(Math.max(0, letters - LETTERS_ON_FIRST_SHEET) / LETTERS_ON_NEXT_SHEET);

/** The sheets of one envelope; `number` is the household's place in the delivery list, from 1. */
function sheetsOf(household: Household, number: number, facts: PrintFacts): readonly string[] {
  const { letters, address } = household;
  const names = letters.map(({ owner }) => owner.name).join('、');
  const blocks = letters.map((letter) => letterBlock(letter, facts));
  const head = `<header><p class="from">${escaped(facts.community)} 业主大会</p>
<address>${escaped(address)}<br><b>${escaped(names)}</b> 收</address></header>
<h1>${escaped(facts.community)}业主表决信函</h1>`;
  const sheets = [head + blocks.slice(0, LETTERS_ON_FIRST_SHEET).join('') + instructions(facts)];
  for (let at = LETTERS_ON_FIRST_SHEET; at < blocks.length; at += LETTERS_ON_NEXT_SHEET)
    sheets.push(
      `<h1>${escaped(facts.community)}业主表决信函（续）</h1>${blocks.slice(at, at + LETTERS_ON_NEXT_SHEET).join('')}`,
    );
  return sheets.map(
    (sheet, at) =>
      `<article><p class="mark">第 ${number} 户 · 信函 ${letters.length} 封<br><b>本户第 ${at + 1} 页,共 ${sheets.length} 页</b></p>${sheet}</article>`,
  );
}

/**
 * A4 in thirds for a DL envelope (220 × 110), or halved for C5: the window of both, 20 mm from the left and 45 × 90 mm, shows of a
 * sheet that slides within it the strip from 50 to 71 mm at all times, where the address begins, and never what lies below 95 mm,
 * where the codes are.
 */
const STYLE = `@page{size:A4;margin:0}*{box-sizing:border-box;margin:0}
body{font:11pt/1.5 "Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",sans-serif;color:#000}
article{width:210mm;height:296mm;padding:14mm 20mm;overflow:hidden;break-after:page;page-break-after:always}
article{position:relative}header{height:86mm}
.mark{position:absolute;top:14mm;right:20mm;text-align:right;font-size:9pt}
.from{position:absolute;top:45mm;left:20mm;font-size:8pt;border-bottom:.2mm solid #000}
address{position:absolute;top:51mm;left:20mm;width:85mm;height:32mm;overflow:hidden;font-style:normal;font-size:11.5pt;line-height:1.35;overflow-wrap:anywhere}
h1{font-size:15pt;margin-bottom:3mm}h2{font-size:12pt}
.letter{display:flex;gap:6mm;align-items:center;border:.3mm solid #000;padding:3mm;margin-bottom:4mm;break-inside:avoid}
.qr{width:42mm;height:42mm;flex:none}
.name{font-size:15pt;font-weight:bold}
.code{font:bold 14pt/1.4 "Noto Sans Mono","DejaVu Sans Mono",Menlo,Consolas,monospace;letter-spacing:.04em}
.how{font-size:10.5pt}.how ol,.how ul{padding-left:6mm}.help{font-weight:bold;margin-top:2mm}`;

/** A document of its own that loads nothing and runs nothing. */
export const pageOf = (body: string, title: string, style: string = STYLE): string => `<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8"><title>${escaped(title)}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>${style}</style></head><body>
${body}
</body></html>
`;

/** The pages of all households, each a document of its own with at most a hundred of them. */
export function printPages(households: readonly Household[], facts: PrintFacts): readonly string[] {
  const pages: string[] = [];
  for (let at = 0; at < households.length; at += HOUSEHOLDS_PER_PAGE_FILE) {
    const part = households.slice(at, at + HOUSEHOLDS_PER_PAGE_FILE);
    pages.push(
      pageOf(
        part.flatMap((household, within) => sheetsOf(household, at + within + 1, facts)).join('\n'),
        `${facts.community}业主表决信函`,
      ),
    );
  }
  return pages;
}
