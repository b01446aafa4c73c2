/** The report of a run for people, Chinese first: numbered checks, their findings, and what may be concluded (SPEC 9.2). */
import type { Words } from './check-catalogue.ts';
import { GROUPS } from './check-catalogue.ts';
import { BY_BROWSER } from './late-changes.ts';
import type { Check, Outcome } from './notebook.ts';
import { READABLE } from './tally-checks.ts';
import type { Report } from './verify.ts';

/** Further findings of one check are counted, not printed. */
const PRINTED_FINDINGS = 10;

const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  pass: '通过 pass',
  fail: '未通过 FAIL',
  'not made': '未进行 not made',
};

/** How many checks ended in each way. */
const tallyOf = (checks: readonly Check[], outcome: Outcome): number =>
  checks.filter((check) => check.outcome === outcome).length;

/** Whether the run is a refusal: a failed check, or under `--strict` no trust from outside. */
export const isRefused = (report: Report, isStrict: boolean): boolean =>
  tallyOf(report.checks, 'fail') > 0 || (isStrict && !report.isTrustGiven);

const both = ({ zh, en }: Words): string => `${zh} ${en}`;

/** The whole report as text. */
export function printReport(report: Report, isStrict: boolean): string {
  const lines = [
    `核验 verification: ${report.title}`.trimEnd(),
    `会议 meeting ${report.meeting} (${report.audience === 'public' ? '公开包 public bundle' : '审计包 auditor bundle'})`,
  ];
  if (!report.isTrustGiven) {
    lines.push('', 'TRUST-01 未确立 not established');
    lines.push('请将下列指纹与张贴的公告逐一核对 Compare these fingerprints with the printed notice:');
    for (const { zh, en, value } of report.fingerprints) lines.push(`  ${zh} ${en}: ${value}`);
  }
  if (report.isDemo) lines.push('', '演示根密钥：结果仅供演示 demo root: for demonstration only');
  if (report.isBoxWithServer) lines.push(both(READABLE));
  if (report.lettersFrom === 'browser') lines.push(both(BY_BROWSER));
  for (const { title, proposal, index, documentHash } of report.annulled) {
    const name = printable(title === '' ? proposal : title);
    lines.push(
      `决议已被撤销 resolution annulled: ${name} (日志 log ${index}, 文书 SHA-256 document ${documentHash})`,
    );
  }
  let number = 0;
  for (const { group, zh, en } of GROUPS) {
    lines.push('', `${zh} ${en}`);
    for (const check of report.checks.filter((one) => one.group === group)) {
      number += 1;
      lines.push(...printCheck(check, number));
    }
  }
  lines.push('', ...conclusion(report, isStrict));
  return `${lines.join('\n')}\n`;
}

function printCheck(check: Check, number: number): readonly string[] {
  const lines = [
    `${String(number).padStart(2)}. ${check.id} ${OUTCOME_WORDS[check.outcome]}`,
    `    ${check.zh}`,
    `    ${check.en}`,
  ];
  if (check.remark !== undefined) lines.push(`    (${check.remark.zh}; ${check.remark.en})`);
  for (const { where, expected, found } of check.findings.slice(0, PRINTED_FINDINGS)) {
    lines.push(`    - ${printable(where)}`);
    lines.push(`      应为 expected: ${printable(expected)}`, `      实为 found: ${printable(found)}`);
  }
  const more = check.findings.length - PRINTED_FINDINGS;
  if (more > 0) lines.push(`    - 另有 ${more} 处 and ${more} more`);
  return lines;
}

/** Texts of a bundle are its maker's: no control character of theirs reaches a terminal. */
const printable = (text: string): string => text.replace(/\p{Cc}/gu, '�').slice(0, 400);

function conclusion(report: Report, isStrict: boolean): readonly string[] {
  const [pass, fail, open] = (['pass', 'fail', 'not made'] as const).map((one) =>
    tallyOf(report.checks, one),
  );
  const counts = `${pass} 项通过 passed, ${fail} 项未通过 failed, ${open} 项未进行 not made`;
  if (fail !== 0) return [counts, '核验未通过：本包有错误 This bundle does not verify.'];
  if (report.isTrustGiven) {
    return [
      counts,
      '已进行的检查全部通过，且与外部信任文件一致 All checks made passed, against the trust file given.',
    ];
  }
  const caveat = '自身一致，但未与外部任何信息比对 Consistent, compared with nothing outside.';
  return isStrict
    ? [counts, caveat, '严格模式要求信任文件 --strict demands a trust file.']
    : [counts, caveat];
}

/** The report as one JSON value. */
export const jsonReport = (report: Report, isStrict: boolean): string =>
  `${JSON.stringify({ ok: !isRefused(report, isStrict), ...report })}\n`;
