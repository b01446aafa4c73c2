/** Reads the form of `/what-if` and counts it with the rules of the newest Chinese profile; Civil Code §278, SPEC 8.1. */
import { MATTER_CLASSES, type MatterClassId } from '../assembly/domain/matter-class.ts';
import { CN_2021, defaultParameters } from '../assembly/domain/profile.ts';
import { parseSquareMetres } from '../base/area.ts';
import { decideMotion } from '../tally/domain/outcome.ts';
import type { Counts, Measure } from '../tally/domain/participation.ts';
import { motionShortfall } from '../tally/domain/shortfall.ts';
import type { WhatIfAnswer, WhatIfPageProps, WhatIfProblem, WhatIfRow } from '../web/public/what-if-page.tsx';
import { WHAT_IF_ROWS } from '../web/public/what-if-page.tsx';

const HEADS = /^(?:0|[1-9][0-9]{0,6})$/;
const NOTHING: Measure = { areaDm2: 0n, heads: 0n };

/** What a person types between digits, and digits of a Chinese keyboard. */
const plainNumber = (text: string): string => text.normalize('NFKC').replace(/[\s,]/g, '');

const firstOf = (value: unknown): string => {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === 'string' ? one.slice(0, 20) : '';
};

function mattersOf(value: unknown): readonly MatterClassId[] {
  const wanted: readonly unknown[] = Array.isArray(value) ? value : [value];
  return MATTER_CLASSES.map(({ id }) => id).filter((id) => wanted.includes(id));
}

function measureOf(heads: string, area: string): Measure | WhatIfProblem {
  if (!HEADS.test(heads)) return 'heads';
  const areaDm2 = parseSquareMetres(area);
  if (!areaDm2.ok) return 'area';
  const count = BigInt(heads);
  if (count > 0n !== areaDm2.value > 0n) return 'oneOnly';
  return { areaDm2: areaDm2.value, heads: count };
}

type Rows = ReadonlyMap<WhatIfRow, Measure>;

const sumOf = (rows: Rows, names: readonly WhatIfRow[]): Measure =>
  names
    .map((name) => rows.get(name) ?? NOTHING)
    .reduce((a, b) => ({ areaDm2: a.areaDm2 + b.areaDm2, heads: a.heads + b.heads }), NOTHING);

function answerOf(counts: Counts, matters: readonly MatterClassId[]): WhatIfAnswer {
  const parameters = defaultParameters(CN_2021);
  const decision = decideMotion(counts, matters, parameters);
  return {
    outcome: decision.outcome,
    classes: decision.classes.map(({ matter, quorum, pass }) => ({ matter, quorum, pass })),
    shortfall: motionShortfall(counts, matters, parameters),
  };
}

/** The page for what was asked; a query without any number is the empty form. */
export function whatIfView(query: Readonly<Record<string, unknown>>): WhatIfPageProps {
  const chosen = mattersOf(query['matter']);
  const typed = WHAT_IF_ROWS.map((row) => ({
    row,
    heads: firstOf(query[`${row}Heads`]),
    area: firstOf(query[`${row}Area`]),
  }));
  const form = { matters: chosen, typed, choices: MATTER_CLASSES.map(({ id, zh }) => ({ id, zh })) };
  // A link gives the base alone; only the form says that it wants to know.
  if (query['count'] === undefined) return { ...form, problems: [], answer: undefined };
  const problems: { row: WhatIfRow | undefined; problem: WhatIfProblem }[] = [];
  const rows = new Map<WhatIfRow, Measure>();
  for (const { row, heads, area } of typed) {
    const isEmpty = heads.trim() === '' && area.trim() === '';
    const measure = isEmpty && row !== 'total' ? NOTHING : measureOf(plainNumber(heads), plainNumber(area));
    if (typeof measure === 'string') problems.push({ row, problem: measure });
    else rows.set(row, measure);
  }
  const T = sumOf(rows, ['total']);
  const P = sumOf(rows, ['for', 'against', 'abstain']);
  if (chosen.length === 0) problems.push({ row: undefined, problem: 'noMatter' });
  if (problems.length === 0 && (P.heads > T.heads || P.areaDm2 > T.areaDm2))
    problems.push({ row: 'total', problem: 'tooFew' });
  if (problems.length > 0) return { ...form, problems, answer: undefined };
  return { ...form, problems, answer: answerOf({ T, P, Y: sumOf(rows, ['for']) }, chosen) };
}
