/**
 * `owners-vote root`: the way from root keys that the server never holds to entry 0 of the log, and to whatever else the roots
 * sign – drafted as a file here, signed elsewhere by `owners-vote sign`, brought back here (SPEC 2.1, 2.2).
 */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { fromBase64Url } from '../base/bytes.ts';
import { taken } from '../base/result.ts';
import type { Config } from '../config.ts';
import { deploymentDeps } from '../main.ts';
import { invitationBody } from '../officers/contract.ts';
import { invite } from '../officers/enrolling.ts';
import type { SignedRootAction } from '../officers/root.ts';
import { rootActs, signRootAct } from '../officers/root-acts.ts';
import { readSignature } from '../officers/signature-body.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_DATA, EX_OK, EX_REFUSED, EX_USAGE } from './command-output.ts';
import type { AskSecret } from './key-reading.ts';
import { askSecret } from './key-reading.ts';
import { openConfig, openDatabase, openKeys, systemRandom } from './opening.ts';
import { declareFromFile, draftDeclaration, draftWish } from './root-declaring.ts';
import { inWords, jsonOf } from './sign.ts';

const USAGE = `用法 Usage: owners-vote root draft --threshold T --root KEY… --out FILE
                 root declare FILE SIGNED…
                 root invite --role regulator|street --name NAME [--community ID] [--doc-kind KIND]
                 root acts --out FOLDER
                 root submit SIGNED…

  draft    按本机配置起草根声明 draft the declaration from this deployment's settings
  declare  写入已由T把根密钥签署的声明,须在首次启动之前 enter the signed declaration, before the first start
  invite   邀请监管或街道人员;证件号从标准输入读取 invite an officer; his document number comes from standard input
  acts     写出等待根签署的事项 write what waits for the roots, one file each
  submit   交回根的签署 hand in what the roots signed

SIGNED 是 owners-vote sign … --role root --yes 的输出 is what owners-vote sign printed.
`;

const OPTIONS = {
  threshold: { type: 'string' },
  root: { type: 'string', multiple: true },
  out: { type: 'string' },
  role: { type: 'string' },
  name: { type: 'string' },
  community: { type: 'string', default: '' },
  'doc-kind': { type: 'string', default: 'resident-id' },
} as const;

type Arguments = { readonly values: Readonly<Record<string, unknown>>; readonly files: readonly string[] };

/** A key in base64url may begin with a hyphen, which would read as an option: each is joined to its `--root`. */
function joinedKeys(argv: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of argv) {
    if (joined.at(-1) === '--root') joined.push(`${joined.pop()}=${word}`);
    else joined.push(word);
  }
  return joined;
}

function readArguments(argv: readonly string[]): Arguments | undefined {
  try {
    const args = joinedKeys(argv);
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    return { values, files: positionals };
  } catch {
    return undefined;
  }
}

const signedFile = z.strictObject({ action: z.string(), signature: z.unknown() });

/** What `owners-vote sign` printed, or undefined after a sentence. */
async function readSigned(
  files: readonly string[],
  out: CommandOutput,
): Promise<readonly SignedRootAction[] | undefined> {
  const signed: SignedRootAction[] = [];
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const parsed = signedFile.safeParse(jsonOf(text));
    const action = parsed.success ? fromBase64Url(parsed.data.action) : undefined;
    const signature = parsed.success ? readSignature(parsed.data.signature) : undefined;
    if (action === undefined || signature === undefined) {
      out.stderr(`不是签署文件 Not a file that owners-vote sign printed: ${file}\n`);
      return undefined;
    }
    signed.push({ action, signature });
  }
  return signed;
}

type Deployment = Awaited<ReturnType<typeof deploymentDeps>>;

/** Opens the deployment for one piece of work, and closes it again. */
async function withDeployment(
  config: Config,
  out: CommandOutput,
  work: (deps: Deployment) => Promise<number>,
): Promise<number> {
  const keys = openKeys(config);
  const database = await openDatabase(config, (line) => out.stderr(`${line}\n`));
  try {
    const { appUrl } = database;
    const deps = await deploymentDeps({ config, keys, appUrl, clock: Date.now, random: systemRandom });
    try {
      return await work(deps);
    } finally {
      await deps.db.destroy();
    }
  } finally {
    await database.stop();
  }
}

