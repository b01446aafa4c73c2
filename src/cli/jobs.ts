/** `owners-vote jobs`: shows what waits or has given up in the queue, and gives a dead job its attempts again (DESIGN §4). */
import { showInstant } from '../base/instant.ts';
import type { Database } from '../db/connect.ts';
import type { UnfinishedJob } from '../db/jobs.ts';
import { deadJobs, reviveJob, unfinishedJobs } from '../db/jobs.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_OK, EX_REFUSED, EX_USAGE } from './command-output.ts';

/** Opens the database; the command closes what it opened. */
export type OpenJobs = () => Promise<{ readonly db: Database; close(): Promise<void> }>;

const HELP = `用法 Usage: owners-vote jobs [list] [--json]
              owners-vote jobs retry ID [--json]
  list      列出未完成的任务,已放弃的在前 jobs that are not done, those that gave up (dead) first
  retry ID  让已放弃的任务重新执行;先排除原因 gives a dead job its attempts again; mend the cause first

退出码 exit codes: 0 没有已放弃的任务,或已重启 none is dead, or revived; 1 有已放弃的任务,或没有这个编号 some are dead, or no dead job has this ID; 2 用法错误 usage
`;

const MOST = 500;
const ID = /^[1-9]\d{0,17}$/;

/** An instant as text, empty for none and for at once. */
const shown = (at: number | undefined): string => (at === undefined || at === 0 ? '' : showInstant(at));

const asJson = (job: UnfinishedJob) => ({
  id: String(job.id),
  kind: job.kind,
  state: job.state,
  payload: job.payload,
  runAt: shown(job.runAt),
  heldUntil: shown(job.heldUntil),
  attempts: job.attempts,
  maxAttempts: job.maxAttempts,
  lastError: job.lastError,
});

function line(job: UnfinishedJob): string {
  const state = job.state === 'dead' ? '已放弃 dead' : '等待 waiting';
  const due = job.runAt === 0 ? '立即 at once' : showInstant(job.runAt);
  const ids = Object.entries(job.payload).map(([name, value]) => `${name}=${value}`);
  const error = job.lastError === '' ? '' : `  ${job.lastError.replaceAll('\n', ' ')}`;
  return `${job.id}  ${state}  ${job.kind}  ${ids.join(' ')}  ${due}  ${job.attempts}/${job.maxAttempts}${error}\n`;
}

async function list(db: Database, out: CommandOutput, json: boolean): Promise<number> {
  const [jobs, dead] = [await unfinishedJobs(db, MOST), await deadJobs(db)];
  if (json) out.stdout(`${JSON.stringify({ dead, jobs: jobs.map(asJson) })}\n`);
  else {
    for (const job of jobs) out.stdout(line(job));
    const more = jobs.length === MOST ? `只列出前 ${MOST} 个 only the first ${MOST} are listed; ` : '';
    out.stdout(`${more}${jobs.length} 个未完成 not done, ${dead} 个已放弃 dead\n`);
  }
  return dead === 0 ? EX_OK : EX_REFUSED;
}

async function retry(db: Database, out: CommandOutput, id: string, json: boolean): Promise<number> {
  const revived = await reviveJob(db, BigInt(id));
  if (json) out.stdout(`${JSON.stringify({ id, revived })}\n`);
  else if (revived) out.stdout(`${id} 已重新排队 is queued again\n`);
  else out.stderr(`没有编号为 ${id} 的已放弃任务 No dead job has the id ${id}.\n`);
  return revived ? EX_OK : EX_REFUSED;
}

/** Runs the command on the arguments after `jobs` and answers its exit code. */
export async function jobsCommand(
  argv: readonly string[],
  out: CommandOutput,
  open: OpenJobs,
): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    out.stdout(HELP);
    return EX_OK;
  }
  const json = argv.includes('--json');
  const [verb = 'list', id, ...more] = argv.filter((word) => word !== '--json');
  const isList = verb === 'list' && id === undefined;
  const isRetry = verb === 'retry' && id !== undefined && ID.test(id) && more.length === 0;
  if (!isList && !isRetry) {
    out.stderr(HELP);
    return EX_USAGE;
  }
  const { db, close } = await open();
  try {
    return isRetry ? await retry(db, out, id, json) : await list(db, out, json);
  } finally {
    await close();
  }
}
