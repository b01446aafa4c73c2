/** A meeting in public: notice, proposals with their thresholds, turnout, and how to check it all (SPEC 5, 6.10, 8.2). */

import { hasArchive } from '../../record/archive.ts';
import type { StepState } from '../../record/entry.ts';
import { PlainText } from '../kit/plain-text.tsx';
import { Page } from '../kit/shell.tsx';
import type { Measure } from '../kit/threshold-bars.tsx';
import { ThresholdBars } from '../kit/threshold-bars.tsx';
import { dayWords, timeWords } from '../kit/times.ts';
import { stateWord } from '../kit/words.ts';
import { AnnulledSummary } from './annulled.tsx';
import { documentsOf } from './documents/document-names.ts';
import type { ResultSectionProps } from './result-section.tsx';
import { ResultSection } from './result-section.tsx';
import { t } from './words.ts';

/** A share that must be reached. */
export type Share = { readonly num: number; readonly den: number; readonly test: 'GE' | 'GT' };

export type PublicProposal = {
  readonly proposal: string;
  readonly title: string;
  readonly text: string;
  readonly matters: readonly string[];
  /** Why it is of these classes; empty where the statute's words say it. */
  readonly basis: string;
  readonly scope: string;
  readonly rule: string;
  /** Further sentences: candidates, what a resolution opens of the fund. */
  readonly more: readonly string[];
  readonly turnout: Measure | undefined;
  /** Address of the form that counts what might be; empty for an election. */
  readonly whatIf: string;
};

export type MeetingPageProps = {
  readonly meeting: string;
  readonly community: string;
  /** Whether the community's own rules stand behind the parameters. */
  readonly hasOwnRules: boolean;
  /** Whether a proposal would open the maintenance fund. */
  readonly usesFund: boolean;
  readonly communityName: string;
  readonly title: string;
  readonly convener: string;
  readonly state: string;
  readonly publishedOn: string;
  readonly opens: string;
  readonly closes: string;
  /** The first close, where the vote was extended; else empty. */
  readonly extendedFrom: string;
  /** The pauses of the vote; `resumedAt` is empty while one lasts. */
  readonly pauses: readonly {
    readonly pausedAt: string;
    readonly resumedAt: string;
    readonly reason: string;
  }[];
  readonly objectionsUntil: string;
  readonly noticeText: string;
  /** What followed from the resolutions, in the order of the log. */
  readonly followUps: readonly {
    readonly title: string;
    readonly step: string;
    readonly state: StepState;
    readonly dueOn: string;
    readonly text: string;
  }[];
  readonly today: string;
  /** What owners asked before the notice, with the answers; empty where nobody was asked. */
  readonly questions: string;
  /** Of the frozen roll; undefined before it is frozen into the definition. */
  readonly roll: { readonly root: string; readonly size: number } | undefined;
  readonly proposals: readonly PublicProposal[];
  readonly quorum: Share;
  readonly result: ResultSectionProps | undefined;
  readonly check: {
    readonly origin: string;
    readonly logVkey: string;
    readonly fingerprint: string;
    readonly witnesses: number;
    readonly quorum: number;
    readonly meetingHash: string;
    readonly recordHash: string;
  };
  readonly demo: boolean;
};

const FRACTIONS: Readonly<Record<string, string>> = {
  '1/2': '二分之一',
  '2/3': '三分之二',
  '3/4': '四分之三',
};

/** A share in words, as the Civil Code speaks: 以上 includes the number, 过半数 does not (§1259). */
export function shareWords({ num, den, test }: Share): string {
  const text = `${num}/${den}`;
  const fraction = FRACTIONS[text] ?? text;
  if (test === 'GE') return t('shareGe', { fraction });
  return text === '1/2' ? t('shareHalf') : t('shareGt', { fraction });
}

/** Both conditions of a proposal, and the warning of a clause of silence where one counts. */
export const ruleWords = (quorum: Share, pass: Share, isSilenceCounted: boolean): string =>
  t('ruleText', {
    quorum: t('quorumText', { share: shareWords(quorum) }),
    pass: t('passText', { share: shareWords(pass) }),
  }) + (isSilenceCounted ? t('silenceWarning') : '');

