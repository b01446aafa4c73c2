/** The declaration of the roots: drafted from a deployment's settings, and entered when t of them have signed it (SPEC 2.1). */
import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { publishOnce } from '../auditlog/publishing.ts';
import { sequenceOnce } from '../auditlog/sequencing.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { parseCanonical } from '../base/canonical.ts';
import { newId } from '../base/clock.ts';
import type { Config } from '../config.ts';
import { isEnrollableKey } from '../crypto/ed25519-key.ts';
import type { ActAnswer } from '../officers/contract.ts';
import type { SignedRootAction } from '../officers/root.ts';
import { declareRoot } from '../officers/root.ts';
import { subjectHash } from '../record/action.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import { entryForm, subjectOf, unsignedBytes } from '../record/entry.ts';
import { EMPTY_ROOT } from '../record/merkle.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_CONFIG, EX_DATA, EX_OK, EX_REFUSED } from './command-output.ts';
import { systemRandom } from './opening.ts';
import { actFile, inWords, jsonOf } from './sign.ts';

export const draftWish = z.object({
  threshold: z.string().regex(/^(?:[1-9]|1[0-6])$/),
  root: z.array(z.string()).min(1).max(16),
  out: z.string(),
});

/** Writes the declaration as a file for `owners-vote sign`, and prints it in words. */
export async function draftDeclaration(
  config: Config,
  wish: z.infer<typeof draftWish>,
  out: CommandOutput,
): Promise<number> {
  const threshold = Number(wish.threshold);
  const wrong = wish.root.filter((key) => !isEnrollableKey(fromBase64Url(key) ?? new Uint8Array()));
  if (wrong.length > 0 || new Set(wish.root).size < wish.root.length || threshold > wish.root.length) {
    out.stderr(
      `根公钥有误或重复,或人数不足 Wrong or repeated root keys, or fewer than the threshold. ${wrong.join(' ')}\n`,
    );
    return EX_DATA;
  }
  const entry: UnsignedEntry<'root.declared'> = {
    v: 1,
    kind: 'root.declared',
    origin: config.logOrigin,
    rpId: config.rpId,
    origins: [config.origin],
    roots: wish.root,
    threshold,
    demo: 'real',
  };
  const bytes = unsignedBytes(entry);
  const act: z.infer<typeof actFile> & ActAnswer = {
    act: newId(systemRandom),
    kind: entry.kind,
    community: '',
    meeting: '',
    entry: toBase64Url(bytes),
    subject: subjectOf(entry),
    state: 'open',
    refusal: '',
    details: {},
    signatures: [],
    missing: [Array.from({ length: threshold }, () => 'root')],
    seen: { size: 0, root: toBase64Url(EMPTY_ROOT) },
  };
  try {
    await writeFile(wish.out, `${JSON.stringify(act)}\n`, { flag: 'wx' });
  } catch {
    out.stderr(`无法写入,或文件已存在 Cannot write, or the file exists: ${wish.out}\n`);
    return EX_DATA;
  }
  out.stderr(`根声明 The declaration:\n${inWords(bytes)}`);
  out.stderr(
    `须由其中 ${threshold} 把根密钥签署 ${threshold} of these ${wish.root.length} root keys must sign it.\n`,
  );
  out.stdout(`${wish.out}\n`);
  return EX_OK;
}

/** The declaration of a file; undefined where its bytes are not those that it names. */
function declarationIn(text: string): UnsignedEntry<'root.declared'> | undefined {
  const act = actFile.safeParse(jsonOf(text));
  const bytes = act.success ? fromBase64Url(act.data.entry) : undefined;
  if (!act.success || bytes === undefined || subjectHash(bytes) !== act.data.subject) return undefined;
  const value = parseCanonical(bytes);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const checked = entryForm.check({ ...value, evidence: [] });
  return checked.ok && checked.value.kind === 'root.declared' ? checked.value : undefined;
}

/** What a declaration says otherwise than the settings; every signature over it would fail later. */
function differences(entry: UnsignedEntry<'root.declared'>, config: Config): readonly string[] {
  return [
    entry.origin === config.logOrigin ? '' : `LOG_ORIGIN ${config.logOrigin} / ${entry.origin}`,
    entry.rpId === config.rpId ? '' : `RP_ID ${config.rpId} / ${entry.rpId}`,
    entry.origins.includes(config.origin) ? '' : `ORIGIN ${config.origin} / ${entry.origins.join(' ')}`,
    entry.demo === 'real' ? '' : 'demo',
  ].filter((line) => line !== '');
}

const SENTENCES: Readonly<Record<string, string>> = {
  ROOT_MALFORMED:
    '签署不足、重复,或不是对这份声明的签署 Too few signatures, one root twice, or signatures over another declaration',
  ROOT_DECLARED_ALREADY: '根已经声明 The root is declared already',
  ACTION_SIGNATURE: '有签名无效,或签署人不在声明之中 A signature is wrong, or its root is not declared',
  ACTION_EXPIRED: '有签署已过期,请重新签署 A signature has expired; sign again',
};

/** Enters the declaration as entry 0 and signs the first checkpoint over it, before its signatures expire. */
export async function declareFromFile(
  deps: BallotDeps,
  config: Config,
  { file, text }: { readonly file: string; readonly text: string },
  signed: readonly SignedRootAction[],
  out: CommandOutput,
): Promise<number> {
  const entry = declarationIn(text);
  if (entry === undefined) {
    out.stderr(
      `不是根声明,或内容与其哈希不符 Not a declaration, or its bytes are not those that it names: ${file}\n`,
    );
    return EX_DATA;
  }
  const others = differences(entry, config);
  if (others.length > 0) {
    out.stderr(`声明与本机配置不符 The declaration differs from the settings: ${others.join('; ')}\n`);
    return EX_CONFIG;
  }
  const { evidence: _, ...unsigned } = { evidence: [], ...entry };
  const declared = await declareRoot(deps, unsigned, signed);
  if (!declared.ok) {
    const { code } = declared.refusal;
    out.stderr(`${SENTENCES[code] ?? '签署被拒绝 The signatures are refused'} (${code})\n`);
    return EX_REFUSED;
  }
  await sequenceOnce(deps.log);
  const published = await publishOnce(deps.log);
  if (!published.ok) {
    out.stderr(
      `声明已写入,检查点将在启动时签署 Entered; the start will sign the checkpoint (${published.refusal.code}).\n`,
    );
    return EX_OK;
  }
  out.stdout(
    `根已声明 The root is declared: ${entry.threshold}/${entry.roots.length}, ${subjectOf(unsigned)}\n`,
  );
  return EX_OK;
}
