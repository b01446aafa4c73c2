/** `owners-vote personal erase`: lists what would go and what stays of one who asks, and erases it on demand (docs/personal-information.md). */
import { parseArgs } from 'node:util';
import type { Erased, Erasure, Kept } from '../assembly/erasing.ts';
import { erasePerson, personOfNumber } from '../assembly/erasing.ts';
import type { Clock } from '../base/clock.ts';
import { problemText } from '../http/problem.ts';
import { CONTACT_DAYS, LEAST_CONTACT_DAYS } from '../jobs/forgetting.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_OK, EX_REFUSED, EX_USAGE } from './command-output.ts';
import type { OpenSealed } from './keys-reseal.ts';

export const ERASE_USAGE = `用法 Usage: owners-vote personal erase --community ID (--person ID | --number) [--reason TEXT --yes]
             [--identity-days N] [--json]

  应本人请求删除其个人信息(个人信息保护法第47条);先列出将删除和须保留的内容,加 --yes 才删除
  erases what is kept of somebody who asks for it (PIPL §47); lists what goes and what stays, and erases with --yes only
  --person ID        本人编号:他的“代理人代码” his id, which is his agent's code
  --number           从标准输入读证件号码,不写进命令行 reads the document number from the standard input
  --reason TEXT      依据,4至200字,不写姓名和号码 the ground, 4 to 200 characters, such as the number of the request; no name, no number
  --identity-days N  最后一次表决结束多少天后删除姓名和号码,默认${CONTACT_DAYS},不少于${LEAST_CONTACT_DAYS}
                     days from the end of his last vote to the erasure of name and number, at least ${LEAST_CONTACT_DAYS}
退出码 exit: 0 · 1 现在不能删除 not now · 2 用法 usage
`;

/** The first line of what is typed or piped in. */
export type ReadLine = () => Promise<string>;

/** Longer than any document number. */
const MAX_TYPED = 200;

/** Reads the standard input to its first line's end. */
export async function readStandardInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.includes('\n') || text.length > MAX_TYPED) break;
  }
  return (text.split('\n')[0] ?? '').trim();
}

type Asked = {
  readonly community: string;
  readonly person: string | undefined;
  readonly reason: string;
  readonly identityDays: number;
  readonly isDryRun: boolean;
  readonly json: boolean;
};

const OPTIONS = {
  community: { type: 'string' },
  person: { type: 'string' },
  number: { type: 'boolean', default: false },
  reason: { type: 'string', default: '' },
  'identity-days': { type: 'string', default: String(CONTACT_DAYS) },
  yes: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

function readAsked(argv: readonly string[]): Asked | undefined {
  try {
    const { values } = parseArgs({ args: [...argv], options: OPTIONS });
    const { community, person, number, yes, json, 'identity-days': days } = values;
    const reason = values.reason.normalize('NFC').trim();
    const isReason = [...reason].length >= 4 && [...reason].length <= 200;
    const isDays = /^[1-9]\d{0,3}$/.test(days) && Number(days) >= LEAST_CONTACT_DAYS;
    if (community === undefined || (person === undefined) !== number || !isDays) return undefined;
    if (yes && !isReason) return undefined;
    // As pages show it, in groups of capitals, or as it is.
    const id = person?.toLowerCase().replace(/[^a-z2-7]/g, '');
    return { community, person: id, reason, identityDays: Number(days), isDryRun: !yes, json };
  } catch {
    return undefined;
  }
}

const ERASED: Readonly<Record<keyof Erased, string>> = {
  identity: '姓名、证件号码、索引和承诺的盐 name, number, index and the salt of the commitment',
  files: '曾登记他的名册原始文件 files of former registers that listed him',
  contact: '电话和通讯地址 phones and mailing address',
  announcements: '告知的收件人 recipients of announcements',
  requests: '对名册的意见和答复 what he asked of rolls, and the answers',
  sessions: '登录 sessions',
  counter: '柜台申请 requests at the counter',
  email: '邮箱 addresses of e-mail',
};

const KEPT: Readonly<Record<Kept['what'], string>> = {
  identity:
    '姓名、证件号码(撤销之诉须能核对名册) name and number: a revocation suit must be able to open the rolls',
  files:
    '曾登记他的名册原始文件,最后一次冻结180天后由 register purge 删除 files of former registers that listed him: register purge, 180 days after the last roll',
  ownership: '曾拥有的房屋,只有编号 homes that he owned, as ids: what rolls were made from',
  rolls: '冻结的名册中的加盐承诺 salted commitments on frozen rolls: the base of the count',
  keys: '公钥、信函编号及绑定 public keys and letters: what votes were signed by',
  votes: '投票 votes: a court, street office or owner must be able to count again',
  papers:
    '他签名的纸质表决票及其密封照片,上有姓名笔迹 papers that he signed, with their sealed pictures, which show his name in his hand',
  tokens:
    '身份平台令牌,密封,含姓名和号码(密钥归属的证据) sealed tokens of an identity provider, with name and number: the evidence of whose a key was',
  mandates:
    '委托和推选及其密封的扫描件 mandates and designations with their sealed scans: who voted for whom',
  requisitions:
    '他提出的召开会议的提议和加入、退出的签名,提议文字中可能有姓名 requisitions that he filed, whose words may name him, and his signed joinings and leavings: the fifth must be counted again',
  objections:
    '有关会议的异议和答复,文字中可能有他的姓名 objections to results of his meetings and their answers, whose words may name him: what the result was decided on',
  corrections:
    '他的房屋的名册更正所依据的文件名称,密封,可能有他的姓名 sealed references of documents by which rolls were corrected for his homes, which may name him: why another votes',
};

function sentences({ erased, kept }: Erasure, isDryRun: boolean): string {
  const rows = (Object.entries(erased) as [keyof Erased, number][]).map(
    ([what, count]) => `  ${ERASED[what]}  ${count}\n`,
  );
  const stays = kept.map(({ what, count, until }) => {
    const untilWhen =
      what === 'files'
        ? ''
        : until === ''
          ? '随本小区表决记录 as long as the records of the community'
          : `至 until ${until}`;
    return `  ${KEPT[what]}  ${count}  ${untilWhen}\n`;
  });
  const verb = isDryRun ? '将删除,尚未删除 would be erased, nothing was yet' : '已删除 erased';
  return `${verb}:\n${rows.join('')}保留 kept:\n${stays.join('')}`;
}

/** Runs `personal erase` on the arguments after it; the exit code is 0, 1 or 2. */
export async function eraseCommand(
  argv: readonly string[],
  out: CommandOutput,
  clock: Clock,
  open: OpenSealed,
  readLine: ReadLine,
): Promise<number> {
  const asked = readAsked(argv);
  if (asked === undefined) {
    out.stderr(ERASE_USAGE);
    return EX_USAGE;
  }
  const typed = asked.person === undefined ? await readLine() : '';
  const { close, ...deps } = await open();
  try {
    const now = clock();
    const person = asked.person ?? (await personOfNumber(deps, now, asked.community, typed)) ?? '';
    const done = await erasePerson(deps, now, { ...asked, person });
    if (!done.ok) {
      const { code, where } = done.refusal;
      const { zh, en } = problemText(code);
      out.stderr(`${zh} ${en}${where === undefined ? '' : ` ${where}`} (${code})\n`);
      return EX_REFUSED;
    }
    out.stdout(asked.json ? `${JSON.stringify(done.value)}\n` : sentences(done.value, asked.isDryRun));
    return EX_OK;
  } finally {
    await close();
  }
}
