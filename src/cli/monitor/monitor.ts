/** `owners-vote monitor`: follows the log apart from the service and tells owners on a channel of its own what concerns them (SPEC 3.7). */
import { mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fromUtf8 } from '../../base/bytes.ts';
import { civilDateAt } from '../../base/civil-date.ts';
import type { Clock } from '../../base/clock.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import { readKeyFile } from '../../crypto/key-file.ts';
import type { Gateway } from '../../notice/webhook.ts';
import { isGatewayUrl } from '../../notice/webhook.ts';
import { trustForm } from '../../record/trust.ts';
import type { RegisterPerson } from '../../registry/domain/register-units.ts';
import { MAX_FILE_BYTES } from '../../registry/domain/sniff.ts';
import { logReader } from '../../verifier/live-log.ts';
import { readAgents } from '../agents-file.ts';
import type { CommandOutput } from '../command-output.ts';
import { EX_DATA, EX_OK, EX_REFUSED, EX_UNAVAILABLE, EX_USAGE } from '../command-output.ts';
import { openRegister, readBounded, readRoster } from '../letters.ts';
import { systemRandom } from '../opening.ts';
import type { AccessFile } from './explanations.ts';
import { accessFile } from './explanations.ts';
import { loadState, saveState } from './monitor-state.ts';
import type { Monitored, Round, RoundRefusal } from './monitoring.ts';
import { monitorRound } from './monitoring.ts';
import { reachByIdentity } from './register-reach.ts';
import type { Sending, Sent } from './sending.ts';
import { sendQueued } from './sending.ts';

const HELP = `用法 Usage: owners-vote monitor --access FILE --trust FILE --register FILE --roster FILE --state FILE --print DIR
             [--log URL|DIR] [--webhook URL --webhook-key FILE] [--help-line 电话] [--every 秒] [--once] [--learn] [--json]
  在街道办自己的电脑上监看日志,核对每一条,把与业主有关的事项打印成告知,或经自己的短信网关发出。
  Follows the log on the street office's own computer, proves every entry, and tells owners what concerns them.

  --access FILE       控制台领取的监看凭据 the access that the console handed out
  --trust FILE        来自外部的信任文件 trust from outside: the log's key
  --register FILE     导入时的原始名册文件,--roster 从控制台下载 the register file as imported, and its roster
  --state FILE        监看进度,不能丢失 how far the log was seen; keep it
  --print DIR         待打印的告知写到这里 sheets to print
  --log URL|DIR       公开日志,默认为服务地址/log the public log
  --agents FILE       没有房屋的代理人名单,同制函所用 agents who own nothing, as for letters
  --webhook, --webhook-key  短信网关及其密钥文件 a gateway of the office and its key file
  --every 秒          间隔,默认60 seconds between rounds
  --once              只运行一轮 one round
  --learn             首次运行时只记下以前的条目,不告知 the first round tells nobody about older entries

退出码 exit codes: 0 一切正常 all is well; 1 有警报,或日志被篡改 an alarm, or the log forked; 2 用法 usage; 65 文件有误 a file; 69 服务或日志无法访问 unavailable
`;

