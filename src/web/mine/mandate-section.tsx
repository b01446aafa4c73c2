/** Mandates of an owner: the code by which others find him, those that he gave and may take back, those that he holds (SPEC 3.6). */
import { useEffect, useState } from 'preact/hooks';
import { fromBase64Url } from '../../base/bytes.ts';
import type { MandatesAnswer } from '../../identity/mandate-contract.ts';
import { mandateRevocationHash } from '../../record/mandate.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import type { ShownMandate } from '../kit/mandate-words.ts';
import { mandateWords } from '../kit/mandate-words.ts';
import { Status } from '../kit/status.tsx';
import { MandateForm } from './mandate-form.tsx';
import { t } from './mandate-words.ts';
import type { SectionProps } from './section-props.ts';

const PATH = '/v1/identity/mandates';

/** The code in groups of five, as it is read out. */
const inGroups = (code: string): string =>
  code
    .toUpperCase()
    .match(/.{1,5}/g)
    ?.join('-') ?? code;

type ListProps = {
  readonly title: string;
  readonly mandates: readonly ShownMandate[];
  readonly onTakeBack?: (shown: ShownMandate) => void;
};

function MandateList({ title, mandates, onTakeBack }: ListProps) {
  return (
    <>
      <h3>{title}</h3>
      {mandates.length === 0 && <p class="soft">{t('none')}</p>}
      <ul class="plain-list">
        {mandates.map((shown) => (
          <li key={shown.mandate}>
            {mandateWords(shown)}
            {onTakeBack !== undefined && shown.state === 'in-force' && shown.basis === 'mandate' && (
              <Button kind="quiet" onClick={() => onTakeBack(shown)}>
                {t('takeBack')}
                <span class="visually-hidden">:{shown.agentName}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

export function MandateSection(props: SectionProps) {
  const { owner, votingKey } = props;
  const [mandates, setMandates] = useState<readonly ShownMandate[]>([]);
  const [told, setTold] = useState<{ readonly isGood: boolean; readonly sentence: string }>();
  const load = async () => {
    const answer = await call<MandatesAnswer>('GET', PATH);
    if (answer.ok) setMandates(answer.value.mandates);
    else setTold({ isGood: false, sentence: answer.problem.sentence });
  };
  useEffect(() => void load(), []);
  const takeBack = async ({ mandate, record }: ShownMandate) => {
    const signature = await votingKey.sign(mandateRevocationHash(fromBase64Url(record) ?? new Uint8Array()));
    const answer = signature.ok
      ? await call('POST', `${PATH}/revocations`, { mandate, signature: signature.value })
      : signature;
    setTold({ isGood: answer.ok, sentence: answer.ok ? t('takenBack') : answer.problem.sentence });
    await load();
  };
  const given = () => {
    setTold({ isGood: true, sentence: t('done') });
    void load();
  };
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      {told !== undefined && <Status kind={told.isGood ? 'good' : 'warn'} title={told.sentence} />}
      <MandateList
        title={t('given')}
        mandates={mandates.filter(({ principal }) => principal === owner.person)}
        onTakeBack={(shown) => void takeBack(shown)}
      />
      <MandateForm key={mandates.length} {...props} onGiven={given} />
      <p class="soft">{t('otherWay')}</p>
      <MandateList title={t('held')} mandates={mandates.filter(({ agent }) => agent === owner.person)} />
      <h3>{t('myCode')}</h3>
      <p>{t('myCodeLead')}</p>
      <p class="mono">{inGroups(owner.person)}</p>
    </section>
  );
}
