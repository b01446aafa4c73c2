/** What owners are told: what waits, what failed, paper to print and post; never a recipient on the screen (SPEC 3.7). */
import { useEffect, useState } from 'preact/hooks';
import { toBase64Url } from '../../base/bytes.ts';
import type { AnnouncementsAnswer } from '../../notice/contract.ts';
import type { OfficerAnswer } from '../../officers/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { draw } from '../kit/draw.ts';
import { Scroll } from '../kit/scroll.tsx';
import { Status } from '../kit/status.tsx';
import { timeWords } from '../kit/times.ts';
import { NoticeAccesses } from './notice-accesses.tsx';
import { t, wordOf } from './notice-words.ts';

/** Roles whom the service tells about announcements. */
const READERS: readonly string[] = ['registrar', 'street', 'regulator'];

const countOf = ({ counts }: AnnouncementsAnswer, state: string, channel?: string): number =>
  counts
    .filter((each) => each.state === state && (channel === undefined || each.channel === channel))
    .reduce((sum, { count }) => sum + count, 0);

function Gateway({ view }: { readonly view: AnnouncementsAnswer }) {
  // Whom an e-mail did not reach was told by another channel.
  const failed = countOf(view, 'failed') - countOf(view, 'failed', 'email');
  const waiting = countOf(view, 'queued', 'webhook');
  const isUsed = view.counts.some(({ channel }) => channel === 'webhook');
  return (
    <>
      {!isUsed && <p class="soft">{t('gatewayNone')}</p>}
      {isUsed && waiting === 0 && <p class="soft">{t('gatewayIdle')}</p>}
      {waiting > 0 && <Status kind="wait" title={t('gatewayWaiting', { count: waiting })} />}
      {failed > 0 && <Status kind="warn" title={t('gatewayFailed', { count: failed })} />}
    </>
  );
}

function Counts({ counts }: Pick<AnnouncementsAnswer, 'counts'>) {
  if (counts.length === 0) return <p class="soft">{t('none')}</p>;
  return (
    <table>
      <caption>{t('counts')}</caption>
      <thead>
        <tr>
          {(['channel', 'state', 'count'] as const).map((name) => (
            <th scope="col" key={name}>
              {t(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {counts.map(({ channel, state, count }) => (
          <tr key={`${channel} ${state}`}>
            <th scope="row">{wordOf('channel', channel)}</th>
            <td>{wordOf('state', state)}</td>
            <td class="number">{count}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Latest({ latest }: Pick<AnnouncementsAnswer, 'latest'>) {
  if (latest.length === 0) return null;
  const names = ['event', 'index', 'channel', 'state', 'queuedAt', 'attempts', 'error'] as const;
  return (
    <details>
      <summary>{t('latest')}</summary>
      <Scroll label={t('latest')}>
        <table>
          <thead>
            <tr>
              {names.map((name) => (
                <th scope="col" key={name}>
                  {t(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {latest.map((row) => (
              <tr key={row.announcement}>
                <th scope="row">{wordOf('event', row.event)}</th>
                <td class="number">{row.index}</td>
                <td>{wordOf('channel', row.channel)}</td>
                <td>{wordOf('state', row.state)}</td>
                <td>{timeWords(row.queuedAt)}</td>
                <td class="number">{row.attempts}</td>
                <td>{row.error === '' ? '' : wordOf('error', row.error)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  );
}

type RunsProps = Pick<AnnouncementsAnswer, 'runs'> & {
  readonly onShow: (run: string) => void;
  readonly onPosted: (run: string) => void;
};

function Runs({ runs, onShow, onPosted }: RunsProps) {
  if (runs.length === 0) return null;
  return (
    <>
      <h3>{t('runs')}</h3>
      <ul class="plain-list">
        {runs.map(({ run, count, printedAt, postedAt }) => (
          <li key={run} class="sheet">
            <p>
              {t('sheets', { count })} · {t('printedAt')} {timeWords(printedAt)} ·{' '}
              {postedAt === '' ? t('notPosted') : `${t('postedAt')} ${timeWords(postedAt)}`}
            </p>
            <div class="actions row">
              <Button kind="quiet" onClick={() => onShow(run)}>
                {t('show')}
              </Button>
              {postedAt === '' && (
                <Button kind="quiet" onClick={() => onPosted(run)}>
                  {t('posted')}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

export type NoticeSectionProps = {
  readonly community: string;
  readonly officer: OfficerAnswer;
  readonly round: number;
  readonly onPrint: (run: string) => void;
};

export function NoticeSection({ community, officer, round, onPrint }: NoticeSectionProps) {
  const [view, setView] = useState<AnnouncementsAnswer>();
  const [problem, setProblem] = useState<string>();
  const [taken, setTaken] = useState<number>();
  const [again, setAgain] = useState(0);
  const mayRead = READERS.includes(officer.role);
  const path = `/v1/communities/${community}`;
  // `round` and `again` are signals, not values that are read.
  useEffect(() => {
    if (!mayRead) return;
    void call<AnnouncementsAnswer>('GET', `${path}/announcements`).then((answer) =>
      answer.ok ? setView(answer.value) : setProblem(answer.problem.sentence),
    );
  }, [path, mayRead, round, again]);
  if (!mayRead) return null;
  const change = async (to: string, key?: string) => {
    setTaken(undefined);
    const answer = await call<{ readonly count?: number }>('POST', `${path}/print-runs${to}`, undefined, key);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
    if (answer.ok) setTaken(answer.value.count);
    setAgain((old) => old + 1);
  };
  return (
    <section>
      <h2>{t('title')}</h2>
      <p class="soft">{t('lead')}</p>
      {problem !== undefined && <Status kind="warn" title={problem} />}
      {view !== undefined && (
        <>
          <Gateway view={view} />
          <Counts counts={view.counts} />
          <Latest latest={view.latest} />
          <p class="soft">{t('takeNote')}</p>
          {taken !== undefined && <Status kind="good" title={t('taken', { count: taken })} />}
          <div class="actions row">
            <Button
              kind="quiet"
              disabled={countOf(view, 'queued', 'print') === 0}
              onClick={() => void change('', toBase64Url(draw(16)))}
            >
              {t('take')}
            </Button>
          </div>
          <Runs runs={view.runs} onShow={onPrint} onPosted={(run) => void change(`/${run}/posted`)} />
        </>
      )}
      {officer.role !== 'registrar' && <NoticeAccesses community={community} />}
    </section>
  );
}
