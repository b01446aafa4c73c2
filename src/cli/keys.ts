/** `owners-vote keys`: root, officer and box keys, made on a computer that is not the server (SPEC 2.1, 5). */
import { parseArgs } from 'node:util';
import { toBase64Url } from '../base/bytes.ts';
import { publicKeyOf } from '../crypto/ed25519.ts';
import type { KeyPurpose } from '../crypto/key-file.ts';
import { writeKeyFile } from '../crypto/key-file.ts';
import { boxPublicKey } from '../crypto/sealed-box.ts';
import { rootOfficerId } from '../officers/root.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_DATA, EX_OK, EX_USAGE } from './command-output.ts';
import { systemRandom } from './opening.ts';

const USAGE = `用法 Usage: owners-vote keys root|officer|box --out FILE

  root     监管部门的根密钥 a root key of the regulator
  officer  工作人员的密钥文件 an officer's key file
  box      一次会议的票箱密钥 the ballot box of one meeting

私钥只写入文件(权限0600),屏幕只显示公钥。 The secret goes into the file only; the screen shows the public key.
`;

const KINDS: Readonly<Record<string, KeyPurpose>> = { root: 'root', officer: 'officer', box: 'box' };

function shown(kind: string, secret: Uint8Array): string {
  if (kind === 'box') return `boxKey ${toBase64Url(boxPublicKey(secret))}\n`;
  const publicKey = publicKeyOf(secret);
  const officer = kind === 'root' ? `officer ${rootOfficerId(publicKey)}\n` : '';
  return `publicKey ${toBase64Url(publicKey)}\n${officer}`;
}

function readOut(argv: readonly string[]): string | undefined {
  try {
    return parseArgs({ args: [...argv], options: { out: { type: 'string' } } }).values.out;
  } catch {
    return undefined;
  }
}

/** Runs the command; an existing file is never overwritten (exit 65). */
export async function keysCommand(argv: readonly string[], out: CommandOutput): Promise<number> {
  const [kind = '', ...rest] = argv;
  if (kind === '--help') {
    out.stdout(USAGE);
    return EX_OK;
  }
  const purpose = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  const path = readOut(rest);
  if (purpose === undefined || path === undefined) {
    out.stderr(USAGE);
    return EX_USAGE;
  }
  const secret = systemRandom(32);
  const written = writeKeyFile(path, purpose, secret);
  if (!written.ok) {
    const exists = written.refusal.code === 'KEY_FILE_EXISTS';
    out.stderr(`${exists ? '文件已存在 The file exists' : '无法写入 Cannot write'}: ${path}\n`);
    return EX_DATA;
  }
  out.stdout(shown(kind, secret));
  return EX_OK;
}
