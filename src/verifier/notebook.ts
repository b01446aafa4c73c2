/** Where a run writes what it finds: findings are collected, never thrown, and what nobody checked is `not made` (SPEC 9.2). */
import type { CheckGroup, CheckId, Words } from './check-catalogue.ts';
import { ALWAYS_NOT_MADE, CHECKS } from './check-catalogue.ts';

/** One thing that is not as it must be. */
export type Finding = { readonly where: string; readonly expected: string; readonly found: string };

export type Outcome = 'pass' | 'fail' | 'not made';

/** A check and how it ended; `remark` says why it could not be made, or what it did not cover. */
export type Check = {
  readonly id: CheckId;
  readonly group: CheckGroup;
  readonly zh: string;
  readonly en: string;
  readonly outcome: Outcome;
  readonly findings: readonly Finding[];
  readonly remark?: Words;
};

export type Notebook = {
  /** The check was made in full; without findings it passes. */
  readonly made: (...ids: readonly CheckId[]) => void;
  /** The check, or a part of it, could not be made; it never passes. */
  readonly cannot: (id: CheckId, why: Words) => void;
  /** A limit or a fact that the reader should know; it changes no outcome. */
  readonly remark: (id: CheckId, words: Words) => void;
  readonly finding: (id: CheckId, where: string, expected: string, found: string) => void;
  /** A finding unless both are the same text; answers whether they are. */
  readonly same: (id: CheckId, where: string, expected: string, found: string) => boolean;
  /** A finding unless the condition holds; answers whether it does. */
  readonly holds: (
    id: CheckId,
    where: string,
    condition: boolean,
    expected: string,
    found: string,
  ) => boolean;
  readonly checks: () => readonly Check[];
};

/** An empty notebook for one run. */
export function openNotebook(): Notebook {
  const made = new Set<CheckId>();
  const reasons = new Map<CheckId, Words>();
  const remarks = new Map<CheckId, Words>();
  const findings = new Map<CheckId, Finding[]>();

  const finding: Notebook['finding'] = (id, where, expected, found) => {
    const found_ = findings.get(id) ?? [];
    found_.push({ where, expected, found });
    findings.set(id, found_);
  };
  const holds: Notebook['holds'] = (id, where, condition, expected, found) => {
    if (!condition) finding(id, where, expected, found);
    return condition;
  };

  return {
    made: (...ids) => {
      for (const id of ids) made.add(id);
    },
    cannot: (id, why) => {
      if (!reasons.has(id)) reasons.set(id, why);
    },
    remark: (id, words) => {
      remarks.set(id, words);
    },
    finding,
    holds,
    same: (id, where, expected, found) => holds(id, where, expected === found, expected, found),
    checks: () =>
      CHECKS.map((check) => {
        const faults = findings.get(check.id) ?? [];
        const reason = reasons.get(check.id) ?? ALWAYS_NOT_MADE[check.id];
        const isWhole = made.has(check.id) && reason === undefined;
        const outcome: Outcome = faults.length > 0 ? 'fail' : isWhole ? 'pass' : 'not made';
        const remark = reason ?? remarks.get(check.id) ?? (isWhole ? undefined : NOT_REACHED);
        return { ...check, outcome, findings: faults, ...(remark === undefined ? {} : { remark }) };
      }),
  };
}

const NOT_REACHED: Words = {
  zh: '前面的检查未通过，本项未进行',
  en: 'an earlier check that this one needs did not pass',
};
