/**
 * Who might be one person under two documents: the same name, and nothing in the numbers that says otherwise. Only officers who
 * have seen the documents know; this finds whom to ask (SPEC 3.8; Judicial Interpretation on Divided Ownership art. 9).
 */
import { compareText } from '../../base/bytes.ts';

/** A person of the register as he is compared. `number` is normalised. */
export type ComparedPerson = {
  readonly person: string;
  readonly docKind: string;
  readonly number: string;
  readonly name: string;
};

/** Two who might be one; `because` says what speaks for it. */
export type MergeCandidate = {
  readonly a: string;
  readonly b: string;
  readonly because: 'number' | 'birth' | 'name';
};

const WITH_BIRTH: readonly string[] = ['resident-id', 'residence-permit', 'foreign-permanent-card'];

/** The day of birth that a number holds, as eight digits; empty where it holds none. */
const birthIn = ({ docKind, number }: ComparedPerson): string =>
  WITH_BIRTH.includes(docKind) && /^\d{17}[\dX]$/.test(number) ? number.slice(6, 14) : '';

const foldName = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/[\s·•．.]/gu, '')
    .toLowerCase();

function compared(a: ComparedPerson, b: ComparedPerson): MergeCandidate['because'] | undefined {
  if (a.number === b.number) return 'number';
  const [birthA, birthB] = [birthIn(a), birthIn(b)];
  if (birthA === '' || birthB === '') return 'name';
  return birthA === birthB ? 'birth' : undefined;
}

const RANK: readonly MergeCandidate['because'][] = ['number', 'birth', 'name'];

/** Pairs of the same name or the same number, those that more speaks for first; at most `limit`. */
export function mergeCandidates(
  persons: readonly ComparedPerson[],
  limit: number,
): readonly MergeCandidate[] {
  const groups = new Map<string, ComparedPerson[]>();
  for (const each of persons)
    for (const key of [`name ${foldName(each.name)}`, `number ${each.number}`]) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [each]);
      else group.push(each);
    }
  const found = new Map<string, MergeCandidate>();
  for (const group of groups.values())
    for (const [at, one] of group.entries())
      for (const other of group.slice(at + 1)) {
        const [first, second] = [one, other].sort((x, y) => compareText(x.person, y.person));
        const because = compared(one, other);
        if (because === undefined || first === undefined || second === undefined) continue;
        found.set(`${first.person} ${second.person}`, { a: first.person, b: second.person, because });
      }
  return [...found.values()]
    .sort(
      (x, y) =>
        RANK.indexOf(x.because) - RANK.indexOf(y.because) || compareText(x.a, y.a) || compareText(x.b, y.b),
    )
    .slice(0, limit);
}
