/** Findings by level and code, as an operator reads them: how many, what to do, and where the first ones stand (DESIGN §7 "Register import"). */
import type { Finding, FindingCode, Level } from './findings.ts';

/** Where one finding stands; `message` is its own sentence. */
export type FindingPlaceShown = Pick<Finding, 'sheet' | 'row' | 'column' | 'header' | 'value' | 'message'>;

export type FindingGroup = {
  readonly code: FindingCode;
  readonly level: Level;
  /** The sentence of the code, without what differs from place to place. */
  readonly title: string;
  readonly hint: string;
  readonly count: number;
  /** The first `MAX_PLACES`, by row; the annotated workbook has all that the file itself holds. */
  readonly places: readonly FindingPlaceShown[];
};

/** A file of twenty thousand wrong rows is still answered in a few pages. */
export const MAX_PLACES = 200;

const LEVELS: readonly Level[] = ['error', 'warning', 'info'];

/** What blocks first, then in the order in which a code was found first. */
export function groupFindings(findings: readonly Finding[]): readonly FindingGroup[] {
  const groups = new Map<string, Finding[]>();
  for (const item of findings) {
    const key = `${LEVELS.indexOf(item.level)} ${item.code}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  const grouped = [...groups.values()].flatMap((items): FindingGroup[] => {
    const [first] = items;
    if (first === undefined) return [];
    return [
      {
        code: first.code,
        level: first.level,
        title: first.message.replace(/（[^（）]*）$/u, ''),
        hint: first.hint,
        count: items.length,
        places: items.slice(0, MAX_PLACES).map(({ sheet, row, column, header, value, message }) => ({
          sheet,
          row,
          column,
          header,
          value,
          message,
        })),
      },
    ];
  });
  return sortGroups(grouped);
}

/** Groups of several lists as one, what blocks first. */
export const sortGroups = (groups: readonly FindingGroup[]): readonly FindingGroup[] =>
  [...groups].sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));

/** The findings that are shown, one by one. */
export const findingsOf = (groups: readonly FindingGroup[]): readonly Finding[] =>
  groups.flatMap(({ code, level, hint, places }) => places.map((place) => ({ code, level, hint, ...place })));
