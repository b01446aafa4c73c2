/** `owners-vote fund journal`: a community's book for hledger, as CSV or as XLSX (DESIGN §6). */
import { parseCivilDate } from '../base/civil-date.ts';
import { journalText } from '../fund/domain/journal-text.ts';
import { readJournal } from '../fund/exporting.ts';
import { journalCsv, journalWorkbook } from '../fund/journal-sheets.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_DATA, EX_OK, EX_REFUSED, EX_USAGE } from './command-output.ts';
import type { OpenFund } from './fund-receipts.ts';
import { writeNew } from './new-file.ts';

const FORMATS = ['hledger', 'csv', 'xlsx'] as const;
type Format = (typeof FORMATS)[number];

type Arguments = {
  readonly community: string;
  readonly format: Format;
  readonly asOf: string | undefined;
  readonly file: string | undefined;
};

const ID = /^[a-z2-7]{26}$/;

/** The arguments after `journal`, or undefined where they are not understood. */
function readArguments(argv: readonly string[]): Arguments | undefined {
  const options = new Map<string, string>();
  const names: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const [word = '', value] = [argv[at], argv[at + 1]];
    if (!word.startsWith('--')) {
      names.push(word);
      continue;
    }
    if (!['--format', '--as-of', '--out'].includes(word) || value === undefined || options.has(word))
      return undefined;
    options.set(word, value);
    at += 1;
  }
  const [community, ...more] = names;
  const [asOf, file] = [options.get('--as-of'), options.get('--out')];
  const format = FORMATS.find((known) => known === options.get('--format'));
  if (community === undefined || more.length > 0 || !ID.test(community) || format === undefined)
    return undefined;
  // A workbook is no text for a terminal.
  if (format === 'xlsx' && file === undefined) return undefined;
  return asOf === undefined || parseCivilDate(asOf) !== undefined
    ? { community, format, asOf, file }
    : undefined;
}

/** Runs `fund journal` on the arguments after it and answers its exit code. */
export async function journalCommand(
  argv: readonly string[],
  out: CommandOutput,
  open: OpenFund,
  usage: string,
): Promise<number> {
  const wanted = readArguments(argv);
  if (wanted === undefined) {
    out.stderr(usage);
    return EX_USAGE;
  }
  const { community, format, asOf, file } = wanted;
  const { db, close } = await open();
  try {
    const journal = await readJournal(db, community, asOf);
    if (!journal.ok) {
      out.stderr(`该小区没有维修资金账簿 the community has no book of the fund: ${community}\n`);
      return EX_REFUSED;
    }
    const content = await {
      hledger: () => journalText(journal.value),
      csv: () => journalCsv(journal.value),
      xlsx: () => journalWorkbook(journal.value),
    }[format]();
    if (content === undefined) {
      out.stderr(
        '行数超过工作表的上限，请用 --as-of 或 csv More rows than a worksheet holds: use --as-of or csv\n',
      );
      return EX_REFUSED;
    }
    if (file !== undefined) return (await writeNew(file, content, out)) ? EX_OK : EX_DATA;
    if (typeof content === 'string') out.stdout(content);
    return EX_OK;
  } finally {
    await close();
  }
}
