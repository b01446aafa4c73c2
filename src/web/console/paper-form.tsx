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

/** The code that an officer with a picture of his own copies onto the paper, or the field into which the next one types it. */
function CodePart({
  own,
  versions,
  typed,
  onTyped,
  onAnew,
}: {
  readonly own: string;
  readonly versions: number;
  readonly typed: string;
  readonly onTyped: (text: string) => void;
  readonly onAnew: () => void;
}) {
  if (own === '') {
    const error = typed !== '' && readTyped(typed) === undefined ? t('badCode') : undefined;
    return (
      <>
        <p>{t(versions > 1 ? 'third' : 'second')}</p>
        <Field code label={t('code')} value={typed} error={error} onValue={onTyped} />
        {versions === 1 && (
          <>
            <p class="soft">{t('noCode')}</p>
            <Button kind="quiet" onClick={onAnew}>
              {t('anew')}
            </Button>
          </>
        )}
      </>
    );
  }
  return (
    <>
      <p>{t(versions === 0 ? 'first' : 'ownCode')}</p>
      <p class="mono paper-code">{grouped(own)}</p>
      <QrCode text={own} label={t('code')} />
      <p class="soft">{t('codeNote')}</p>
    </>
  );
}

/** Hands in the readings of one paper until one is taken: which picture a typed code belongs to is found by trying. */
async function keyFirstEqual(
  meeting: string,
  papers: readonly Uint8Array[],
  scan: Uint8Array,
  handIn: boolean,
): Promise<KeyedPaper | string> {
  const path = `/v1/meetings/${meeting}/paper-ballots/keyed`;
  let told: KeyedPaper = { became: 'differs', act: '', hash: '' };
  for (const bytes of handIn ? papers.slice(0, 1) : papers) {
    const body = { paper: toBase64Url(bytes), scan: toBase64Url(scan), handIn };
    const answer = await call<KeyedAnswer>('POST', path, body);
    if (!answer.ok) return answer.problem.sentence;
    told = { ...answer.value, hash: toBase64Url(paperHash(bytes)) };
    if (told.became !== 'differs') return told;
  }
  return told;
}

/** He read the paper otherwise; whether he may hand that in. */
function Differs({
  isLast,
  busy,
  onHandIn,
}: {
  readonly isLast: boolean;
  readonly busy: boolean;
  readonly onHandIn: () => void;
}) {
  return (
    <>
      <Status kind="warn" title={t(isLast ? 'differsThirdTitle' : 'differs')} />
      <p>{t(isLast ? 'differsThird' : 'differsNote')}</p>
      {!isLast && (
        <Button kind="quiet" busy={busy} onClick={onHandIn}>
          {t('handIn')}
        </Button>
      )}
    </>
  );
}

type ScanPartProps = { readonly onFile: (file: Uint8Array | undefined) => void };

function ScanPart({ onFile }: ScanPartProps) {
  const [isTooLarge, setTooLarge] = useState(false);
  const read = async (picked: File | undefined) => {
    const tooLarge = picked !== undefined && picked.size > MAX_FILE;
    setTooLarge(tooLarge);
    onFile(picked === undefined || tooLarge ? undefined : new Uint8Array(await picked.arrayBuffer()));
  };
  return (
    <div class="field">
      <label for="paper-scan">{t('scan')}</label>
      <input
        id="paper-scan"
        type="file"
        accept="image/*,application/pdf"
        onChange={(event) => void read(event.currentTarget.files?.[0])}
      />
      {isTooLarge && <Status kind="stop" title={t('tooLarge')} />}
    </div>
  );
}

export type PaperFormProps = {
  readonly meeting: string;
  readonly sheet: PaperSheetAnswer;
  readonly definition: Definition;
  readonly onKeyed: (keyed: KeyedPaper) => void;
};

export function PaperForm({ meeting, sheet, definition, onKeyed }: PaperFormProps) {
  const [isAnew, setAnew] = useState(false);
  // A picture of his own comes with a code of his own, so that the code tells whose picture is meant.
  const isOwn = sheet.versions === 0 || isAnew;
  const own = useMemo(() => (isOwn ? toBase32(draw(PAPER_CODE_BYTES)) : ''), [isOwn]);
  const [typed, setTyped] = useState('');
  const [file, setFile] = useState<Uint8Array>();
  const [signer, setSigner] = useState('');
  const [marks, setMarks] = useState<ReadonlyMap<string, Mark>>(new Map());
  const [told, setTold] = useState<string>();
  const [differs, setDiffers] = useState(false);
  const [busy, setBusy] = useState(false);
  const proposals = proposalsOf(sheet, definition);
  const code = fromBase32(isOwn ? own : (readTyped(typed) ?? ''));
  const chosen = sheet.signers[Number(signer)];
  const said = proposals.map((each) => marks.get(each.proposal) ?? UNMARKED);
  const isReady =
    code?.length === PAPER_CODE_BYTES &&
    (!isOwn || file !== undefined) &&
    signer !== '' &&
    chosen !== undefined &&
    proposals.every((each, at) => isMarked(each, said[at] ?? UNMARKED)) &&
    said.some(({ validity }) => validity !== 'blank');
  const send = async (handIn: boolean) => {
    if (!isReady || code === undefined || chosen === undefined) return;
    setBusy(true);
    setTold(undefined);
    setDiffers(false);
    const picture = isOwn ? file : undefined;
    const scan = picture === undefined ? new Uint8Array() : sealScan(code, picture, definition);
    const hashes = picture === undefined ? sheet.scanHashes : [paperScanHash(code, picture)];
    const papers = hashes.map((scanHash) =>
      paperFrom(sheet, definition, { signer: chosen, scanHash, marks }, code),
    );
    // Under a code of his own nothing can be equal, so there is nothing to look at again.
    const keyed = await keyFirstEqual(meeting, papers, scan, handIn || isAnew);
    setBusy(false);
    if (typeof keyed === 'string') setTold(keyed);
    else if (keyed.became === 'differs') setDiffers(true);
    else onKeyed(keyed);
  };
  return (
    <>
      <p>
        <strong>{t('home', { units: sheet.units.map(unitWords).join('、') })}</strong>
      </p>
      <CodePart
        own={own}
        versions={sheet.versions}
        typed={typed}
        onTyped={setTyped}
        onAnew={() => setAnew(true)}
      />
      {isOwn && <ScanPart onFile={setFile} />}
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
        <Differs isLast={isAnew || sheet.versions > 1} busy={busy} onHandIn={() => void send(true)} />
      )}
      {!isReady && <p class="soft">{t('notReady')}</p>}
      <Button busy={busy} disabled={!isReady} onClick={() => void send(false)}>
        {busy ? t('sending') : t('send')}
      </Button>
    </>
  );
}
