/** `owners-vote log check`: recomputes the whole log from its entries and says what does not agree (SPEC 7.1). */
import type { CheckProgress, LogFinding } from '../auditlog/checking.ts';
import { checkLog } from '../auditlog/checking.ts';
import type { LogDeps } from '../auditlog/log-deps.ts';
import { toBase64 } from '../base/bytes.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_OK, EX_REFUSED } from './command-output.ts';

/** What each finding means; the codes are for programs. */
export const FINDING_SENTENCES: Readonly<Record<LogFinding['code'], string>> = {
  ENTRY_GAP: '条目序号有缺 an entry is missing',
  ENTRY_BEYOND_HEAD: '有条目序号超出日志 an entry has an index beyond the head',
  LEAF_WRONG: '叶子哈希不符 the leaf hash differs from the entry',
  ENTRY_MALFORMED: '条目内容无法读取 the entry is not well-formed',
  ENTRY_KIND_WRONG: '条目类别栏不符 the kind beside the entry differs from it',
  ENTRY_COMMUNITY_WRONG: '条目小区栏不符 the community beside the entry differs from it',
  ENTRY_MEETING_WRONG: '条目会议栏不符 the meeting beside the entry differs from it',
  TILE_WRONG: '哈希块不符 the tile differs from the entries',
  TILE_STRAY: '有多余的哈希块 tiles that belong to nothing',
  HEAD_ROOT_WRONG: '日志根哈希不符 the root of the head differs',
  CHECKPOINT_ROOT_WRONG: '检查点与条目不一致 the checkpoint is not consistent with the entries',
  CHECKPOINT_BEYOND_HEAD: '检查点超出日志 the checkpoint is beyond the head',
  CHECKPOINT_NOTE_WRONG: '检查点签名不符 the signature of the checkpoint is wrong',
  COSIGNATURE_WRONG: '见证签名不符 the cosignature does not verify',
  GUARD_WRONG: '库外存底与日志不一致 the guard outside the database does not agree',
  GUARD_BEHIND: '库外存底落后于已签检查点 the guard is behind what was signed',
};

/** A log of fewer entries is checked before anybody wonders; a longer one says how far it is after each so many. */
export const PROGRESS_EVERY = 20_000;

/** Says on stderr how far a long check is; the report on stdout stays alone. */
function progressOn(out: CommandOutput): CheckProgress {
  let said = 0;
  return (done, total) => {
    if (total <= PROGRESS_EVERY || done - said < PROGRESS_EVERY) return;
    said = done;
    out.stderr(`已核对 checked ${done} / ${total}\n`);
  };
}

/** Checks, reports, and answers the exit code: 0 where everything agrees. */
export async function checkCommand(out: CommandOutput, isJson: boolean, deps: LogDeps): Promise<number> {
  const { root, ...counts } = await checkLog(deps, progressOn(out));
  const { size, checkpoints, cosignatures, waiting, findings } = counts;
  if (isJson) {
    const report = {
      origin: deps.origin,
      size,
      root: toBase64(root),
      checkpoints,
      cosignatures,
      waiting,
      findings,
    };
    out.stdout(`${JSON.stringify(report)}\n`);
  } else {
    for (const { code, at } of findings) out.stdout(`${code} ${at}: ${FINDING_SENTENCES[code]}\n`);
    out.stdout(
      `${deps.origin}: ${size} 个条目 entries, ${checkpoints} 个检查点 checkpoints, ${cosignatures} 个见证签名 cosignatures, ` +
        `${waiting} 个待编号 waiting, ${findings.length} 处不一致 findings\n`,
    );
  }
  return findings.length === 0 ? EX_OK : EX_REFUSED;
}
