/** Keying one paper: code, picture, who signed, and each proposal; nothing of what another officer keyed is shown (SPEC 6.4). */
import { useMemo, useState } from 'preact/hooks';
import type { KeyedAnswer, PaperSheetAnswer } from '../../ballot/keying-contract.ts';
import { fromBase32, toBase32, toBase64Url } from '../../base/bytes.ts';
import { INVALID_CHOICES } from '../../record/choice.ts';
import type { Definition, Proposal } from '../../record/meeting.ts';
import { PAPER_CODE_BYTES, paperHash, paperScanHash } from '../../record/paper.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Choice } from '../kit/choice.tsx';
import { draw } from '../kit/draw.ts';
import { Field, Pick } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import { unitWords } from '../kit/unit-words.ts';
import type { Mark } from './paper-keying.ts';
import { grouped, isMarked, paperFrom, proposalsOf, readTyped, sealScan, UNMARKED } from './paper-keying.ts';
import { t } from './paper-words.ts';
import { QrCode } from './qr-code.tsx';

const MAX_FILE = 3 * 1024 * 1024;
const VALIDITIES = ['', 'yes', 'blank', ...Object.keys(INVALID_CHOICES)] as readonly Mark['validity'][];

/** What became of a paper that was keyed, with its hash to compare. */
export type KeyedPaper = KeyedAnswer & { readonly hash: string };

function ProposalMarks({
  proposal,
  mark,
  onMark,
}: {
  readonly proposal: Proposal;
  readonly mark: Mark;
  readonly onMark: (mark: Mark) => void;
}) {
  return (
    <>
      <Choice
        legend={proposal.title}
        options={proposal.options}
        chosen={mark.chosen}
        max={proposal.max}
        onChosen={(chosen) => onMark({ validity: 'yes', chosen })}
      />
      <Pick
        label={`${t('valid')}：${proposal.title}`}
        value={mark.validity}
        options={VALIDITIES.map((id) => ({ id, text: id === '' ? t('pick') : t(`valid_${id}`) }))}
        onValue={(id) => {
          const validity = VALIDITIES.find((each) => each === id) ?? '';
          onMark({ validity, chosen: validity === 'yes' ? mark.chosen : [] });
        }}
      />
    </>
  );
}

/** The code that the first officer copies onto the paper, or the field into which the next one types it. */
function CodePart({
  own,
  typed,
  onTyped,
}: {
  readonly own: string;
  readonly typed: string;
  readonly onTyped: (text: string) => void;
}) {
  if (own === '') {
    const error = typed !== '' && readTyped(typed) === undefined ? t('badCode') : undefined;
    return (
      <>
        <p>{t('second')}</p>
        <Field code label={t('code')} value={typed} error={error} onValue={onTyped} />
      </>
    );
  }
  return (
    <>
      <p>{t('first')}</p>
      <p class="mono paper-code">{grouped(own)}</p>
      <QrCode text={own} label={t('code')} />
      <p class="soft">{t('codeNote')}</p>
    </>
  );
}

export type PaperFormProps = {
  readonly meeting: string;
  readonly sheet: PaperSheetAnswer;
  readonly definition: Definition;
  readonly onKeyed: (keyed: KeyedPaper) => void;
};

export function PaperForm({ meeting, sheet, definition, onKeyed }: PaperFormProps) {
  const isFirst = sheet.scanHash === '';
  const own = useMemo(() => (isFirst ? toBase32(draw(PAPER_CODE_BYTES)) : ''), [isFirst]);
  const [typed, setTyped] = useState('');
  const [file, setFile] = useState<Uint8Array>();
  const [signer, setSigner] = useState('');
  const [marks, setMarks] = useState<ReadonlyMap<string, Mark>>(new Map());
  const [told, setTold] = useState<string>();
  const [differs, setDiffers] = useState(false);
  const [busy, setBusy] = useState(false);
  const proposals = proposalsOf(sheet, definition);
  const code = fromBase32(isFirst ? own : (readTyped(typed) ?? ''));
  const chosen = sheet.signers[Number(signer)];
  const said = proposals.map((each) => marks.get(each.proposal) ?? UNMARKED);
  const isReady =
    code?.length === PAPER_CODE_BYTES &&
    (!isFirst || file !== undefined) &&
    signer !== '' &&
    chosen !== undefined &&
    proposals.every((each, at) => isMarked(each, said[at] ?? UNMARKED)) &&
    said.some(({ validity }) => validity !== 'blank');
  const read = async (picked: File | undefined) => {
    const isTooLarge = picked !== undefined && picked.size > MAX_FILE;
    setTold(isTooLarge ? t('tooLarge') : undefined);
    setFile(picked === undefined || isTooLarge ? undefined : new Uint8Array(await picked.arrayBuffer()));
  };
  const send = async (handIn: boolean) => {
    if (!isReady || code === undefined || chosen === undefined) return;
    setBusy(true);
    setTold(undefined);
    setDiffers(false);
    const scanHash = isFirst && file !== undefined ? paperScanHash(code, file) : sheet.scanHash;
    const bytes = paperFrom(sheet, definition, { signer: chosen, scanHash, marks }, code);
    const scan = isFirst && file !== undefined ? sealScan(code, file, definition) : new Uint8Array();
    const body = { paper: toBase64Url(bytes), scan: toBase64Url(scan), handIn };
    const answer = await call<KeyedAnswer>('POST', `/v1/meetings/${meeting}/paper-ballots/keyed`, body);
    setBusy(false);
    if (!answer.ok) return setTold(answer.problem.sentence);
    if (answer.value.became === 'differs') return setDiffers(true);
    onKeyed({ ...answer.value, hash: toBase64Url(paperHash(bytes)) });
  };
  return (
    <>
      <p>
        <strong>{t('home', { units: sheet.units.map(unitWords).join('、') })}</strong>
      </p>
      <CodePart own={own} typed={typed} onTyped={setTyped} />
      {isFirst && (
        <div class="field">
          <label for="paper-scan">{t('scan')}</label>
          <input
            id="paper-scan"
            type="file"
            accept="image/*,application/pdf"
            onChange={(event) => void read(event.currentTarget.files?.[0])}
          />
        </div>
      )}
      <Pick
        label={t('signer')}
        value={signer}
        options={[
          { id: '', text: t('pick') },
          ...sheet.signers.map(({ name, principalName, mandate }, at) => ({
            id: String(at),
            text: mandate === '' ? name : t('agent', { name, principal: principalName }),
          })),
        ]}
        onValue={setSigner}
      />
      {proposals.map((each, at) => (
        <ProposalMarks
          key={each.proposal}
          proposal={each}
          mark={said[at] ?? UNMARKED}
          onMark={(mark) => setMarks(new Map(marks).set(each.proposal, mark))}
        />
      ))}
      <p class="soft">{t('eachAlone')}</p>
      {told !== undefined && <Status kind="stop" title={told} />}
      {differs && (
        <>
          <Status kind="warn" title={t('differs')} />
          <p>{t('differsNote')}</p>
          <Button kind="quiet" busy={busy} onClick={() => void send(true)}>
            {t('handIn')}
          </Button>
        </>
      )}
      {!isReady && <p class="soft">{t('notReady')}</p>}
      <Button busy={busy} disabled={!isReady} onClick={() => void send(false)}>
        {busy ? t('sending') : t('send')}
      </Button>
    </>
  );
}
