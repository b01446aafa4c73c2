/** `owners-vote serve` (npm start): sets up what is missing, serves, and stops in order on a signal (DESIGN §6). */

import { uptime } from 'node:os';
import { pino } from 'pino';
import type { Clock } from '../base/clock.ts';
import { steadyClock } from '../base/steady-clock.ts';
import type { Config } from '../config.ts';
import { connect } from '../db/connect.ts';
import type { ServiceRefusal } from '../main.ts';
import { startService } from '../main.ts';
import { declaredRoots } from '../officers/root.ts';
import { hasCommunities } from '../registry/communities.ts';
import { readOrMakeKey } from '../server-keys.ts';
import { openCalendar } from './calendar-files.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_CONFIG, EX_OK, EX_REFUSED, EX_UNAVAILABLE, EX_USAGE } from './command-output.ts';
import { startAppointing } from './demo/demo-appointments.ts';
import type { DemoSite } from './demo/demo-site.ts';
import { buildDemoSite } from './demo/demo-site.ts';
import { declareDemoRoot, rootKeyOf } from './demo/founding.ts';
import { INDEX_KEY_MISSING } from './keys-reindex.ts';
import { SEAL_KEY_MISSING } from './keys-reseal.ts';
import type { OpenedDatabase } from './opening.ts';
import { CommandEnd, openConfig, openDatabase, openKeys, requireDurable, systemRandom } from './opening.ts';

const USAGE = `用法 Usage: owners-vote serve

没有 DATABASE_URL 时使用 ./data 中的嵌入式 PostgreSQL;空库且 NODE_ENV 不是 production 时建立演示小区。
Without DATABASE_URL the embedded PostgreSQL in ./data; an empty database gets a demo community unless NODE_ENV is production.
`;

const SENTENCES: Readonly<Record<ServiceRefusal['code'], readonly [string, number]>> = {
  PORT_TAKEN: ['端口已被占用 The port is taken', EX_UNAVAILABLE],
  PORT_DENIED: ['无法监听 Cannot listen on', EX_CONFIG],
  DATABASE_UNREACHABLE: ['数据库无法连接 The database does not answer', EX_UNAVAILABLE],
  CLOCK_SKEW: [
    '本机时钟与数据库相差超过0.5秒 The clock differs from the database by more than 0.5 s',
    EX_UNAVAILABLE,
  ],
  ROOT_DIFFERS: [
    '配置与根声明不符 The configuration differs from the declared roots (configured / declared):',
    EX_CONFIG,
  ],
  SEAL_KEY_MISSING: [SEAL_KEY_MISSING, EX_CONFIG],
  INDEX_KEY_MISSING: [INDEX_KEY_MISSING, EX_CONFIG],
  MAIL_FILE_UNREADABLE: [
    '邮件服务器的密码或证书文件读不了,或权限过宽(chmod 600) The file of the mail server cannot be read, or by others too:',
    EX_CONFIG,
  ],
  WEBHOOK_KEY_MISSING: [
    '设置了短信网关但没有签名密钥,请用 owners-vote keys webhook 生成 The gateway has no key; make it with owners-vote keys webhook:',
    EX_CONFIG,
  ],
};

/**
 * An empty log gets the demo root, outside production; in production the declaration must be brought. True where a demo root stands
 * and no community yet: also after a first start that came no further, such as one whose port was taken.
 */
async function ensureRoot(config: Config, appUrl: string): Promise<boolean> {
  const db = connect(appUrl);
  try {
    const declared = await declaredRoots(db);
    if (declared !== undefined) return declared.demo === 'demo' && !(await hasCommunities(db));
    if (config.production) {
      throw new CommandEnd(
        '还没有根声明 The root is not declared yet: owners-vote keys root, then owners-vote root (docs/operating.md)',
        EX_CONFIG,
      );
    }
    const seed = readOrMakeKey(config.keysDir, 'demo-root', 'root', systemRandom);
    if (!seed.ok)
      throw new CommandEnd(`密钥文件有误 The key file is refused: ${seed.refusal.where}`, EX_CONFIG);
    const deps = { db, clock: Date.now, random: systemRandom, rpId: config.rpId, origins: [config.origin] };
    await declareDemoRoot(deps, config.logOrigin, rootKeyOf(seed.value));
    return true;
  } finally {
    await db.destroy();
  }
}

