/** What was checked, the owner's units, and where he stands with each entitlement (SPEC 6.0). */
import { parseDecimal, showSquareMetres, sumAreas } from '../../base/area.ts';
import { countsSilence } from '../../record/meeting.ts';
import { Button } from '../kit/button.tsx';
import { Status } from '../kit/status.tsx';
import { deadlineWords, timeWords } from '../kit/times.ts';
import { areaWords, unitWords } from '../kit/unit-words.ts';
import type { CheckedPaper, CheckedPapers } from './checks.ts';
import { readChoices } from './choices.ts';
import { t } from './words.ts';

const CHECKS = ['checked1', 'checked2', 'checked3', 'checked4', 'checked5', 'checked6'] as const;

export type PapersStepProps = {
  readonly papers: CheckedPapers;
  /** The service's time now. */
  readonly nowMs: number;
  /** Entitlements whose receipt is on this device. */
  readonly receipts: readonly string[];
  readonly voted: readonly string[];
  readonly onBegin: (paper: CheckedPaper) => void;
  readonly onReceipt: (paper: CheckedPaper) => void;
};

function PaperSheet({ paper, at, ...props }: PapersStepProps & { paper: CheckedPaper; at: number }) {
  const { papers, voted, receipts, onBegin, onReceipt } = props;
  const { units, entitlement } = { ...paper.leaf };
  const done = (paper.last !== '' && !paper.mayTakeOver) || voted.includes(entitlement);
  const area = sumAreas(units.map((unit) => parseDecimal(unit.areaDm2) ?? 0n));
  const begun = Object.keys(readChoices(papers.definition.meeting, entitlement)).length > 0;
  return (
    <section class="sheet">
      {papers.papers.length > 1 && (
        <p class="kicker">{t('paperTitle', { at: at + 1, of: papers.papers.length })}</p>
      )}
      <h2>{paper.mandate === '' ? t('yourUnits') : t('forPrincipal', { name: paper.principalName })}</h2>
      {paper.mandate !== '' && <p>{t('forPrincipalLead')}</p>}
      {paper.paperAt !== '' && !voted.includes(entitlement) && (
        <Status kind="warn" title={t('onPaper', { at: timeWords(paper.paperAt) })}>
          <p>{t(paper.mayTakeOver ? 'onPaperLead' : 'onPaperStands')}</p>
          <p>{t('onPaperObject')}</p>
        </Status>
      )}
      {paper.mayTakeOver && paper.paperAt === '' && !done && (
        <Status kind="warn" title={t(paper.isVoid ? 'voided' : 'agentVoted')}>
          <p>{t(paper.isVoid ? 'voidedLead' : 'agentVotedLead')}</p>
        </Status>
      )}
      <dl class="pairs">
        {units.slice(0, 20).map((unit) => (
          <div key={unit.unit}>
            <dt>{unitWords(unit)}</dt>
            <dd>{t('areaUnit', { area: areaWords(unit.areaDm2) })}</dd>
          </div>
        ))}
        <div>
          <dt>{t('weight')}</dt>
          <dd>
            <strong>{t('weightText', { heads: 1, area: showSquareMetres(area) })}</strong>
          </dd>
        </div>
      </dl>
      {done ? (
        <>
          <p class="answer">✓ {t('votedAlready')}</p>
          {!receipts.includes(entitlement) && paper.paperAt === '' && <p>{t('votedOther')}</p>}
          {(paper.paperAt === '' || voted.includes(entitlement)) && (
            <div class="actions">
              <Button kind="quiet" onClick={() => onReceipt(paper)}>
                {t('showReceipt')}
              </Button>
            </div>
          )}
        </>
      ) : (
        <div class="actions">
          <Button disabled={papers.isPaused} onClick={() => onBegin(paper)}>
            {t(
              paper.mayTakeOver && !paper.isVoid
                ? paper.paperAt === ''
                  ? 'takeOver'
                  : 'replacePaper'
                : begun
                  ? 'resume'
                  : papers.papers.length > 1
                    ? 'beginNext'
                    : 'begin',
            )}
          </Button>
        </div>
      )}
    </section>
  );
}

export function PapersStep(props: PapersStepProps) {
  const { papers, nowMs } = props;
  const { definition, cosigners } = papers;
  return (
    <>
      <p class="kicker">{definition.communityName}</p>
      <h1>{definition.title}</h1>
      {papers.isPaused ? (
        <Status kind="warn" title={t('pausedTitle')}>
          <p>{t('pausedLead')}</p>
          <p>
            <a href={`/meetings/${definition.meeting}`}>{t('pausedReason')}</a>
          </p>
        </Status>
      ) : (
        <p class="lead">{deadlineWords(papers.closes, nowMs)}</p>
      )}
      <Status kind="good" title={t('checkedTitle', { count: CHECKS.length })}>
        <details>
          <summary>{t('checkedIntro')}</summary>
          <ul>
            {CHECKS.map((key) => (
              <li key={key}>{t(key, { cosigners })}</li>
            ))}
          </ul>
        </details>
      </Status>
      {!papers.isPaused && countsSilence(definition) && <Status kind="wait" title={t('silence')} />}
      {papers.papers.map((paper, at) => (
        <PaperSheet key={paper.entitlement + paper.mandate} paper={paper} at={at} {...props} />
      ))}
      <p class="soft">{t('unitsWrong')}</p>
      <p>
        <a href={`/meetings/${definition.meeting}`}>{t('seeNotice')}</a>
      </p>
    </>
  );
}
