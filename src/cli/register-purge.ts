/** `owners-vote register purge`: erases the files of registers whose time is over, and drafts that nobody signed (SPEC 3.1). */
import type { Clock } from '../base/clock.ts';
import type { Database } from '../db/connect.ts';
import type { FileRetention } from '../registry/raw-files.ts';
import { DEFAULT_RETENTION, purgeFiles } from '../registry/raw-files.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_OK, EX_USAGE } from './command-output.ts';

/** Opens the database; the command closes what it opened. */
export type OpenRegisters = () => Promise<{ readonly db: Database; close(): Promise<void> }>;

const SETTINGS: Readonly<Record<string, keyof FileRetention>> = {
  '--days': 'fileDays',
  '--draft-days': 'draftDays',
};
/** 0 to 9999 days. */
const DAYS = /^(?:0|[1-9]\d{0,3})$/;

/** The settings of the command line; undefined where one is unknown, repeated or no number of days. */
function readRetention(argv: readonly string[]): FileRetention | undefined {
  const given = new Map<keyof FileRetention, number>();
  for (let at = 0; at < argv.length; at += 2) {
    const [word = '', days = ''] = argv.slice(at, at + 2);
    const name = Object.hasOwn(SETTINGS, word) ? SETTINGS[word] : undefined;
    if (name === undefined || given.has(name) || !DAYS.test(days)) return undefined;
    given.set(name, Number(days));
  }
  return { ...DEFAULT_RETENTION, ...Object.fromEntries(given) };
}

/** Runs `register purge` on the arguments after it; the exit code is 0 or 2. */
export async function purgeCommand(
  argv: readonly string[],
  out: CommandOutput,
  clock: Clock,
  open: OpenRegisters,
  usage: string,
): Promise<number> {
  const retention = readRetention(argv.filter((word) => word !== '--json'));
  if (retention === undefined) {
    out.stderr(usage);
    return EX_USAGE;
  }
  const { db, close } = await open();
  try {
    const purged = await purgeFiles(db, clock(), retention);
    const { withdrawn, erased, requests } = purged;
    out.stdout(
      argv.includes('--json')
        ? `${JSON.stringify(purged)}\n`
        : `撤回无人签署的名册 ${withdrawn} 份，删除到期的原始文件 ${erased} 份、更正申请 ${requests} 项 imports withdrawn: ${withdrawn}, files erased: ${erased}, requests erased: ${requests}\n`,
    );
    return EX_OK;
  } finally {
    await close();
  }
}