async function declare(config: Config, files: readonly string[], out: CommandOutput): Promise<number> {
  const [file = '', ...others] = files;
  const signed = await readSigned(others, out);
  if (signed === undefined) return EX_DATA;
  const text = await readFile(file, 'utf8').catch(() => '');
  return withDeployment(config, out, (deps) => declareFromFile(deps, config, { file, text }, signed, out));
}

async function inviteOfficer(
  config: Config,
  values: Arguments['values'],
  out: CommandOutput,
  ask: AskSecret,
): Promise<number> {
  const { role, name, community } = values;
  if (role !== 'regulator' && role !== 'street') {
    out.stderr(USAGE);
    return EX_USAGE;
  }
  const number = await ask('证件号 Document number: ');
  const wish = invitationBody.safeParse({ role, name, community, docKind: values['doc-kind'], number });
  if (!wish.success) {
    out.stderr(`资料有误 Wrong: ${wish.error.issues.map(({ path }) => path.join('.')).join(', ')}\n`);
    return EX_DATA;
  }
  return withDeployment(config, out, async (deps) => {
    const { enrolment, code } = taken(await invite(deps, wish.data));
    out.stderr(
      '把此链接亲手交给本人,七天内有效 Hand this link to the person himself; it lives seven days:\n',
    );
    out.stdout(`${config.origin}/console/enrol#${enrolment}.${code}\n`);
    return EX_OK;
  });
}

const writeActs = (config: Config, folder: string, out: CommandOutput): Promise<number> =>
  withDeployment(config, out, async (deps) => {
    const acts = await rootActs(deps);
    await mkdir(folder, { recursive: true });
    for (const act of acts) {
      const path = join(folder, `act-${act.act}.json`);
      await writeFile(path, `${JSON.stringify(act)}\n`);
      out.stderr(inWords(fromBase64Url(act.entry) ?? new Uint8Array()));
      if (act.details['name'] !== undefined) out.stderr(`  (姓名 name: ${act.details['name']})\n`);
      out.stdout(`${path}\n`);
    }
    if (acts.length === 0) out.stderr('没有等待根签署的事项 Nothing waits for the roots.\n');
    return EX_OK;
  });

async function submit(config: Config, files: readonly string[], out: CommandOutput): Promise<number> {
  const signed = await readSigned(files, out);
  if (signed === undefined) return EX_DATA;
  return withDeployment(config, out, async (deps) => {
    let refused = 0;
    for (const [at, one] of signed.entries()) {
      const done = await signRootAct(deps, one);
      if (done.ok) out.stdout(`${done.value.act} ${done.value.state}\n`);
      else {
        refused += 1;
        out.stderr(`${files[at]}: 签署被拒绝 refused (${done.refusal.code})\n`);
      }
    }
    return refused === 0 ? EX_OK : EX_REFUSED;
  });
}

/** Runs the command; 65 for a file or key that is wrong, 1 where a signature is refused, 78 for another configuration. */
export async function rootCommand(
  argv: readonly string[],
  out: CommandOutput,
  ask: AskSecret = askSecret,
): Promise<number> {
  const [what = '', ...rest] = argv;
  if (what === '--help') {
    out.stdout(USAGE);
    return EX_OK;
  }
  const given = readArguments(rest);
  if (given !== undefined) {
    const { values, files } = given;
    const { out: folder } = values;
    if (what === 'draft' && files.length === 0) {
      const wish = draftWish.safeParse(values);
      if (wish.success) return draftDeclaration(openConfig(), wish.data, out);
    }
    if (what === 'declare' && files.length >= 2) return declare(openConfig(), files, out);
    if (what === 'invite' && files.length === 0) return inviteOfficer(openConfig(), values, out, ask);
    if (what === 'acts' && typeof folder === 'string') return writeActs(openConfig(), folder, out);
    if (what === 'submit' && files.length >= 1) return submit(openConfig(), files, out);
  }
  return usage(out);
}

function usage(out: CommandOutput): number {
  out.stderr(USAGE);
  return EX_USAGE;
}
