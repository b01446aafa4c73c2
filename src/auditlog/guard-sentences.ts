/** What a refusal to sign means, and what to do about it, for the person who keeps the service (SPEC 7.1, operating §9). */
import type { LogGuardRefusal } from './domain/guard.ts';

const fact = (refusal: LogGuardRefusal, name: string): string => String(refusal.facts?.[name] ?? '?');

const FORKED_AT: Readonly<Record<string, string>> = {
  guard: '库外存底 the guard',
  checkpoint: '已签检查点 the newest signed checkpoint',
  head: '日志头 the head of the log',
};

const SENTENCES: Readonly<Record<LogGuardRefusal['code'], (refusal: LogGuardRefusal) => string>> = {
  LOG_GUARD_ROLLED_BACK: (refusal) =>
    `数据库只有 ${fact(refusal, 'size')} 个条目,而已签到 ${fact(refusal, 'kept')}:恢复了旧备份、落后的备库或错误的数据目录。` +
    `请把数据库恢复到至少 ${fact(refusal, 'kept')} 个条目,不要改动存底。` +
    ` The database has ${fact(refusal, 'size')} entries and ${fact(refusal, 'kept')} were signed: an old backup, a lagging standby or a` +
    ` wrong data folder. Recover it to at least ${fact(refusal, 'kept')} entries; do not edit the guard.`,
  LOG_GUARD_FORKED: (refusal) =>
    `数据库在 ${fact(refusal, 'kept')} 处的内容与${FORKED_AT[refusal.where ?? ''] ?? 'signed'}不符,属安全事件:保留两份数据,通知主管部门,` +
    `运行 owners-vote log check。 At size ${fact(refusal, 'kept')} the database holds other entries or tiles than what was signed: an` +
    ' incident. Keep both copies, call the regulator, run owners-vote log check. Never sign.',
  LOG_GUARD_MISSING: () =>
    '日志签过名而库外存底不在:密钥目录没有挂载或已丢失。请挂载或恢复最新的密钥目录;确已丢失的,用 owners-vote log guard 凭见证方保存的检查点重建。' +
    ' The log has signed before and its guard is gone: mount or restore the newest keys folder; where it is lost, rebuild it with' +
    ' owners-vote log guard from a checkpoint that a witness kept.',
  LOG_GUARD_UNREADABLE: (refusal) =>
    `库外存底损坏 ${refusal.where ?? ''}:恢复最新的一份,或用 owners-vote log guard 重建。` +
    ' The guard is damaged: restore its newest copy, or rebuild it with owners-vote log guard.',
  LOG_GUARD_FOREIGN: (refusal) =>
    refusal.facts?.['kept'] === undefined
      ? '数据库的检查点不是本密钥所签:日志密钥或 LOG_ORIGIN 变了,请换回原来的。' +
        ' The checkpoints of the database are not signed by this key: put the former log key, PORT, ORIGIN or LOG_ORIGIN back.'
      : `库外存底属于另一个日志 ${fact(refusal, 'kept')},本服务是 ${fact(refusal, 'origin')}:请换回原来的 PORT、ORIGIN、LOG_ORIGIN 或密钥目录。` +
        ` The guard is of the log ${fact(refusal, 'kept')}, this service is ${fact(refusal, 'origin')}: put the former setting or keys folder back.`,
};

/** One sentence in both languages: the code, why, and what to do. */
export const guardSentence = (refusal: LogGuardRefusal): string =>
  `${refusal.code}: ${SENTENCES[refusal.code](refusal)}`;
