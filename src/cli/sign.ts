/** `owners-vote sign`: an officer with a key file reads in words what an act says, and signs it (SPEC 2.3). */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { parseCanonical } from '../base/canonical.ts';
import { showInstant } from '../base/instant.ts';
import { publicKeyOf, sign } from '../crypto/ed25519.ts';
import { actAnswer } from '../officers/contract.ts';
import { rootOfficerId } from '../officers/root.ts';
import type { Role } from '../record/action.ts';
import { actionForm, actionHash, ROLES, subjectHash } from '../record/action.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_DATA, EX_OK, EX_USAGE } from './command-output.ts';
import type { AskSecret } from './key-reading.ts';
import { askSecret, openKeyFile } from './key-reading.ts';
import { systemRandom } from './opening.ts';

const USAGE = `用法 Usage: owners-vote sign ACT.json --key FILE --role ROLE [--officer ID] [--size N --root HASH] [--yes]

  ACT.json   GET /v1/acts/… 的回答,或 owners-vote root 写出的文件
             the answer of GET /v1/acts/…, or a file of owners-vote root
  --role     root 或工作人员角色;root 不需要 --officer  root, or the officer's role
  --size --root  您核对过的最新检查点;owners-vote root 的文件自带
             the newest checkpoint that you verified; a file of owners-vote root brings it
  --yes      确认签署;没有此项只显示内容 sign; without it the act is only shown

输出 prints {"action","signature"} for POST /v1/acts/…/actions.
`;

const OPTIONS = {
  key: { type: 'string' },
  role: { type: 'string' },
  officer: { type: 'string' },
  size: { type: 'string' },
  root: { type: 'string' },
  yes: { type: 'boolean', default: false },
} as const;

const wanted = z.object({
  key: z.string(),
  role: z.enum(ROLES),
  officer: z.string().optional(),
  size: z
    .string()
    .regex(/^(0|[1-9]\d{0,14})$/)
    .optional(),
  root: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/)
    .optional(),
  yes: z.boolean(),
});

type SignOptions = { readonly file: string; readonly options: z.infer<typeof wanted> };

function readSignOptions(argv: readonly string[]): SignOptions | undefined {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
    const options = wanted.safeParse(values);
    const [file] = positionals;
    return options.success && file !== undefined ? { file, options: options.data } : undefined;
  } catch {
    return undefined;
  }
}

/** An act, with the checkpoint over which it may be signed where the file brings one. */
export const actFile = actAnswer.extend({
  seen: z.strictObject({ size: z.int().min(0), root: z.string().regex(/^[A-Za-z0-9_-]{43}$/) }).optional(),
});

/** A file's JSON; undefined where it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The entry in words: every member on a line, exactly the bytes that the subject hashes. */
export function inWords(entry: Uint8Array): string {
  const members = Object.entries((parseCanonical(entry) ?? {}) as Record<string, unknown>);
  return members
    .map(
      ([name, value]) => `  ${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}\n`,
    )
    .join('');
}

/** Runs the command; exit 65 for a file that is no act, or whose bytes are not those that it names. */
export async function signCommand(
  argv: readonly string[],
  out: CommandOutput,
  ask: AskSecret = askSecret,
): Promise<number> {
  if (argv[0] === '--help') {
    out.stdout(USAGE);
    return EX_OK;
  }
  const read = readSignOptions(argv);
  if (read === undefined) {
    out.stderr(USAGE);
    return EX_USAGE;
  }
  const { file, options } = read;
  const text = await readFile(file, 'utf8').catch(() => '');
  const act = actFile.safeParse(jsonOf(text));
  const entry = act.success ? fromBase64Url(act.data.entry) : undefined;
  if (!act.success || entry === undefined || subjectHash(entry) !== act.data.subject) {
    out.stderr(
      `不是待签事项,或内容与其哈希不符 Not an act, or its bytes are not those that it names: ${file}\n`,
    );
    return EX_DATA;
  }
  const { size, root } =
    options.size === undefined || options.root === undefined
      ? (act.data.seen ?? { size: -1, root: '' })
      : { size: Number(options.size), root: options.root };
  if (size < 0) {
    out.stderr(USAGE);
    return EX_USAGE;
  }
  out.stderr(`您将签署 You sign:\n${inWords(entry)}`);
  out.stderr(`所见日志 over the log of ${size} entries, root ${root}\n`);
  if (!options.yes) {
    out.stderr('加上 --yes 即签署 Add --yes to sign.\n');
    return EX_OK;
  }
  const key = await openKeyFile(options.key, options.role === 'root' ? 'root' : 'officer', ask);
  if (!key.ok) {
    out.stderr(`无法读取密钥文件 The key file is refused (${key.refusal.code}): ${options.key}\n`);
    return EX_DATA;
  }
  const officer = options.role === 'root' ? rootOfficerId(publicKeyOf(key.value)) : (options.officer ?? '');
  const action = actionForm.bytes({
    v: 1,
    kind: 'action',
    action: act.data.kind,
    subject: act.data.subject,
    community: options.role === 'root' ? '' : act.data.community,
    meeting: options.role === 'root' ? '' : act.data.meeting,
    officer,
    role: options.role as Role,
    size,
    root,
    expires: showInstant(Date.now() + 48 * 3_600_000),
    nonce: toBase64Url(systemRandom(16)),
  });
  const signature = { alg: 'Ed25519', signature: toBase64Url(sign(key.value, actionHash(action))) };
  out.stdout(`${JSON.stringify({ action: toBase64Url(action), signature })}\n`);
  return EX_OK;
}
