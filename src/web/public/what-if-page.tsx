/** `/what-if`: with these votes, would it pass, and what is missing; a form that works without scripts (SPEC 8.1, Civil Code §278). */
import { showSquareMetres } from '../../base/area.ts';
import { Scroll } from '../kit/scroll.tsx';
import { Page } from '../kit/shell.tsx';
import type { InequalityLine } from './inequality-table.tsx';
import { InequalityTable } from './inequality-table.tsx';
import { t } from './what-if-words.ts';
import { t as pageWord } from './words.ts';

/** The rows of the form. */
export const WHAT_IF_ROWS = ['total', 'for', 'against', 'abstain'] as const;
export type WhatIfRow = (typeof WHAT_IF_ROWS)[number];

/** What is wrong with a row, or with the whole form where it has no row. */
export type WhatIfProblem = 'heads' | 'area' | 'oneOnly' | 'tooFew' | 'noMatter';

type Line = {
  readonly left: bigint;
  readonly right: bigint;
  readonly test: 'GE' | 'GT';
  readonly holds: boolean;
};
type Dual = { readonly area: Line; readonly heads: Line };
/** In dm² or heads; `undefined` where those who have not voted are too few. */
type Lack = {
  readonly participants: bigint | undefined;
  readonly consents: bigint | undefined;
  readonly converts: bigint | undefined;
  readonly slack: bigint;
};

export type WhatIfAnswer = {
  readonly outcome: 'NO_SCOPE' | 'NOT_QUORATE' | 'ADOPTED' | 'REJECTED';
  readonly classes: readonly { readonly matter: string; readonly quorum: Dual; readonly pass: Dual }[];
  readonly shortfall: { readonly area: Lack; readonly heads: Lack };
};

export type WhatIfPageProps = {
  readonly choices: readonly { readonly id: string; readonly zh: string }[];
  readonly matters: readonly string[];
  /** As they were typed. */
  readonly typed: readonly { readonly row: WhatIfRow; readonly heads: string; readonly area: string }[];
  readonly problems: readonly { readonly row: WhatIfRow | undefined; readonly problem: WhatIfProblem }[];
  readonly answer: WhatIfAnswer | undefined;
};

const MEASURES = ['heads', 'area'] as const;
type MeasureName = (typeof MEASURES)[number];

const rowWord = (row: WhatIfRow): string => t(`row_${row}`);
const valueWords = (measure: MeasureName, value: bigint): string =>
  measure === 'heads'
    ? t('headsValue', { count: String(value) })
    : t('areaValue', { area: showSquareMetres(value) });