/** Names and values; what is empty is left out. */
export function Pairs({ rows }: { readonly rows: readonly (readonly [string, string])[] }) {
  return (
    <dl class="pairs">
      {rows
        .filter(([, value]) => value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function ProposalSection({ each, at, quorum }: { each: PublicProposal; at: number; quorum: Share }) {
  return (
    <section class="sheet">
      <p class="kicker">{t('proposalAt', { at: at + 1 })}</p>
      <h3>{each.title}</h3>
      <PlainText body={each.text} />
      <Pairs
        rows={[
          [t('matters'), each.matters.join('、')],
          ...(each.basis === '' ? [] : [[t('basis'), each.basis] as const]),
          [t('scope'), each.scope],
          [t('rule'), each.rule],
        ]}
      />
      {each.more.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {each.turnout !== undefined && (
        <ThresholdBars
          measure={each.turnout}
          line={{ ...quorum, text: t('turnoutLine', { share: shareWords(quorum) }) }}
          caption={t('turnoutCaption', { title: each.title })}
        />
      )}
      {each.whatIf !== '' && (
        <p>
          <a href={each.whatIf}>{t('whatIf')}</a>
        </p>
      )}
    </section>
  );
}

function CheckSection({ check }: Pick<MeetingPageProps, 'check'>) {
  return (
    <section class="sheet">
      <h2>{t('checkTitle')}</h2>
      <p>{t('checkLead')}</p>
      <dl class="pairs">
        {(
          [
            ['logFingerprint', check.fingerprint],
            ['logKey', check.logVkey],
            ['logOrigin', check.origin],
            ['meetingHash', check.meetingHash],
            ['recordHash', check.recordHash],
          ] as const
        )
          .filter(([, value]) => value !== '')
          .map(([key, value]) => (
            <div key={key}>
              <dt>{t(key)}</dt>
              <dd class="mono">{value}</dd>
            </div>
          ))}
        <div>
          <dt>{t('witnesses')}</dt>
          <dd>{t('witnessesText', { count: check.witnesses, quorum: check.quorum })}</dd>
        </div>
      </dl>
      <p>
        <a href="/log/checkpoint">{t('checkpoint')}</a>
      </p>
      <p class="mono">{t('verifyHow')}</p>
    </section>
  );
}

/** What is posted, signed and filed, as pages for paper. */
const Documents = (props: MeetingPageProps) => (
  <p class="no-print">
    {t('documents')}：
    {documentsOf(props).map((name, at) => (
      <span key={name}>
        {at > 0 && '、'}
        <a href={`/meetings/${props.meeting}/documents/${name}`}>{t(`document_${name}`)}</a>
      </span>
    ))}
    {hasArchive(props.state) && (
      <>
        。<a href={`/meetings/${props.meeting}/archive`}>{t('archive')}</a>
      </>
    )}
  </p>
);

/** What was to be done after the resolutions and what was; a step that is over its day says so. */
function FollowUps({
  lines,
  today,
}: {
  readonly lines: MeetingPageProps['followUps'];
  readonly today: string;
}) {
  if (lines.length === 0) return null;
  const last = new Map(lines.map((line) => [line.step, line]));
  return (
    <section class="sheet">
      <h2>{t('followUpTitle')}</h2>
      <ul class="plain-list">
        {lines.map((line, at) => (
          <li key={`${line.step} ${at}`}>
            <span class="soft">{line.title}</span>
            <br />
            <strong>{t(`step_${line.state}`)}</strong> {t('stepDue', { on: dayWords(line.dueOn) })}
            {last.get(line.step) === line && line.state === 'planned' && line.dueOn < today && (
              <span class="tag stop">{t('stepLate')}</span>
            )}
            <br />
            {line.text}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** When the vote stood still and why; a pause that lasts says what an owner can do. */
function Pauses({ pauses }: Pick<MeetingPageProps, 'pauses'>) {
  return (
    <>
      {pauses.map(({ pausedAt, resumedAt, reason }) => (
        <section class="status warn" key={pausedAt}>
          <p>
            <strong>
              {resumedAt === ''
                ? t('paused', { from: timeWords(pausedAt) })
                : t('pausedPast', { from: timeWords(pausedAt), until: timeWords(resumedAt) })}
            </strong>
          </p>
          <PlainText body={t('pausedReason', { reason })} />
        </section>
      ))}
    </>
  );
}

export function MeetingPage(props: MeetingPageProps) {
  const { meeting, state, proposals, quorum, result } = props;
  const foot = (
    <>
      <p>{t('print')}</p>
      <a href="/">{t('allMeetings')}</a>
      <a href="/assets-list">{t('program')}</a>
    </>
  );
  return (
    <Page name={t('name')} home="/" demo={props.demo} wide foot={foot}>
      <p class="kicker">{props.communityName}</p>
      <h1>{props.title}</h1>
      <p>
        <span class="tag">{stateWord(state)}</span>
      </p>
      {props.extendedFrom !== '' && (
        <p>
          <strong>
            {t('extended', { from: timeWords(props.extendedFrom), closes: timeWords(props.closes) })}
          </strong>
        </p>
      )}
      <AnnulledSummary result={result} />
      <Pauses pauses={props.pauses} />
      <Pairs
        rows={[
          [t('window'), t('windowText', { opens: timeWords(props.opens), closes: timeWords(props.closes) })],
          [t('publishedOn'), dayWords(props.publishedOn)],
          [t('convener'), props.convener],
          [t('objections'), props.objectionsUntil === '' ? '' : timeWords(props.objectionsUntil)],
        ]}
      />
      <p class="no-print actions row">
        {state === 'open' && (
          <a class="button" href="/e">
            {t('enterVote')}
          </a>
        )}
        <a class="button quiet" href={`/vote/${meeting}`}>
          {t('counted')}
        </a>
      </p>
      {props.hasOwnRules && (
        <p>
          {t('ownRulesText')} <a href={`/communities/${props.community}/rules`}>{t('ownRules')}</a>
        </p>
      )}
      {props.usesFund && (
        <p class="no-print">
          <a href={`/communities/${props.community}/fund`}>{t('fundPage')}</a>
        </p>
      )}
      <Documents {...props} />
      {result !== undefined && <ResultSection {...result} />}
      <FollowUps lines={props.followUps} today={props.today} />
      <section>
        <h2>{t('noticeTitle')}</h2>
        <div class="sheet">
          <PlainText body={props.noticeText} />
        </div>
      </section>
      <section>
        <h2>{t('proposalsTitle')}</h2>
        {proposals.some((each) => each.turnout !== undefined) && <p class="soft">{t('turnoutLead')}</p>}
        {proposals.map((each, at) => (
          <ProposalSection key={each.proposal} each={each} at={at} quorum={quorum} />
        ))}
      </section>
      {props.questions !== '' && (
        <section>
          <h2>{t('questionsTitle')}</h2>
          <div class="sheet">
            <PlainText body={props.questions} />
          </div>
        </section>
      )}
      <CheckSection check={props.check} />
    </Page>
  );
}
