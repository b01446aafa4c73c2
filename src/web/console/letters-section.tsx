/** Letters of a community: how far they are, and who has none; the registrar uploads, finds, revokes and opens them (SPEC 3.2, 3.5). */
import { useEffect, useState } from 'preact/hooks';
import type { LettersOverview } from '../../identity/contract.ts';
import type { OfficerAnswer } from '../../officers/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Status } from '../kit/status.tsx';
import { dayWords } from '../kit/times.ts';
import { offerFile } from './download.ts';
import { LettersFinding } from './letters-finding.tsx';
import { LettersUpload } from './letters-upload.tsx';
import { t } from './letters-words.ts';
import { callProved } from './proof.ts';

/** Roles whom the service tells about letters. */
const READERS: readonly string[] = ['registrar', 'committee', 'street', 'regulator'];

function Batches({ batches }: Pick<LettersOverview, 'batches'>) {
  return (
    <table>
      <caption>{t('batches')}</caption>
      <thead>
        <tr>
          {(['batch', 'state', 'made', 'used', 'ended', 'locked', 'until'] as const).map((name) => (
            <th scope="col" key={name}>
              {t(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {batches.map(({ batch, reissue, state, made, used, ended, locked, until }) => (
          <tr key={batch}>
            <th scope="row">
              {t(reissue === '' ? 'batchKind_issued' : 'batchKind_reissued')}{' '}
              <span class="mono">{batch.slice(0, 6)}</span>
            </th>
            <td>{t(`state_${state}`)}</td>
            <td>{made}</td>
            <td>{used}</td>
            <td>{ended}</td>
            <td>{locked}</td>
            <td>{until === '' ? t('noEnd') : dayWords(until)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Buildings({ buildings }: Pick<LettersOverview, 'buildings'>) {
  return (
    <table>
      <caption>{t('buildings')}</caption>
      <thead>
        <tr>
          {(['building', 'persons', 'letters', 'used', 'locked'] as const).map((name) => (
            <th scope="col" key={name}>
              {t(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {buildings.map(({ building, persons, letters, used, locked }) => (
          <tr key={building}>
            <th scope="row">{building}</th>
            <td>{persons}</td>
            <td>{letters}</td>
            <td>{used}</td>
            <td>{locked}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Without({ without, withoutCount }: Pick<LettersOverview, 'without' | 'withoutCount'>) {
  if (withoutCount === 0) return null;
  return (
    <details>
      <summary>{t('without', { count: withoutCount })}</summary>
      <ul>
        {without.map(({ name, places }) => (
          <li key={`${name} ${places.join()}`}>{t('withoutOne', { name, places: places.join('、') })}</li>
        ))}
      </ul>
      {without.length < withoutCount && <p class="soft">{t('withoutMore')}</p>}
    </details>
  );
}

function RosterButton({ community }: { readonly community: string }) {
  const [problem, setProblem] = useState<string>();
  const fetchRoster = async () => {
    const answer = await callProved<unknown>('GET', `/v1/communities/${community}/roster`);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
    if (answer.ok) offerFile('roster.json', `${JSON.stringify(answer.value)}\n`);
  };
  return (
    <div class="sheet">
      <p>{t('rosterNote')}</p>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      <Button kind="quiet" onClick={() => void fetchRoster()}>
        {t('roster')}
      </Button>
    </div>
  );
}

export type LettersSectionProps = {
  readonly community: string;
  readonly officer: OfficerAnswer;
  /** Changes when something was signed or drafted elsewhere on the page. */
  readonly round: number;
  readonly onChanged: () => void;
};

export function LettersSection({ community, officer, round, onChanged }: LettersSectionProps) {
  const [overview, setOverview] = useState<LettersOverview>();
  const [problem, setProblem] = useState<string>();
  const mayRead = READERS.includes(officer.role);
  // `round` is a signal, not a value that is read.
  useEffect(() => {
    if (!mayRead) return;
    void call<LettersOverview>('GET', `/v1/communities/${community}/letters`).then((answer) => {
      if (answer.ok) setOverview(answer.value);
      setProblem(answer.ok ? undefined : answer.problem.sentence);
    });
  }, [community, mayRead, round]);
  if (!mayRead) return null;
  return (
    <section>
      <h2>{t('title')}</h2>
      <p class="soft">{t('lead')}</p>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {overview !== undefined && (
        <>
          {overview.batches.length === 0 ? <p>{t('noBatches')}</p> : <Batches batches={overview.batches} />}
          {overview.buildings.length > 0 && <Buildings buildings={overview.buildings} />}
          <p class="soft">{t('usedNote')}</p>
          <Without without={overview.without} withoutCount={overview.withoutCount} />
        </>
      )}
      {officer.role === 'registrar' && (
        <>
          <RosterButton community={community} />
          <div class="sheet">
            <p>{t('pageNote')}</p>
            <a class="button quiet" href="/console/letters">
              {t('page')}
            </a>
          </div>
          <LettersUpload community={community} onChanged={onChanged} />
          <LettersFinding community={community} onChanged={onChanged} />
        </>
      )}
    </section>
  );
}
