/** Co-owners say who of them votes: what waits, what is in force, and the form that proposes one (SPEC 3.6). */
import { useEffect, useState } from 'preact/hooks';
import { toBase64Url } from '../../base/bytes.ts';
import type { DesignationsAnswer } from '../../identity/designation-contract.ts';
import { designationHash } from '../../record/designation.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Field, Pick } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import { dayWords } from '../kit/times.ts';
import { unitWords } from '../kit/unit-words.ts';
import { t } from './designation-words.ts';
import type { Head, HeadDesignation } from './own-designation.ts';
import { designationsOf, proposalOf } from './own-designation.ts';
import type { SectionProps } from './section-props.ts';

const PATH = '/v1/identity/designations';
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What the owner is about to sign. */
type Asked = { readonly bytes: Uint8Array; readonly name: string; readonly until: string };
type Told = { readonly isGood: boolean; readonly sentence: string };

type HeadProps = {
  readonly head: Head;
  readonly own: string;
  readonly community: string;
  readonly designations: readonly HeadDesignation[];
  readonly onAsk: (asked: Asked) => void;
};

/** The masked name of a holder; the owner himself is told apart. */
const nameIn = ({ holders }: Head, own: string, person: string): string => {
  const name = holders.find((each) => each.person === person)?.name ?? person;
  return person === own ? t('you', { name }) : name;
};

function Waiting({
  head,
  own,
  each,
  onAsk,
}: Omit<HeadProps, 'designations' | 'community'> & { each: HeadDesignation }) {
  const { given, bytes, signed } = each;
  const [name, until] = [nameIn(head, own, given.to.person), dayWords(given.until)];
  const names = (wanted: boolean): string =>
    given.by
      .filter(({ person }) => signed.includes(person) === wanted)
      .map(({ person }) => nameIn(head, own, person))
      .join('、') || t('none');
  const maySign = given.by.some(({ person }) => person === own) && !signed.includes(own);
  return (
    <li class="sheet">
      <p>{t('waiting', { name, until })}</p>
      <p>{t('use', { use: t(given.meeting === '' ? 'everyMeeting' : 'oneMeeting') })}</p>
      <p>{t('signed', { names: names(true) })}</p>
      <p>{t('missing', { names: names(false) })}</p>
      {maySign && (
        <>
          <Button onClick={() => onAsk({ bytes, name, until })}>{t('agree', { name })}</Button>
          <p class="soft">{t('leave')}</p>
        </>
      )}
    </li>
  );
}

function ProposalForm({ head, own, community, onAsk }: Omit<HeadProps, 'designations'>) {
  const [to, setTo] = useState('');
  const [until, setUntil] = useState('');
  const others = head.holders.filter(({ person }) => person !== own);
  const propose = () => {
    const bytes = proposalOf(head, { community, to, until });
    if (bytes !== undefined) onAsk({ bytes, name: nameIn(head, own, to), until: dayWords(until) });
  };
  return (
    <>
      <h4>{t('add')}</h4>
      <Pick
        label={t('to')}
        value={to}
        options={[
          { id: '', text: t('choose') },
          ...others.map(({ person, name }) => ({ id: person, text: name })),
        ]}
        onValue={setTo}
      />
      <Field type="date" label={t('until')} value={until} onValue={setUntil} />
      <Button kind="quiet" disabled={to === '' || !DAY.test(until)} onClick={propose}>
        {t('propose')}
      </Button>
      <p class="soft">{t('self')}</p>
    </>
  );
}

function HeadSheet({ designations, ...props }: HeadProps) {
  const { head, own } = props;
  const inForce = designations.find(({ isRecorded }) => isRecorded);
  return (
    <div class="sheet">
      <h3>{t('head', { units: head.units.map(unitWords).join('、') })}</h3>
      <p>{t('holders', { names: head.holders.map(({ person }) => nameIn(head, own, person)).join('、') })}</p>
      <p>
        {inForce === undefined
          ? t('nobody')
          : t('chosen', {
              name: nameIn(head, own, inForce.given.to.person),
              until: dayWords(inForce.given.until),
            })}
      </p>
      <ul class="plain-list">
        {designations
          .filter(({ isRecorded }) => !isRecorded)
          .map((each) => (
            <Waiting key={each.given.designation} {...props} each={each} />
          ))}
      </ul>
      <ProposalForm {...props} />
    </div>
  );
}

type ConfirmProps = {
  readonly asked: Asked | undefined;
  readonly busy: boolean;
  readonly onYes: (asked: Asked) => void;
  readonly onNo: () => void;
};

function Confirm({ asked, busy, onYes, onNo }: ConfirmProps) {
  const facts = { name: asked?.name ?? '', until: asked?.until ?? '' };
  return (
    <Dialog title={t('agreeTitle', facts)} open={asked !== undefined} onClose={onNo}>
      <p>{t('agreeLead', facts)}</p>
      <div class="actions">
        <Button busy={busy} onClick={() => asked !== undefined && onYes(asked)}>
          {t('yes')}
        </Button>
        <Button kind="quiet" disabled={busy} onClick={onNo}>
          {t('no')}
        </Button>
      </div>
    </Dialog>
  );
}

export function DesignationSection({ owner, votingKey }: SectionProps) {
  const [known, setKnown] = useState<DesignationsAnswer>();
  const [asked, setAsked] = useState<Asked>();
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<Told>();
  const load = async () => {
    const answer = await call<DesignationsAnswer>('GET', PATH);
    if (answer.ok) setKnown(answer.value);
    else setTold({ isGood: false, sentence: answer.problem.sentence });
  };
  useEffect(() => void load(), []);
  const sign = async ({ bytes }: Asked) => {
    setBusy(true);
    const signature = await votingKey.sign(designationHash(bytes));
    const answer = signature.ok
      ? await call<{ readonly isRecorded: boolean }>('POST', PATH, {
          designation: toBase64Url(bytes),
          signature: signature.value,
        })
      : signature;
    setBusy(false);
    setAsked(undefined);
    const sentence = answer.ok ? t(answer.value.isRecorded ? 'recorded' : 'waits') : answer.problem.sentence;
    setTold({ isGood: answer.ok, sentence });
    await load();
  };
  // Who holds nothing with others has nobody to agree with.
  if (known === undefined || known.heads.length === 0) return null;
  const { community } = owner;
  const read = known.heads.map((head) => ({
    head,
    own: designationsOf(head, community, known.designations),
  }));
  const isUnlike = read.reduce((sum, { own }) => sum + own.length, 0) < known.designations.length;
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      {told !== undefined && <Status kind={told.isGood ? 'good' : 'warn'} title={told.sentence} />}
      {isUnlike && <Status kind="warn" title={t('unlike')} />}
      {read.map(({ head, own }) => (
        <HeadSheet
          key={head.units[0]?.unit}
          head={head}
          own={owner.person}
          community={community}
          designations={own}
          onAsk={setAsked}
        />
      ))}
      <p class="soft">{t('otherWay')}</p>
      <Confirm
        asked={asked}
        busy={busy}
        onYes={(wanted) => void sign(wanted)}
        onNo={() => setAsked(undefined)}
      />
    </section>
  );
}
