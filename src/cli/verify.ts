/** `owners-vote verify DIR`: checks a bundle by numbered checks; no database, no network unless `--log URL` (SPEC 9). */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fromUtf8 } from '../base/bytes.ts';
import type { Trust } from '../record/trust.ts';
import { trustForm } from '../record/trust.ts';
import { readFolder } from '../verifier/bundle-folder.ts';
import { logReader } from '../verifier/live-log.ts';
import { isRefused, jsonReport, printReport } from '../verifier/report.ts';
import type { ScanReader } from '../verifier/scan-checks.ts';
import type { Given } from '../verifier/verify.ts';
import { verifyBundle } from '../verifier/verify.ts';

/** Where a command writes. */
export type VerifyOutput = { stdout(text: string): void; stderr(text: string): void };

const PASSED = 0;
const REFUSED = 1;
const CANNOT_RUN = 2;

const HELP = `用法: owners-vote verify DIR [--trust FILE] [--strict] [--receipt FILE] [--log URL|DIR] [--checkpoint FILE] [--scans DIR] [--json]
  逐项核验一个会议的数据包；不信任服务器，不需要数据库。
  Verifies the bundle of a meeting by numbered checks; trusts no server, needs no database.

  --trust FILE       来自外部的信任文件（根密钥、日志密钥、见证人） trust from outside: roots, log key, witnesses
  --strict           没有信任文件即不通过 without a trust file the run is refused
  --receipt FILE     业主保存的回执（tlog-proof，或 JSON {entry, proof}） a receipt that an owner kept
  --log URL|DIR      与公开日志比较 compare with the public log
  --checkpoint FILE  与自己保存的检查点比较 compare with a checkpoint that you kept
  --scans DIR        已打开的纸质票扫描件（owners-vote scans） opened scans of papers
  --json             一个 JSON 结果 one JSON result

退出码 exit codes: 0 通过 passed; 1 有检查未通过 a check failed; 2 无法进行 cannot run, or wrong usage
`;

const OPTIONS = {
  trust: { type: 'string' },
  strict: { type: 'boolean' },
  receipt: { type: 'string' },
  log: { type: 'string' },
  checkpoint: { type: 'string' },
  scans: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Wish = {
  readonly folder: string;
  readonly trust?: string;
  readonly receipt?: string;
  readonly log?: string;
  readonly checkpoint?: string;
  readonly scans?: string;
  readonly strict: boolean;
  readonly json: boolean;
};

function readArguments(argv: readonly string[]): Wish | 'help' | undefined {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
    if (values.help === true) return 'help';
    const [folder] = positionals;
    if (folder === undefined || positionals.length > 1) return undefined;
    const { strict = false, json = false, help: _, ...files } = values;
    return { folder, strict, json, ...files };
  } catch {
    return undefined;
  }
}

async function readBytes(path: string): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await readFile(path));
  } catch {
    return undefined;
  }
}

/** A folder of opened scans, each read when it is asked for; undefined where there is no such folder. */
async function scansIn(folder: string): Promise<ScanReader | undefined> {
  try {
    return { names: (await readdir(folder)).sort(), read: (name) => readBytes(join(folder, name)) };
  } catch {
    return undefined;
  }
}

/** What the user gave besides the bundle, or one sentence why it cannot be used. */
async function readGiven(wish: Wish): Promise<Given | string> {
  let trust: Trust | undefined;
  if (wish.trust !== undefined) {
    const bytes = await readBytes(wish.trust);
    if (bytes === undefined) return unreadable(wish.trust);
    // People edit and print this file, so a last line feed is forgiven.
    const parsed = trustForm.parse(bytes.at(-1) === 10 ? bytes.subarray(0, -1) : bytes);
    if (!parsed.ok)
      return `信任文件无效 not a trust file: ${wish.trust} (${parsed.refusal.where ?? parsed.refusal.code})`;
    trust = parsed.value;
  }
  const receipt = wish.receipt === undefined ? undefined : await readBytes(wish.receipt);
  if (wish.receipt !== undefined && receipt === undefined) return unreadable(wish.receipt);
  const kept = wish.checkpoint === undefined ? undefined : await readBytes(wish.checkpoint);
  const note = kept === undefined ? undefined : fromUtf8(kept);
  if (wish.checkpoint !== undefined && note === undefined) return unreadable(wish.checkpoint);
  const scans = wish.scans === undefined ? undefined : await scansIn(wish.scans);
  if (wish.scans !== undefined && scans === undefined) return unreadable(wish.scans);
  return {
    ...(trust === undefined ? {} : { trust }),
    ...(receipt === undefined ? {} : { receipt }),
    ...(note === undefined ? {} : { checkpoint: { path: wish.checkpoint ?? '', note } }),
    ...(scans === undefined ? {} : { scans }),
    ...(wish.log === undefined ? {} : { liveLog: logReader(wish.log) }),
  };
}

const unreadable = (path: string): string => `无法读取文件 cannot read the file: ${path}`;

const WHY_NOT = {
  BUNDLE_MISSING: '无法读取目录 cannot read the directory',
  MANIFEST_MISSING: '目录中没有清单，不是数据包 no manifest.json, so this is no bundle',
  MANIFEST_UNREADABLE: '清单无法读取 the manifest cannot be read',
} as const;

/** Runs the command on the arguments after `verify` and answers its exit code. */
export async function verifyCommand(argv: readonly string[], out: VerifyOutput): Promise<number> {
  const wish = readArguments(argv);
  if (wish === 'help') {
    out.stdout(HELP);
    return PASSED;
  }
  if (wish === undefined) {
    out.stderr(HELP);
    return CANNOT_RUN;
  }
  const given = await readGiven(wish);
  if (typeof given === 'string') {
    out.stderr(`${given}\n`);
    return CANNOT_RUN;
  }
  const folder = await readFolder(wish.folder);
  const report = folder.ok ? await verifyBundle(folder.value, given) : folder;
  if (!report.ok) {
    out.stderr(`${WHY_NOT[report.refusal.code]}: ${wish.folder}\n`);
    return CANNOT_RUN;
  }
  out.stdout(wish.json ? jsonReport(report.value, wish.strict) : printReport(report.value, wish.strict));
  return isRefused(report.value, wish.strict) ? REFUSED : PASSED;
}
