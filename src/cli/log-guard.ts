/** `owners-vote log guard`: makes a lost guard again from what others kept, or says why it may not be made (SPEC 7.1, 7.4). */
import { readFileSync } from 'node:fs';
import type { RebuildRefusal, RebuiltGuard } from '../auditlog/guard-rebuilding.ts';
import { rebuildGuard, rebuildGuardByWitnesses } from '../auditlog/guard-rebuilding.ts';
import type { LogDeps } from '../auditlog/log-deps.ts';
import { fromUtf8, toBase64 } from '../base/bytes.ts';
import { showInstant } from '../base/instant.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_OK, EX_REFUSED } from './command-output.ts';

/** Where the evidence comes from: a file that somebody kept, or the witnesses as they answer now. */
export type GuardEvidence = { readonly file: string } | 'witnesses';

/** EVIDENCE_UNREADABLE: the file is not there, or is no text. */
type GuardRefusal = RebuildRefusal | { readonly code: 'EVIDENCE_UNREADABLE'; readonly where: string };

const fact = (refusal: GuardRefusal, name: string): string =>
  String(('facts' in refusal ? refusal.facts?.[name] : undefined) ?? '?');

const SENTENCES: Readonly<Record<GuardRefusal['code'], (refusal: GuardRefusal) => string>> = {
  EVIDENCE_UNREADABLE: ({ where }) => `文件无法读取 The file cannot be read as text: ${where ?? ''}`,
  CHECKPOINT_MALFORMED: () =>
    '文件不是检查点,请用 /log/checkpoint 原样保存的文件。 The file is no checkpoint: give it as /log/checkpoint served it, unchanged.',
  CHECKPOINT_KEY: () => '日志密钥无法使用。 The key of the log cannot be used.',
  CHECKPOINT_ORIGIN: () =>
    '检查点属于另一个日志,请核对 LOG_ORIGIN 与密钥目录。 The checkpoint is of another log: look at LOG_ORIGIN and the keys folder.',
  CHECKPOINT_SIGNATURE: () =>
    '检查点上的日志签名不符。 The signature of the log under the checkpoint is wrong.',
  CHECKPOINT_UNSIGNED: () =>
    '检查点没有本日志密钥的签名,请核对 log.key。 The checkpoint is not signed by this key of the log: look at log.key.',
  GUARD_STANDS: (refusal) =>
    `库外存底完好,在 ${fact(refusal, 'size')} 处,不得替换 ${refusal.where ?? ''}。` +
    ` The guard can be read, at size ${fact(refusal, 'size')}, and is not replaced.`,
  LOG_PUBLISHER_BUSY: () =>
    '另一个进程正在签名,请停止服务后重试。 Another process publishes: stop the service and try again.',
  EVIDENCE_QUORUM: (refusal) =>
    `见证方签名只有 ${fact(refusal, 'has')} 个,需要 ${fact(refusal, 'quorum')} 个。` +
    ` ${fact(refusal, 'has')} of the configured witnesses stand under the checkpoint, ${fact(refusal, 'quorum')} are needed.`,
  EVIDENCE_OLD: (refusal) =>
    `该检查点在 ${fact(refusal, 'evidence')} 处,而数据库已签到 ${fact(refusal, 'signed')},请向见证方或监督方索取最新的。` +
    ` The checkpoint is of size ${fact(refusal, 'evidence')} and the database has signed ${fact(refusal, 'signed')}: ask for the newest that anybody kept.`,
  EVIDENCE_AHEAD: (refusal) =>
    `外部已见 ${fact(refusal, 'evidence')} 个条目,数据库只有 ${fact(refusal, 'size')}:数据库被恢复到旧状态,请先恢复数据库 ${refusal.where ?? ''}。` +
    ` Others saw ${fact(refusal, 'evidence')} entries and the database has ${fact(refusal, 'size')}: it was put back. Recover the database first.`,
  EVIDENCE_FORKED: (refusal) =>
    `数据库在 ${fact(refusal, 'evidence')} 处的内容与外部所见不同,属安全事件:保留两份数据,通知主管部门 ${refusal.where ?? ''}。` +
    ` At size ${fact(refusal, 'evidence')} the database holds other entries than others saw: an incident. Keep both copies, call the regulator.`,
  EVIDENCE_NO_WITNESS: () =>
    '没有配置见证方,无从询问,请用 --checkpoint。 No quorum of witnesses is configured, so none can be asked: use --checkpoint.',
  NOTHING_SIGNED: () =>
    '数据库里没有已签检查点,无从询问,请核对数据库或用 --checkpoint。 The database holds no signed checkpoint to ask about: look whether it is the right one, or use --checkpoint.',
};

function readEvidence(path: string): string | undefined {
  try {
    return fromUtf8(readFileSync(path));
  } catch {
    return undefined;
  }
}

function tellMade(out: CommandOutput, isJson: boolean, path: string, made: RebuiltGuard): void {
  const { checkpoint, cosigners, damagedCopy } = made;
  const root = toBase64(checkpoint.root);
  const witnesses = cosigners.map(({ name, at }) => ({ name, at: showInstant(at * 1000) }));
  if (isJson) {
    const report = { made: true, guard: path, size: checkpoint.size, root, cosigners: witnesses };
    out.stdout(
      `${JSON.stringify(damagedCopy === undefined ? report : { ...report, damaged: damagedCopy })}\n`,
    );
    return;
  }
  const under = witnesses.map(({ name, at }) => `${name} ${at}`).join(', ');
  out.stdout(`库外存底已重建 the guard is made again: ${path}\n`);
  out.stdout(`  条目数 size ${checkpoint.size}\n  根哈希 root ${root}\n`);
  out.stdout(
    under === ''
      ? '  无见证方签名,仅凭该文件 no witness stands under it: the file is all the evidence there is\n'
      : `  见证方 cosigned by ${under}\n`,
  );
  if (damagedCopy !== undefined) out.stdout(`  损坏的存底另存 the damaged one is kept as ${damagedCopy}\n`);
}

function tellRefused(out: CommandOutput, isJson: boolean, refusal: GuardRefusal): number {
  if (isJson) out.stdout(`${JSON.stringify({ made: false, ...refusal })}\n`);
  else out.stderr(`${refusal.code}: ${SENTENCES[refusal.code](refusal)}\n`);
  return EX_REFUSED;
}

/** Makes the guard and says what it holds now, or refuses; answers the exit code. */
export async function guardCommand(
  out: CommandOutput,
  isJson: boolean,
  deps: LogDeps,
  evidence: GuardEvidence,
): Promise<number> {
  if (evidence === 'witnesses') {
    const made = await rebuildGuardByWitnesses(deps);
    if (!made.ok) return tellRefused(out, isJson, made.refusal);
    tellMade(out, isJson, deps.guardPath, made.value);
    return EX_OK;
  }
  const note = readEvidence(evidence.file);
  if (note === undefined)
    return tellRefused(out, isJson, { code: 'EVIDENCE_UNREADABLE', where: evidence.file });
  const made = await rebuildGuard(deps, note);
  if (!made.ok) return tellRefused(out, isJson, made.refusal);
  tellMade(out, isJson, deps.guardPath, made.value);
  return EX_OK;
}
