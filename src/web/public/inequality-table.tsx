/** Both sides of every inequality of a count, and whether it holds (SPEC 8.1). */
import { Scroll } from '../kit/scroll.tsx';
import { t } from './words.ts';

/** One line; `name` stands before the test where a table has several classes. */
export type InequalityLine = {
  readonly name: string;
  readonly test: 'quorum' | 'pass';
  readonly measure: 'area' | 'heads';
  readonly left: string;
  readonly relation: '>=' | '>';
  readonly right: string;
  readonly holds: boolean;
};

/** How a relation of the record is written for people. */
const RELATIONS = { '>=': '≥', '>': '>' } as const;

export type InequalityTableProps = {
  /** Of the frame in which it scrolls. */
  readonly label: string;
  readonly caption: string;
  readonly lines: readonly InequalityLine[];
  readonly isNamed?: boolean;
};

export function InequalityTable({ label, caption, lines, isNamed = false }: InequalityTableProps) {
  return (
    <Scroll label={label}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t('test')}</th>
            <th scope="col">{t('formula')}</th>
            <th scope="col">{t('holds')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ name, test, measure, left, relation, right, holds }) => (
            <tr key={`${name} ${test} ${measure}`}>
              <th scope="row">
                {isNamed && `${name} `}
                {t(test === 'quorum' ? 'testQuorum' : 'testPass')}
                {t(measure === 'area' ? 'measureArea' : 'measureHeads')}
              </th>
              <td class="number">
                {left} {RELATIONS[relation]} {right}
              </td>
              <td class="keep">{holds ? `✓ ${t('yes')}` : `✕ ${t('no')}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
