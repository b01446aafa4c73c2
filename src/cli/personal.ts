/** `owners-vote personal`: deletes what is due of personal data, and what somebody asks for (docs/personal-information.md). */
import type { Clock } from '../base/clock.ts';
import type { Purged, PurgeSettings } from '../jobs/forgetting.ts';
import { CONTACT_DAYS, LEAST_CONTACT_DAYS, purgePersonal } from '../jobs/forgetting.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_OK, EX_USAGE } from './command-output.ts';
import type { OpenSealed } from './keys-reseal.ts';
import type { ReadLine } from './personal-erase.ts';
import { ERASE_USAGE, eraseCommand, readStandardInput } from './personal-erase.ts';

const USAGE = `用法 Usage: owners-vote personal purge [--dry-run] [--contact-days N] [--json]

  删除到期的个人信息:已结束的登录、重复请求的答复、柜台申请;不再是业主的人的电话和地址
  deletes personal data that is due: ended sessions, answers to repeated requests, requests at the counter; phones and addresses
  of persons who own nothing any more
  --dry-run         只列出,不删除 shows what is due and deletes nothing
  --contact-days N  不再是业主且表决结束多少天后,默认${CONTACT_DAYS},不少于${LEAST_CONTACT_DAYS}
                    days after he ceased to own and the votes ended, ${CONTACT_DAYS} unless set, ${LEAST_CONTACT_DAYS} at least
退出码 exit: 0 · 2 用法 usage

${ERASE_USAGE}`;

/** The settings of the command line; undefined where one is unknown, repeated or too short for the law. */
function readSettings(argv: readonly string[]): PurgeSettings | undefined {
  const words = argv.filter((word) => word !== '--dry-run' && word !== '--json');
  const isDryRun = argv.includes('--dry-run');
  if (words.length === 0) return { contactDays: CONTACT_DAYS, isDryRun };
  const [name, days = '', ...more] = words;
  const isGood = name === '--contact-days' && /^[1-9]\d{0,3}$/.test(days) && more.length === 0;
  return isGood && Number(days) >= LEAST_CONTACT_DAYS ? { contactDays: Number(days), isDryRun } : undefined;
}

function sentences({ contacts, rows }: Purged, isDryRun: boolean): string {
  const what = Object.entries(rows).map(([table, count]) => `  ${table}  ${count}\n`);
  const verb = isDryRun ? '到期,未删除 due, nothing deleted' : '已删除 deleted';
  return `${verb}:\n${what.join('')}  电话和地址 phones and addresses  ${contacts}\n`;
}

/** Runs `personal …`; the exit code is 0 or 2, of an erasure also 1. */
export async function personalCommand(
  argv: readonly string[],
  out: CommandOutput,
  clock: Clock,
  open: OpenSealed,
  readLine: ReadLine = readStandardInput,
): Promise<number> {
  if (argv.includes('--help')) {
    out.stdout(USAGE);
    return EX_OK;
  }
  const [verb, ...rest] = argv;
  if (verb === 'erase') return eraseCommand(rest, out, clock, open, readLine);
  const settings = verb === 'purge' ? readSettings(rest) : undefined;
  if (settings === undefined) {
    out.stderr(USAGE);
    return EX_USAGE;
  }
  const { close, ...deps } = await open();
  try {
    const purged = await purgePersonal(deps, clock(), settings, (erased) => {
      if (erased > 0) out.stderr(`电话和地址 phones and addresses ${erased}\n`);
    });
    out.stdout(
      rest.includes('--json') ? `${JSON.stringify(purged)}\n` : sentences(purged, settings.isDryRun),
    );
    return EX_OK;
  } finally {
    await close();
  }
}