function printSite(out: CommandOutput, config: Config, site: DemoSite): void {
  out.stdout(`\n演示小区 demo community ${site.name} (demo root)\n`);
  out.stdout(
    '演示表决函 demo letters  (打开地址,输入证件号末六位 open the address, type the last six characters)\n',
  );
  for (const letter of site.letters)
    out.stdout(`  ${config.origin}/e#${letter.code}  末六位 ${letter.numberTail}  ${letter.where}\n`);
  out.stdout('工作人员登记 officers enrol a passkey at\n');
  for (const invited of site.invitations) {
    out.stdout(`  ${config.origin}/console/enrol#${invited.enrolment}.${invited.code}  ${invited.name}\n`);
  }
}

/** The clock of the service: corrections of NTP are followed, a jump only when it has lasted for ten minutes. */
const machineClock = (): Clock =>
  steadyClock({
    world: Date.now,
    stopwatch: () => performance.now(),
    uptime: () => uptime() * 1000,
    maxStepMs: 500,
    acceptAfterMs: 600_000,
  });

/** npm hands on a signal that the terminal has sent already, so a second one within this time is the same one. */
const SAME_SIGNAL_MS = 1_000;
const SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

/**
 * Settles at the first signal; listening begins before anything is started, so that whatever was started is also stopped. A later signal
 * calls `hurry` with the exit code of a process that was told twice.
 */
function signalled(hurry: (exitCode: number) => void): Promise<undefined> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    for (const [signal, exitCode] of SIGNALS) {
      process.on(signal, () => {
        firstAt ??= performance.now();
        resolve(undefined);
        if (performance.now() - firstAt > SAME_SIGNAL_MS) hurry(exitCode);
      });
    }
  });
}

/** Runs the service until it is told to stop. */
export async function serveCommand(argv: readonly string[], out: CommandOutput): Promise<number> {
  if (argv[0] === '--help') {
    out.stdout(USAGE);
    return EX_OK;
  }
  if (argv.length > 0) {
    out.stderr(USAGE);
    return EX_USAGE;
  }
  let opened: OpenedDatabase | undefined;
  // Whoever insists gets no drain, but the database still ends in good order.
  const stopped = signalled((exitCode) => {
    const ended = opened?.stop() ?? Promise.resolve();
    ended.finally(() => process.exit(exitCode));
  });
  const config = openConfig();
  const calendar = await openCalendar(config);
  const keys = openKeys(config);
  const database = await openDatabase(config, (line) => out.stderr(`${line}\n`));
  opened = database;
  try {
    const wantsDemo = await ensureRoot(config, database.appUrl);
    await requireDurable(config, database.appUrl);
    const logger = pino({ level: process.env['LOG_LEVEL'] ?? 'warn' });
    const random = systemRandom;
    const { appUrl } = database;
    const started = await startService({
      config,
      appUrl,
      keys,
      clock: machineClock(),
      random,
      beatMs: 1000,
      realTime: true,
      calendar,
      logger,
      databaseTrouble: database.trouble,
    });
    if (!started.ok) {
      const [sentence, exitCode] = SENTENCES[started.refusal.code];
      throw new CommandEnd(`${sentence} ${started.refusal.where ?? ''}`.trim(), exitCode);
    }
    const service = started.value;
    try {
      out.stdout(
        `服务地址 serving ${config.origin}  公开页 public /  表决 vote /e  控制台 console /console  日志 log /log/checkpoint\n`,
      );
      if (wantsDemo) printSite(out, config, await buildDemoSite(service, config));
      const stopAppointing = await startAppointing(service, config);
      const failure = await Promise.race([stopped, service.failed, database.failed]);
      stopAppointing();
      if (failure === undefined) return EX_OK;
      if (typeof failure === 'string') {
        out.stderr(`${failure}\n`);
        return EX_UNAVAILABLE;
      }
      out.stderr(
        `日志与库外存底不一致,停止签名 The log must not be signed: ${failure.message}. 请核对是否恢复了旧备份 See docs/operating.md.\n`,
      );
      return EX_REFUSED;
    } finally {
      await service.close();
    }
  } finally {
    await database.stop();
  }
}