const OPTIONS = {
  access: { type: 'string' },
  trust: { type: 'string' },
  register: { type: 'string' },
  roster: { type: 'string' },
  agents: { type: 'string' },
  state: { type: 'string' },
  print: { type: 'string' },
  log: { type: 'string' },
  webhook: { type: 'string' },
  'webhook-key': { type: 'string' },
  'help-line': { type: 'string' },
  every: { type: 'string' },
  once: { type: 'boolean' },
  learn: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

const NEEDED = ['access', 'trust', 'register', 'roster', 'state', 'print'] as const;

type Wish = Readonly<Record<(typeof NEEDED)[number], string>> & {
  readonly agents: string | undefined;
  readonly log: string | undefined;
  readonly webhook: { readonly url: string; readonly keyFile: string } | undefined;
  readonly helpLine: string;
  readonly everyMs: number;
  readonly once: boolean;
  readonly learn: boolean;
  readonly json: boolean;
};

function readArguments(argv: readonly string[]): Wish | undefined {
  try {
    const { values } = parseArgs({ args: [...argv], options: OPTIONS });
    const [access, trust, register, roster, state, print] = NEEDED.map((name) => values[name] ?? '');
    const every = Number(values.every ?? '60');
    const [url, keyFile] = [values.webhook, values['webhook-key']];
    const isWhole = NEEDED.every((name) => (values[name] ?? '') !== '');
    if (!isWhole || !Number.isInteger(every) || every < 1 || every > 86_400) return undefined;
    if ((url === undefined) !== (keyFile === undefined)) return undefined;
    if (url !== undefined && !isGatewayUrl(url)) return undefined;
    return {
      access: access ?? '',
      trust: trust ?? '',
      register: register ?? '',
      roster: roster ?? '',
      state: state ?? '',
      print: print ?? '',
      agents: values.agents,
      log: values.log,
      webhook: url === undefined || keyFile === undefined ? undefined : { url, keyFile },
      helpLine: values['help-line'] ?? '',
      everyMs: every * 1000,
      once: values.once ?? false,
      learn: values.learn ?? false,
      json: values.json ?? false,
    };
  } catch {
    return undefined;
  }
}

const MAX_SMALL_BYTES = 256 * 1024;

async function readAccess(path: string): Promise<Result<AccessFile>> {
  const bytes = await readBounded(path, MAX_SMALL_BYTES);
  if (!bytes.ok) return bytes;
  try {
    const read = accessFile.safeParse(JSON.parse(fromUtf8(bytes.value) ?? ''));
    return read.success ? ok(read.data) : refuse('ACCESS_MALFORMED', path);
  } catch {
    return refuse('ACCESS_MALFORMED', path);
  }
}

async function readTrust(path: string): Promise<Result<string>> {
  const bytes = await readBounded(path, MAX_SMALL_BYTES);
  if (!bytes.ok) return bytes;
  const parsed = trustForm.parse(bytes.value.at(-1) === 10 ? bytes.value.subarray(0, -1) : bytes.value);
  return parsed.ok ? ok(parsed.value.logVkey) : refuse('TRUST_MALFORMED', path);
}

async function readListed(
  path: string | undefined,
  clock: Clock,
): Promise<Result<readonly RegisterPerson[]>> {
  if (path === undefined) return ok([]);
  const bytes = await readBounded(path, MAX_SMALL_BYTES);
  return bytes.ok ? readAgents(bytes.value, civilDateAt(clock())) : bytes;
}

function readGateway(wish: Wish): Result<Gateway | undefined> {
  if (wish.webhook === undefined) return ok(undefined);
  const secret = readKeyFile(wish.webhook.keyFile, 'webhook');
  return secret.ok ? ok({ url: wish.webhook.url, secrets: [secret.value] }) : secret;
}

type Opened = { readonly monitored: Monitored; readonly sending: Sending; readonly isNew: boolean };

/** Everything that the rounds need, or the file that is at fault. */
async function open(wish: Wish, clock: Clock): Promise<Result<Opened, Refusal>> {
  const [access, logVkey, gateway] = [
    await readAccess(wish.access),
    await readTrust(wish.trust),
    readGateway(wish),
  ];
  if (!access.ok) return access;
  if (!logVkey.ok) return logVkey;
  if (!gateway.ok) return gateway;
  const [roster, file] = [await readRoster(wish.roster), await readBounded(wish.register, MAX_FILE_BYTES)];
  if (!roster.ok) return roster;
  if (!file.ok) return file;
  const { service, community } = access.value;
  if (roster.value.community !== community) return refuse('ROSTER_OF_ANOTHER_COMMUNITY', wish.roster);
  const register = await openRegister(file.value, roster.value, clock);
  if (!register.ok) return register;
  const agents = await readListed(wish.agents, clock);
  if (!agents.ok) return agents;
  const loaded = loadState(wish.state, logVkey.value, community);
  if (!loaded.ok) return loaded;
  await mkdir(wish.print, { recursive: true, mode: 0o700 });
  const { state, isNew } = loaded.value;
  const save = (): void => saveState(wish.state, state);
  const facts = { community: roster.value.name, helpLine: wish.helpLine, page: new URL(service).host };
  return ok({
    isNew,
    monitored: {
      state,
      save,
      read: logReader(wish.log ?? `${service}/log`),
      access: access.value,
      reach: reachByIdentity(register.value, roster.value, agents.value),
      hasGateway: gateway.value !== undefined,
      clock,
    },
    sending: {
      state,
      save,
      facts,
      printDir: wish.print,
      gateway: gateway.value,
      clock,
      random: systemRandom,
    },
  });
}

const SENTENCES: Readonly<Record<RoundRefusal['code'], string>> = {
  LOG_FORKED:
    '日志被篡改:已签名的日志与此前看到的不一致,请立即报告主管部门 The log forked: what it signed does not continue what was seen',
  LOG_SHRANK:
    '日志变短:可能是缓存,也可能被恢复成旧备份 The log is shorter than what was seen: a cache, or an old backup',
  LOG_UNREADABLE: '日志无法读取 The log cannot be read',
  CHECKPOINT_WRONG: '检查点签名有误 The checkpoint is not signed by the log',
  ACCESS_REFUSED:
    '监看凭据无效或已过期,请在控制台重新领取 The access is no longer valid; draw another in the console',
  SERVICE_UNAVAILABLE: '服务无法访问,稍后再试 The service does not answer',
  UNEXPLAINED: '服务没有说明 The service does not explain',
};

const UNAVAILABLE: readonly string[] = ['LOG_UNREADABLE', 'SERVICE_UNAVAILABLE'];

function report(
  out: CommandOutput,
  wish: Wish,
  the: Monitored,
  round: Result<Round, RoundRefusal>,
  sent: Sent,
): void {
  const { state } = the;
  const { alarms, queue, frontier } = state;
  if (wish.json) {
    const outcome = round.ok ? (alarms.length > 0 ? 'ALARM' : 'OK') : round.refusal.code;
    const facts = round.ok ? { entries: round.value.entries, announced: round.value.announced } : {};
    const shown = alarms.map(({ index, code }) => ({ index, code }));
    out.stdout(
      `${JSON.stringify({ outcome, size: frontier.size, ...facts, ...sent, waiting: queue.length, alarms: shown })}\n`,
    );
    return;
  }
  if (!round.ok)
    out.stderr(`${SENTENCES[round.refusal.code]} ${round.refusal.where ?? ''}`.trim().concat('\n'));
  else
    out.stdout(
      `已核对 ${round.value.entries} 条,日志共 ${frontier.size} 条;告知 ${round.value.announced} 项,已发 ${sent.sent},打印 ${sent.printed},等待 ${queue.length} checked, announced, sent, printed, waiting\n`,
    );
  for (const page of sent.pages) out.stdout(`打印 print: ${page}\n`);
  for (const { index, code } of alarms)
    out.stderr(`警报 ALARM 日志第 ${index} 条 log entry ${index}: ${code}\n`);
}

async function oneRound(
  wish: Wish,
  out: CommandOutput,
  { monitored, sending, isNew }: Opened,
): Promise<number> {
  const round = await monitorRound(monitored, wish.learn && isNew);
  const sent = await sendQueued(sending);
  report(out, wish, monitored, round, sent);
  if (!round.ok) return UNAVAILABLE.includes(round.refusal.code) ? EX_UNAVAILABLE : EX_REFUSED;
  return monitored.state.alarms.length > 0 ? EX_REFUSED : EX_OK;
}

/** Ends when the process is asked to. */
function untilSignal(): { readonly stopped: () => boolean; readonly pause: (ms: number) => Promise<void> } {
  let isStopped = false;
  let wake: () => void = () => undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      isStopped = true;
      wake();
    });
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  return { stopped: () => isStopped, pause };
}

/** Runs `monitor …`; without --once until it is stopped, and then the code is that of the last round. */
export async function monitorCommand(
  argv: readonly string[],
  out: CommandOutput,
  clock: Clock = Date.now,
): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    out.stdout(HELP);
    return EX_OK;
  }
  const wish = readArguments(argv);
  if (wish === undefined) {
    out.stderr(HELP);
    return EX_USAGE;
  }
  const opened = await open(wish, clock);
  if (!opened.ok) {
    out.stderr(`无法开始 Cannot begin: ${opened.refusal.code} ${opened.refusal.where ?? ''}\n`);
    return EX_DATA;
  }
  if (wish.once) return oneRound(wish, out, opened.value);
  const { stopped, pause } = untilSignal();
  let isFirst = true;
  for (;;) {
    const code = await oneRound(wish, out, { ...opened.value, isNew: opened.value.isNew && isFirst });
    isFirst = false;
    if (stopped()) return code;
    await pause(wish.everyMs);
    if (stopped()) return code;
  }
}
