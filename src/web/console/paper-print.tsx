/** Ballots on paper, one a sheet: home and head printed in, the boxes, a stub to tear off, and the rules on the back (SPEC 6.4). */
import { useState } from 'preact/hooks';
import type { MeetingAnswer, MeetingListAnswer } from '../../assembly/contract.ts';
import type { PrintAnswer } from '../../ballot/keying-contract.ts';
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import type { Definition, Proposal } from '../../record/meeting.ts';
import { definitionForm } from '../../record/meeting.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { draw } from '../kit/draw.ts';
import { Field } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import { timeWords } from '../kit/times.ts';
import { areaWords, unitWords } from '../kit/unit-words.ts';
import { grouped, readTyped } from './paper-keying.ts';
import { t } from './paper-words.ts';
import { QrCode } from './qr-code.tsx';

type ListedMeeting = MeetingListAnswer['meetings'][number];

/** Roles that print, and states in which there is something to print. */
const PRINTERS: readonly string[] = ['committee', 'street', 'clerk'];
const STATES: readonly string[] = ['noticed', 'armed', 'open', 'paused'];
export const mayPrintPapers = (role: string, { state }: ListedMeeting): boolean =>
  PRINTERS.includes(role) && STATES.includes(state);

type Printed = PrintAnswer['ballots'][number];

function Boxes({ proposal, at }: { readonly proposal: Proposal; readonly at: number }) {
  return (
    <section class="paper-proposal">
      <h3>
        {at + 1}. {proposal.title}
        {proposal.max > 1 && <small> {t('ballotMax', { max: proposal.max })}</small>}
      </h3>
      <p>
        {proposal.options.map(({ id, text }) => (
          <span key={id} class="paper-box">
            □ {text}
          </span>
        ))}
      </p>
    </section>
  );
}

const duplicateRule = ({ profile }: Definition): string =>
  profile.parameters.find(({ name }) => name === 'duplicateRule')?.value ?? 'OWN_KEY';

function PaperBallot({
  printed,
  definition,
  closes,
}: {
  readonly printed: Printed;
  readonly definition: Definition;
  readonly closes: string;
}) {
  const units = printed.units.map(unitWords).join('、');
  const facts = { units, area: areaWords(printed.areaDm2), serial: grouped(printed.serial) };
  const own = definition.proposals.filter(({ proposal }) => printed.proposals.includes(proposal));
  return (
    <article class="paper-ballot">
      <h2>{t('ballotTitle', { community: definition.communityName })}</h2>
      <p>{t('ballotMeeting', { meeting: definition.title })}</p>
      <p>{t('ballotHome', { ...facts, holders: printed.holders.join('、') })}</p>
      <QrCode text={printed.serial} label={t('ballotSerial', { serial: printed.serial })} />
      <p class="mono">{t('ballotSerial', facts)}</p>
      <p>{t('ballotHow')}</p>
      {own.map((each, at) => (
        <Boxes key={each.proposal} proposal={each} at={at} />
      ))}
      <p>{t('ballotInvalid')}</p>
      <p>{t('ballotSign')}</p>
      <section class="paper-stub">
        <h3>{t('stub')}</h3>
        <p>{t('stubLine', facts)}</p>
        <p>{t('stubSign')}</p>
      </section>
      <section class="paper-back">
        <h3>{t('rulesTitle')}</h3>
        <p>{t('rules', { opens: timeWords(definition.window.opens), closes: timeWords(closes) })}</p>
        <p>{t(`rule_${duplicateRule(definition)}` as 'rule_OWN_KEY')}</p>
        <p>{t('objection')}</p>
      </section>
    </article>
  );
}

export function PaperPrint({
  meeting,
  onBack,
}: {
  readonly meeting: ListedMeeting;
  readonly onBack: () => void;
}) {
  const [unit, setUnit] = useState('');
  const [definition, setDefinition] = useState<Definition>();
  const [ballots, setBallots] = useState<PrintAnswer['ballots']>([]);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const make = async () => {
    const only = readTyped(unit);
    if (unit.trim() !== '' && only === undefined) return setProblem(t('badSerial'));
    setBusy(true);
    setProblem(undefined);
    const path = `/v1/meetings/${meeting.meeting}`;
    const found = await call<MeetingAnswer>('GET', path);
    const body = { units: only === undefined ? [] : [only] };
    const printed = await call<PrintAnswer>('POST', `${path}/paper-ballots`, body, toBase64Url(draw(16)));
    setBusy(false);
    if (!found.ok) return setProblem(found.problem.sentence);
    if (!printed.ok) return setProblem(printed.problem.sentence);
    const parsed = definitionForm.parse(fromBase64Url(found.value.definition) ?? new Uint8Array());
    if (!parsed.ok) return setProblem(t('forged'));
    setDefinition(parsed.value);
    setBallots(printed.value.ballots);
  };
  return (
    <>
      <div class="no-print">
        <h1>{t('print')}</h1>
        <p>{t('printLead')}</p>
        {problem !== undefined && <Status kind="stop" title={problem} />}
        {ballots.length === 0 && (
          <>
            <Field code label={t('printOne')} value={unit} onValue={setUnit} />
            <Button busy={busy} onClick={() => void make()}>
              {t('printGo')}
            </Button>
          </>
        )}
        {ballots.length > 0 && <p>{t('printReady', { count: ballots.length })}</p>}
      </div>
      {definition !== undefined &&
        ballots.map((each) => (
          <PaperBallot key={each.serial} printed={each} definition={definition} closes={meeting.closes} />
        ))}
      <div class="actions row">
        <Button disabled={ballots.length === 0} onClick={() => window.print()}>
          {t('paper')}
        </Button>
        <Button kind="quiet" onClick={onBack}>
          {t('back')}
        </Button>
      </div>
    </>
  );
}