function Problems({ problems }: Pick<WhatIfPageProps, 'problems'>) {
  if (problems.length === 0) return null;
  return (
    <div class="sheet" role="alert">
      <h2>{t('problemTitle')}</h2>
      <ul>
        {problems.map(({ row, problem }) => (
          <li class="error" key={`${row} ${problem}`}>
            {t(`problem_${problem}`, { row: row === undefined ? '' : rowWord(row) })}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Cell({ row, measure, value }: { row: WhatIfRow; measure: MeasureName; value: string }) {
  const name = `${row}${measure === 'heads' ? 'Heads' : 'Area'}`;
  return (
    <td class="field">
      <input
        type="text"
        inputmode={measure === 'heads' ? 'numeric' : 'decimal'}
        autocomplete="off"
        maxlength={20}
        name={name}
        value={value}
        aria-label={t('cell', { row: rowWord(row), measure: t(measure) })}
      />
    </td>
  );
}

function Form({ choices, matters, typed }: Omit<WhatIfPageProps, 'problems' | 'answer'>) {
  return (
    <form class="sheet" method="get" action="/what-if">
      <h2>{t('form')}</h2>
      <fieldset class="choice">
        <legend>{t('matter')}</legend>
        {choices.map(({ id, zh }) => (
          <label class="card" key={id}>
            <input type="checkbox" name="matter" value={id} checked={matters.includes(id)} />
            <span class="card-text">{zh}</span>
          </label>
        ))}
      </fieldset>
      <p class="soft">{t('hint')}</p>
      <table>
        <caption>{t('form')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('row')}</th>
            <th scope="col">{t('heads')}</th>
            <th scope="col">{t('area')}</th>
          </tr>
        </thead>
        <tbody>
          {typed.map(({ row, heads, area }) => (
            <tr key={row}>
              <th scope="row">{rowWord(row)}</th>
              <Cell row={row} measure="heads" value={heads} />
              <Cell row={row} measure="area" value={area} />
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        <button type="submit" name="count" value="1" class="button">
          {t('submit')}
        </button>
      </p>
      <p>
        <a href="/what-if">{t('again')}</a>
      </p>
    </form>
  );
}

function Tests({ classes, choices }: Pick<WhatIfAnswer, 'classes'> & Pick<WhatIfPageProps, 'choices'>) {
  return (
    <>
      {classes.map(({ matter, quorum, pass }) => {
        const name = choices.find(({ id }) => id === matter)?.zh ?? matter;
        const lines = [['quorum', quorum] as const, ['pass', pass] as const].flatMap(([test, dual]) =>
          MEASURES.map((measure): InequalityLine => {
            const { left, test: comparison, right, holds } = dual[measure];
            const relation = comparison === 'GE' ? '>=' : '>';
            return { name, test, measure, left: String(left), relation, right: String(right), holds };
          }),
        );
        return <InequalityTable key={matter} label={`${t('tests')} ${name}`} caption={name} lines={lines} />;
      })}
      <p class="soft">{pageWord('inequalityCaption')}</p>
    </>
  );
}

const LACKS = ['participants', 'consents', 'converts'] as const;

function Missing({ shortfall }: Pick<WhatIfAnswer, 'shortfall'>) {
  return (
    <>
      <h2>{t('missingTitle')}</h2>
      <Scroll label={t('missingTitle')}>
        <table>
          <caption>{t('missingTitle')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('measure')}</th>
              {LACKS.map((lack) => (
                <th scope="col" key={lack}>
                  {t(lack)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {MEASURES.map((measure) => (
              <tr key={measure}>
                <th scope="row">{t(measure)}</th>
                {LACKS.map((lack) => {
                  const value = shortfall[measure][lack];
                  return (
                    <td class="number" key={lack}>
                      {value === undefined
                        ? t('impossible')
                        : value === 0n
                          ? t('none')
                          : valueWords(measure, value)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <p class="soft">{t('missingLead')}</p>
      <p class="soft">{t('impossibleLead')}</p>
    </>
  );
}

function Answer({ answer, choices }: { answer: WhatIfAnswer; choices: WhatIfPageProps['choices'] }) {
  const adopted = answer.outcome === 'ADOPTED';
  const { heads, area } = answer.shortfall;
  return (
    <section class="sheet" id="answer">
      <p>
        <strong class={adopted ? 'tag good' : 'tag stop'}>
          {adopted ? '✓' : '✕'} {t(`outcome_${answer.outcome}`)}
        </strong>
      </p>
      {adopted ? (
        <>
          <h2>{t('slackTitle')}</h2>
          <p>{t('slackLead', { heads: String(heads.slack), area: showSquareMetres(area.slack) })}</p>
        </>
      ) : (
        answer.outcome !== 'NO_SCOPE' && <Missing shortfall={answer.shortfall} />
      )}
      <h2>{t('tests')}</h2>
      <Tests classes={answer.classes} choices={choices} />
    </section>
  );
}

export function WhatIfPage({ problems, answer, ...form }: WhatIfPageProps) {
  return (
    <Page name={pageWord('name')} home="/" wide>
      <h1>{t('title')}</h1>
      <p>{t('lead')}</p>
      <Problems problems={problems} />
      {answer !== undefined && <Answer answer={answer} choices={form.choices} />}
      <Form {...form} />
    </Page>
  );
}
