/** One proposal a screen: its text, who pays what, the options; nothing is preselected (SPEC 6.2). */

import type { FundUse } from '../../record/meeting.ts';
import { yuanWords } from '../kit/amount-words.ts';
import { Button } from '../kit/button.tsx';
import { Choice } from '../kit/choice.tsx';
import { PlainText } from '../kit/plain-text.tsx';
import { Stepper } from '../kit/stepper.tsx';
import type { Question } from './checks.ts';
import { scopeWords } from './scope-words.ts';
import { t } from './words.ts';

/** What a resolution would spend. */
export function FundWords({ use }: { readonly use: FundUse }) {
  return (
    <section class="sheet">
      <h2>{t('fundTitle')}</h2>
      <dl class="pairs">
        <div>
          <dt>{t('fundCap')}</dt>
          <dd>
            <strong>{t('fundYuan', { yuan: yuanWords(use.capFen) })}</strong>
          </dd>
        </div>
        <div>
          <dt>{t('fundPayee')}</dt>
          <dd>{use.payee}</dd>
        </div>
        <div>
          <dt>{t('fundPurpose')}</dt>
          <dd>{use.purpose}</dd>
        </div>
        <div>
          <dt>{t('fundUnits')}</dt>
          <dd>{scopeWords(use.units)}</dd>
        </div>
      </dl>
    </section>
  );
}

export type QuestionStepProps = {
  readonly question: Question;
  readonly at: number;
  readonly of: number;
  readonly chosen: readonly string[];
  readonly onChosen: (chosen: readonly string[]) => void;
  readonly onNext: (chosen: readonly string[]) => void;
  readonly onBack: () => void;
};

export function QuestionStep({ question, at, of, chosen, onChosen, onNext, onBack }: QuestionStepProps) {
  const { proposal, text } = question;
  const legend =
    proposal.max > 1 ? t('legendElection', { max: proposal.max, count: chosen.length }) : t('legendMotion');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onNext(chosen);
      }}
    >
      <Stepper at={at + 1} of={of} label={t('proposalAt', { at: at + 1, of })} />
      <h1>{proposal.title}</h1>
      <PlainText body={text} />
      {proposal.fund.map((use) => (
        <FundWords key={use.payee} use={use} />
      ))}
      <Choice
        legend={legend}
        options={proposal.options}
        chosen={chosen}
        max={proposal.max}
        onChosen={onChosen}
      />
      <div class="actions">
        <Button type="submit" disabled={chosen.length < proposal.min}>
          {t('next')}
        </Button>
        <Button kind="quiet" onClick={() => onNext([])}>
          {t('skipProposal')}
        </Button>
        <Button kind="quiet" onClick={onBack}>
          {t('back')}
        </Button>
      </div>
    </form>
  );
}
