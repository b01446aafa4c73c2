/** `owners-vote keys`: root, officer and box keys, on a computer that is not the server; webhook, seal and index keys, on it (SPEC 2.1, 3.1, 3.7, 5). */
import { parseArgs } from 'node:util';
import { toBase64Url } from '../base/bytes.ts';
import { publicKeyOf } from '../crypto/ed25519.ts';
import type { KeyPurpose } from '../crypto/key-file.ts';
import { writeKeyFile } from '../crypto/key-file.ts';
import { boxPublicKey } from '../crypto/sealed-box.ts';
import { webhookSecretText } from '../notice/webhook.ts';
import { rootOfficerId } from '../officers/root.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_DATA, EX_OK, EX_USAGE } from './command-output.ts';
import type { AskSecret } from './key-reading.ts';
import { askSecret, MIN_PASSPHRASE, writeLockedKey } from './key-reading.ts';
import { reindexCommand } from './keys-reindex.ts';
import type { OpenSealed } from './keys-reseal.ts';
import { resealCommand } from './keys-reseal.ts';
import { openSealed, systemRandom } from './opening.ts';

const USAGE = `用法 Usage: owners-vote keys root|officer|box|webhook|seal|index --out FILE [--passphrase]
             owners-vote keys reseal [--check] [--json]
             owners-vote keys reindex [--check] [--lost] [--json]

  root     监管部门的根密钥 a root key of the regulator
  officer  工作人员的密钥文件 an officer's key file
  box      一次会议的票箱密钥 the ballot box of one meeting
  webhook  短信网关的签名密钥,屏幕显示的 whsec_ 文本交给网关 the secret that messages to a gateway are signed with; the gateway gets the whsec_ text
  seal     加密个人信息的新密钥 a new key that personal data is sealed by
  index    证件号码索引的新密钥 a new key of the index that document numbers are found by
  reseal   用当前密钥重新加密全部个人信息 seals everything anew by the current key
  reindex  用当前密钥重算全部号码索引 computes every index anew by the current key
  --passphrase  用口令加锁(输入两次,不少于10个字符;root 与 officer)
                lock the file by a passphrase, typed twice, of at least ten characters (root and officer)

私钥只写入文件(权限0600),屏幕只显示公钥(webhook 除外)。 The secret goes into the file only, but for webhook; the screen shows the public key.
`;

const KINDS: Readonly<Record<string, KeyPurpose>> = {
  root: 'root',
  officer: 'officer',
  box: 'box',
  webhook: 'webhook',
  seal: 'seal',
  index: 'index',
};

function shown(kind: string, secret: Uint8Array): string {
  // Both sides of a webhook hold the same secret, so this one is shown.
  if (kind === 'webhook') return `${webhookSecretText(secret)}\n`;
  if (kind === 'seal' || kind === 'index') return '';
  if (kind === 'box') return `boxKey ${toBase64Url(boxPublicKey(secret))}\n`;
  const publicKey = publicKeyOf(secret);
  const officer = kind === 'root' ? `officer ${rootOfficerId(publicKey)}\n` : '';
  return `publicKey ${toBase64Url(publicKey)}\n${officer}`;
}

/** Keys that people keep; what the server or the console reads stays plain. */
const LOCKABLE: readonly KeyPurpose[] = ['root', 'officer'];

type KeyOptions = { readonly out: string; readonly locked: boolean };

function readKeyOptions(argv: readonly string[]): KeyOptions | undefined {
  try {
    const options = { out: { type: 'string' }, passphrase: { type: 'boolean', default: false } } as const;
    const { out, passphrase } = parseArgs({ args: [...argv], options }).values;
    return out === undefined ? undefined : { out, locked: passphrase };
  } catch {
    return undefined;
  }
}

/** A passphrase typed twice alike, or undefined after a sentence. */
async function newPassphrase(out: CommandOutput, ask: AskSecret): Promise<string | undefined> {
  const first = await ask('口令 Passphrase: ');
  if ([...first].length < MIN_PASSPHRASE) {
    out.stderr('口令不足10个字符 The passphrase is shorter than ten characters.\n');
    return undefined;
  }
  if ((await ask('再次输入 Again: ')) === first) return first;
  out.stderr('两次输入不同 The two passphrases differ.\n');
  return undefined;
}

/** Runs the command; an existing file is never overwritten (exit 65). */
export async function keysCommand(
  argv: readonly string[],
  out: CommandOutput,
  ask: AskSecret = askSecret,
  open: OpenSealed = openSealed,
): Promise<number> {
  const [kind = '', ...rest] = argv;
  if (kind === 'reseal') return resealCommand(rest, out, open);
  if (kind === 'reindex') return reindexCommand(rest, out, open);
  if (kind === '--help') {
    out.stdout(USAGE);
    return EX_OK;
  }
  const purpose = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  const options = readKeyOptions(rest);
  // What `box` makes is read by the console's page, which knows the plain form alone.
  if (purpose === undefined || options === undefined || (options.locked && !LOCKABLE.includes(purpose))) {
    out.stderr(USAGE);
    return EX_USAGE;
  }
  const path = options.out;
  const secret = systemRandom(32);
  const passphrase = options.locked ? await newPassphrase(out, ask) : '';
  if (passphrase === undefined) return EX_DATA;
  const written = options.locked
    ? await writeLockedKey(path, purpose, secret, passphrase, systemRandom)
    : writeKeyFile(path, purpose, secret);
  if (!written.ok) {
    const exists = written.refusal.code === 'KEY_FILE_EXISTS';
    out.stderr(`${exists ? '文件已存在 The file exists' : '无法写入 Cannot write'}: ${path}\n`);
    return EX_DATA;
  }
  out.stdout(shown(kind, secret));
  return EX_OK;
}
