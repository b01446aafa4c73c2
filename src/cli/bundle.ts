/** `owners-vote bundle MEETING --out DIR [--public]`: what `verify` reads, from the database (SPEC 9.1). */
import { parseArgs } from 'node:util';
import { logVkey } from '../auditlog/publishing.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { exportBundle } from '../bundle/exporting.ts';
import { writeBundle } from '../bundle/writing.ts';
import { deploymentDeps } from '../main.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_DATA, EX_OK, EX_REFUSED, EX_USAGE } from './command-output.ts';
import { openConfig, openDatabase, openKeys, systemRandom } from './opening.ts';

const USAGE = `用法 Usage: owners-vote bundle MEETING --out DIR [--public]

  --public   公开版:不含选票内容和个人信息 leaves, log and result only
`;

type Options = { readonly meeting: string; readonly out: string; readonly isPublic: boolean };

function readOptions(argv: readonly string[]): Options | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { out: { type: 'string' }, public: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const [meeting, more] = positionals;
    if (meeting === undefined || more !== undefined || values.out === undefined) return undefined;
    return { meeting, out: values.out, isPublic: values.public };
  } catch {
    return undefined;
  }
}

async function write(deps: BallotDeps, options: Options, out: CommandOutput): Promise<number> {
  const files = await exportBundle(deps, options.meeting, options.isPublic ? 'public' : 'auditor');
  if (!files.ok) {
    const unknown = files.refusal.code === 'MEETING_UNKNOWN';
    out.stderr(
      unknown ? `没有这次会议 No such meeting: ${options.meeting}\n` : '还没有结果 There is no result yet.\n',
    );
    return EX_REFUSED;
  }
  const written = await writeBundle(files.value, options.out);
  if (!written.ok) {
    const taken = written.refusal.code === 'OUT_NOT_EMPTY';
    out.stderr(
      `${taken ? '目录非空 The directory is not empty' : '无法写入 Cannot write'}: ${options.out}\n`,
    );
    return EX_DATA;
  }
  out.stdout(`${written.value} files → ${options.out}\n日志公钥 log vkey ${logVkey(deps.log)}\n`);
  return EX_OK;
}

/** Runs the command. */
export async function bundleCommand(argv: readonly string[], out: CommandOutput): Promise<number> {
  if (argv[0] === '--help') {
    out.stdout(USAGE);
    return EX_OK;
  }
  const options = readOptions(argv);
  if (options === undefined) {
    out.stderr(USAGE);
    return EX_USAGE;
  }
  const config = openConfig();
  const keys = openKeys(config);
  const database = await openDatabase(config, (line) => out.stderr(`${line}\n`));
  const deps = await deploymentDeps({
    config,
    keys,
    appUrl: database.appUrl,
    clock: Date.now,
    random: systemRandom,
  });
  try {
    return await write(deps, options, out);
  } finally {
    await deps.db.destroy();
    await database.stop();
  }
}
