/** The notice of a meeting: an owner who opens it signed in has been served, and the page tells him so (SPEC 5.1). */
import { useState } from 'preact/hooks';
import type { MeetingAnswer } from '../../assembly/contract.ts';
import type { ReadingAnswer } from '../../assembly/delivery-contract.ts';
import { fromBase64Url } from '../../base/bytes.ts';
import type { Definition } from '../../record/meeting.ts';
import { countsSilence, definitionForm, textHash } from '../../record/meeting.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { PlainText } from '../kit/plain-text.tsx';
import { Status } from '../kit/status.tsx';
import { timeWords } from '../kit/times.ts';
import { t } from './notice-words.ts';
import type { OwnMeeting } from './own-meetings.ts';
import { useMeetings } from './own-meetings.ts';
import type { SectionProps } from './section-props.ts';

/** As long as the reading counts. */
const STATES = ['noticed', 'armed', 'open', 'paused'];

type Notice = { readonly definition: Definition; readonly textOf: (hash: string) => string };

/** The definition with its texts, or undefined where one is not what its hash names. */
function noticeOf({ definition, texts }: MeetingAnswer, meeting: string): Notice | undefined {
  const parsed = definitionForm.parse(fromBase64Url(definition) ?? new Uint8Array());
  if (!parsed.ok || parsed.value.meeting !== meeting) return undefined;
  const bodies = new Map(
    texts.filter(({ hash, body }) => textHash(body) === hash).map((each) => [each.hash, each.body]),
  );
  const wanted = [parsed.value.notice.textHash, ...parsed.value.proposals.map((each) => each.textHash)];
  if (!wanted.every((hash) => bodies.has(hash))) return undefined;
  return { definition: parsed.value, textOf: (hash) => bodies.get(hash) ?? '' };
}

function NoticeText({ definition, textOf }: Notice) {
  return (
    <>
      {countsSilence(definition) && <Status kind="wait" title={t('silence')} />}
      <PlainText body={textOf(definition.notice.textHash)} />
      <h3>{t('motions')}</h3>
      <ol>
        {definition.proposals.map((each) => (
          <li key={each.proposal}>
            <p>
              <strong>{each.title}</strong>
            </p>
            <PlainText body={textOf(each.textHash)} />
          </li>
        ))}
      </ol>
    </>
  );
}

function NoticeOf({ meeting }: { readonly meeting: OwnMeeting }) {
  const [notice, setNotice] = useState<Notice | 'changed'>();
  const [readAt, setReadAt] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const open = async () => {
    setBusy(true);
    setProblem(undefined);
    const path = `/v1/meetings/${meeting.meeting}`;
    const served = await call<MeetingAnswer>('GET', path);
    const found = served.ok ? (noticeOf(served.value, meeting.meeting) ?? 'changed') : undefined;
    // What is not shown was not read.
    const read =
      typeof found === 'object' ? await call<ReadingAnswer>('POST', `${path}/notice/readings`) : undefined;
    setBusy(false);
    if (!served.ok) setProblem(served.problem.sentence);
    setNotice(found);
    if (read?.ok === true) setReadAt(read.value.readAt);
    else if (read !== undefined) setProblem(read.problem.sentence);
  };
  const { opens, closes } = meeting;
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t('lead', { meeting: meeting.title, opens: timeWords(opens), closes: timeWords(closes) })}</p>
      {problem !== undefined && <Status kind="wait" title={problem} />}
      {notice === 'changed' && <Status kind="stop" title={t('changed')} />}
      {typeof notice === 'object' && <NoticeText {...notice} />}
      {readAt !== undefined && <Status kind="good" title={t('readAt', { at: timeWords(readAt) })} />}
      {typeof notice !== 'object' && (
        <>
          <p class="soft">{t('note')}</p>
          <Button busy={busy} onClick={() => void open()}>
            {t('open')}
          </Button>
        </>
      )}
    </section>
  );
}

export function NoticeSection({ owner }: Pick<SectionProps, 'owner'>) {
  const meetings = useMeetings(owner.community, STATES);
  return (
    <>
      {meetings.map((each) => (
        <NoticeOf key={each.meeting} meeting={each} />
      ))}
    </>
  );
}
