/** Before the restoring of a cast is signed: the page itself verifies that the service had promised this very cast (SPEC 6.12). */
import { useEffect, useState } from 'preact/hooks';
import type { MeetingAnswer } from '../../assembly/contract.ts';
import { fromBase64Url } from '../../base/bytes.ts';
import { parseInstant, showInstant } from '../../base/instant.ts';
import { openAcknowledgement } from '../../record/acknowledgement.ts';
import type { EntryOf } from '../../record/entry.ts';
import { definitionForm, meetingHash } from '../../record/meeting.ts';
import { cameInAt, promiseHash } from '../../record/promise.ts';
import type { RestorationsAnswer } from '../../tally/contract.ts';
import { call } from '../kit/api.ts';
import { Status } from '../kit/status.tsx';
import { timeWords } from '../kit/times.ts';
import { unitWords } from '../kit/unit-words.ts';
import type { CheckProps } from './opened-check.tsx';
import { t as openedWord } from './opened-words.ts';
import { t } from './restoring-words.ts';

type Shown = { readonly place: string; readonly promisedAt: string };

const bytesOf = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();

/** The promise behind the entry, where the key of the meeting's definition signed it for this cast. */
async function promiseOf(entry: EntryOf<'cast.restored'>): Promise<Shown | undefined> {
  const path = `/v1/meetings/${entry.meeting}`;
  const [meeting, list] = await Promise.all([
    call<MeetingAnswer>('GET', path),
    call<RestorationsAnswer>('GET', `${path}/restorations`),
  ]);
  const bytes = meeting.ok ? bytesOf(meeting.value.definition) : new Uint8Array();
  const definition = definitionForm.parse(bytes);
  const found = list.ok
    ? list.value.restorations.find(
        ({ acknowledgement }) => promiseHash(acknowledgement) === entry.promiseHash,
      )
    : undefined;
  if (!meeting.ok || !definition.ok || found === undefined) return undefined;
  const promise = openAcknowledgement(found.acknowledgement, definition.value.keys.ack);
  if (!promise.ok) return undefined;
  const { castHash, iss, seq } = promise.value;
  const isOfMeeting = iss === definition.value.origin && promise.value.meeting === meetingHash(bytes);
  const opensAt = parseInstant(definition.value.window.opens) ?? 0;
  const cameIn = cameInAt(promise.value, { opensAt, closesAt: parseInstant(meeting.value.closes) ?? 0 });
  if (!isOfMeeting || cameIn === undefined || castHash !== entry.castHash || seq !== entry.seq)
    return undefined;
  return { place: found.units.map(unitWords).join('、'), promisedAt: showInstant(cameIn) };
}

/** Whose home it is is the service's word until the bundle is out; that the cast was promised is not. */
export function RestoringCheck({ act, entry, onChecked }: CheckProps) {
  const [shown, setShown] = useState<Shown>();
  const [isRead, setRead] = useState(false);
  useEffect(() => {
    const read = entry.kind === 'cast.restored' ? promiseOf(entry) : Promise.resolve(undefined);
    void read.then((found) => {
      setShown(found);
      setRead(true);
      onChecked(found !== undefined);
    });
  }, [act.act]);
  if (!isRead) return <p role="status">{openedWord('loading')}</p>;
  if (shown === undefined) return <Status kind="stop" title={t('hidden')} />;
  const { place, promisedAt } = shown;
  return (
    <Status kind="warn" title={t('shown', { place, at: timeWords(promisedAt) })}>
      <p>{t('recount')}</p>
    </Status>
  );
}
