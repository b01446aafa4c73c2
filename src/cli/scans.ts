/** `owners-vote scans MEETING --out DIR`: the pictures of accepted papers for auditors, after the box was opened (SPEC 6.4, 9.1). */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openScans } from '../ballot/opening-scans.ts';
import type { Database } from '../db/connect.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_DATA, EX_OK, EX_REFUSED, EX_USAGE } from './command-output.ts';
import { openDatabaseOnly } from './opening.ts';

const USAGE = `用法 Usage: owners-vote scans MEETING --out DIR

  写出已生效纸质票的扫描件,供审计人员核对;票箱开启以后才能打开
  Writes the pictures of accepted papers for auditors; they open once the ballot box was released.
  核对 check: owners-vote verify BUNDLE --scans DIR
`;

type Options = { readonly meeting: string; readonly out: string };

function readOptions(argv: readonly string[]): Options | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { out: { type: 'string' } },
      allowPositionals: true,
    });
    const [meeting, more] = positionals;
    if (meeting === undefined || more !== undefined || values.out === undefined) return undefined;
    return { meeting, out: values.out };
  } catch {
    return undefined;
  }
}

const PROGRESS_EVERY = 100;

/** Writes each scan; a directory that holds anything is refused. */
export async function writeScans(
  db: Database,
  { meeting, out }: Options,
  to: CommandOutput,
): Promise<number> {
  const scans = await openScans(db, meeting);
  if (!scans.ok) {
    const isUnknown = scans.refusal.code === 'MEETING_UNKNOWN';
    to.stderr(
      isUnknown
        ? `没有这次会议 No such meeting: ${meeting}\n`
        : '票箱还没有开启,扫描件打不开 The ballot box is not released; scans cannot be opened.\n',
    );
    return EX_REFUSED;
  }
  try {
    await mkdir(out, { recursive: true });
    if ((await readdir(out)).length > 0) {
      to.stderr(`目录非空 The directory is not empty: ${out}\n`);
      return EX_DATA;
    }
    let [written, sealed] = [0, 0];
    for await (const { serial, file } of scans.value) {
      if (file === undefined) {
        sealed += 1;
        to.stderr(`打不开 cannot be opened: ${serial}\n`);
        continue;
      }
      await writeFile(join(out, file.name), file.bytes, { flag: 'wx' });
      written += 1;
      if (written % PROGRESS_EVERY === 0) to.stderr(`${written} …\n`);
    }
    to.stdout(`${written} scans → ${out}\n`);
    return sealed === 0 ? EX_OK : EX_DATA;
  } catch (error) {
    to.stderr(`无法写入 Cannot write: ${out} (${(error as NodeJS.ErrnoException).code ?? 'unknown'})\n`);
    return EX_DATA;
  }
}

/** Runs the command. */
export async function scansCommand(argv: readonly string[], out: CommandOutput): Promise<number> {
  if (argv[0] === '--help') {
    out.stdout(USAGE);
    return EX_OK;
  }
  const options = readOptions(argv);
  if (options === undefined) {
    out.stderr(USAGE);
    return EX_USAGE;
  }
  const { db, close } = await openDatabaseOnly();
  try {
    return await writeScans(db, options, out);
  } finally {
    await close();
  }
}
