/**
 * The sheets of letters: A4, one household to an envelope, its address in the window (SPEC 3.2, DESIGN §3 "documents"). The command prints
 * the same components as the page, so that there is one source of what owners read.
 */
import type { Household } from '../../../identity/domain/letter-households.ts';
import { placeName } from '../../../identity/domain/letter-households.ts';
import type { LetterCode } from '../../../identity/domain/letter-making.ts';
import { printLetterCode } from '../../../record/letter.ts';
import { byPlace } from '../../../registry/domain/roll-leaves.ts';
import { qrPath } from '../../kit/qr-code.ts';

export type PrintFacts = {
  readonly community: string;
  readonly host: string;
  /** Empty for no end. */
  readonly until: string;
  /** Empty where there is none. */
  readonly helpLine: string;
};

const LETTERS_ON_FIRST_SHEET = 2;
const LETTERS_ON_NEXT_SHEET = 3;
const UNITS_SHOWN = 4;
/** What stands in the place of the units of somebody who owns none. */
export const AGENT = '代理人（本人没有房屋，凭委托代他人投票）';

/** Sheets of paper in the envelope of a household with so many letters. */
export const sheetCount = (letters: number): number =>
  1 + Math.ceil(Math.max(0, letters - LETTERS_ON_FIRST_SHEET) / LETTERS_ON_NEXT_SHEET);

/**
 * A4 in thirds for a DL envelope (220 × 110), or halved for C5: the window of both, 20 mm from the left and 45 × 90 mm, shows of a
 * sheet that slides within it the strip from 50 to 71 mm at all times, where the address begins, and never what lies below 95 mm,
 * where the codes are.
 */
export const SHEET_STYLE = `.sheets *{box-sizing:border-box;margin:0}
.sheets{font:11pt/1.5 "Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",sans-serif;color:#000;background:#fff}
article{position:relative;width:210mm;height:296mm;padding:14mm 20mm;overflow:hidden;break-after:page;page-break-after:always}
header{height:86mm}
.mark{position:absolute;top:14mm;right:20mm;text-align:right;font-size:9pt}
.from{position:absolute;top:45mm;left:20mm;font-size:8pt;border-bottom:.2mm solid #000}
address{position:absolute;top:51mm;left:20mm;width:85mm;height:32mm;overflow:hidden;font-style:normal;font-size:11.5pt;line-height:1.35;overflow-wrap:anywhere}
.sheets h1{font-size:15pt;margin-bottom:3mm}h2{font-size:12pt}
.sheets .letter{display:flex;gap:6mm;align-items:center;border:.3mm solid #000;padding:3mm;margin-bottom:4mm;break-inside:avoid}
.qr{width:42mm;height:42mm;flex:none}
.name{font-size:15pt;font-weight:bold}
.code{font:bold 14pt/1.4 "Noto Sans Mono","DejaVu Sans Mono",Menlo,Consolas,monospace;letter-spacing:.04em}
.how{font-size:10.5pt}.how ol,.how ul{padding-left:6mm}.sheets .help{font-weight:bold;margin-top:2mm}`;
/** Nothing of the printer's own stands around a sheet. */
export const SHEET_PAGE = '@page{size:A4;margin:0}';

function Letter({ letter, host }: { readonly letter: LetterCode; readonly host: string }) {
  const code = printLetterCode(letter.code);
  const units = [...letter.units].sort(byPlace).map(placeName);
  const more = units.length > UNITS_SHOWN ? ` 等 ${units.length} 套` : '';
  const { size, path } = qrPath(`${host}/e#${code.replaceAll('-', '')}`);
  return (
    <section class="letter">
      <svg
        class="qr"
        viewBox={`0 0 ${size} ${size}`}
        role="img"
        aria-label="投票二维码"
        shape-rendering="crispEdges"
      >
        <path d={path} />
      </svg>
      <div>
        <p class="name">{letter.owner.name}</p>
        <p>{units.length === 0 ? AGENT : `房屋：${units.slice(0, UNITS_SHOWN).join('；')}${more}`}</p>
        <p>投票码（手机不能扫码时,打开 {host}/e 后输入,共27位,最后一位用来检查输错）：</p>
        <p class="code">
          {code.split('-').flatMap((group, at) => (at === 0 ? [group] : ['-', <wbr key={group} />, group]))}
        </p>
      </div>
    </section>
  );
}

function Instructions({ until, helpLine }: PrintFacts) {
  return (
    <section class="how">
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
        {until !== '' && <li>投票码有效期至 {until}。</li>}
      </ul>
      <p class="help">
        需要帮助：{helpLine === '' ? '请与业主委员会或街道办事处联系' : `请拨打 ${helpLine}`}。
      </p>
    </section>
  );
}

type EnvelopeProps = {
  readonly household: Household;
  /** The household's place in the delivery list, from 1. */
  readonly number: number;
  readonly facts: PrintFacts;
};

/** The sheets of one envelope. */
function Envelope({ household: { letters, address }, number, facts }: EnvelopeProps) {
  const sheets = Array.from({ length: sheetCount(letters.length) }, (_, at) => {
    const from = at === 0 ? 0 : LETTERS_ON_FIRST_SHEET + (at - 1) * LETTERS_ON_NEXT_SHEET;
    return letters.slice(from, from + (at === 0 ? LETTERS_ON_FIRST_SHEET : LETTERS_ON_NEXT_SHEET));
  });
  return (
    <>
      {sheets.map((held, at) => (
        <article key={held[0]?.letter}>
          <p class="mark">
            第 {number} 户 · 信函 {letters.length} 封<br />
            <b>
              本户第 {at + 1} 页,共 {sheets.length} 页
            </b>
          </p>
          {at === 0 && (
            <header>
              <p class="from">{facts.community} 业主大会</p>
              <address>
                {address}
                <br />
                <b>{letters.map(({ owner }) => owner.name).join('、')}</b> 收
              </address>
            </header>
          )}
          <h1>
            {facts.community}业主表决信函{at > 0 && '（续）'}
          </h1>
          {held.map((letter) => (
            <Letter key={letter.letter} letter={letter} host={facts.host} />
          ))}
          {at === 0 && <Instructions {...facts} />}
        </article>
      ))}
    </>
  );
}

export type LetterSheetsProps = {
  readonly households: readonly Household[];
  /** Place of the first of them in the delivery list, from 0. */
  readonly from: number;
  readonly facts: PrintFacts;
};

/** The sheets of some households, in the order of the delivery list. */
export function LetterSheets({ households, from, facts }: LetterSheetsProps) {
  return (
    <div class="sheets">
      {households.map((household, at) => (
        <Envelope
          key={household.letters[0]?.letter}
          household={household}
          number={from + at + 1}
          facts={facts}
        />
      ))}
    </div>
  );
}
