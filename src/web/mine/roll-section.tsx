/** The owner's own entry of a frozen roll: his browser checks it against the log and says in words what it found (SPEC 4.5). */
import { useState } from 'preact/hooks';
import type { RollEntryAnswer } from '../../ballot/roll-contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Pick } from '../kit/field.tsx';
import { hexGroups } from '../kit/fingerprint.ts';
import { Status } from '../kit/status.tsx';
import { areaWords, leafWords } from '../kit/unit-words.ts';
import type { CheckedRoll, OwnRollCode } from '../owner/own-roll.ts';
import { checkOwnRoll } from '../owner/own-roll.ts';
import type { CheckedRollEntry } from '../owner/roll-entry.ts';
import { useMeetings } from './own-meetings.ts';
import { t } from './roll-words.ts';
import type { SectionProps } from './section-props.ts';

/** A roll may be frozen in each of these; before it is, the service says so. */
const STATES = [
  'noticed',
  'armed',
  'open',
  'paused',
  'closing',
  'closed',
  'counting',
  'preliminary',
  'final',
];
const WAITING: readonly OwnRollCode[] = ['ROLL_FROZEN_NOT_YET', 'ROLL_CORRECTION_NOT_YET'];

type Found =
  | { readonly kind: 'checked'; readonly roll: CheckedRoll }
  | { readonly kind: 'wrong'; readonly code: OwnRollCode }
  | { readonly kind: 'unread'; readonly sentence: string };

const areaOf = ({ leaf }: CheckedRollEntry): string =>
  areaWords(String(leaf.units.reduce((sum, { areaDm2 }) => sum + BigInt(areaDm2), 0n)));

function EntryFacts({ entry, at, size }: { entry: CheckedRollEntry; at: number; size: number }) {
  const { leaf, opening, corrections } = entry;
  return (
    <li>
      <p>
        <strong>{t('entry', { at, size })}</strong>
      </p>
      <p>{t('units', { units: leafWords(leaf) })}</p>
      <p>{t('weight', { area: areaOf(entry) })}</p>
      <p>{leaf.basis === 'developer-stock' ? t('stock') : t('holders', { count: opening.holders.length })}</p>
      {corrections > 0 && <p>{t('corrected', { count: corrections })}</p>}
    </li>
  );
}

function Outcome({ found, indexes }: { readonly found: Found; readonly indexes: readonly number[] }) {
  if (found.kind === 'unread') return <Status kind="wait" title={found.sentence} />;
  if (found.kind === 'wrong') {
    const isWaiting = WAITING.includes(found.code);
    return (
      <Status kind={isWaiting ? 'wait' : 'stop'} title={isWaiting ? t(found.code) : t('bad')}>
        {!isWaiting && <p>{t(found.code)}</p>}
        <p class="soft">{t('code', { code: found.code })}</p>
      </Status>
    );
  }
  const { entries, root, size } = found.roll;
  if (entries.length === 0)
    return (
      <Status kind="warn" title={t('nothing')}>
        <p>{t('nothingLead')}</p>
      </Status>
    );
  return (
    <Status kind="good" title={t('good')}>
      <ul class="plain-list">
        {entries.map((entry, at) => (
          <EntryFacts key={entry.leaf.entitlement} entry={entry} at={(indexes[at] ?? 0) + 1} size={size} />
        ))}
      </ul>
      <p class="soft">
        {t('root')}：<span class="mono">{hexGroups(root).join(' ')}</span>
      </p>
      <div class="actions">
        <Button kind="quiet" onClick={() => window.print()}>
          {t('print')}
        </Button>
      </div>
    </Status>
  );
}

export function RollSection({ owner, trust }: Omit<SectionProps, 'me' | 'votingKey'>) {
  const meetings = useMeetings(owner.community, STATES);
  const [wanted, setWanted] = useState('');
  const [found, setFound] = useState<Found>();
  const [indexes, setIndexes] = useState<readonly number[]>([]);
  const [busy, setBusy] = useState(false);
  const meeting = wanted === '' ? (meetings[0]?.meeting ?? '') : wanted;
  const check = async () => {
    setBusy(true);
    const answer = await call<RollEntryAnswer>('GET', `/v1/meetings/${meeting}/roll/entry`);
    setBusy(false);
    if (!answer.ok) return setFound({ kind: 'unread', sentence: answer.problem.sentence });
    const checked = checkOwnRoll(answer.value, { ...owner, meeting }, trust);
    setIndexes(answer.value.entries.map(({ index }) => index));
    setFound(
      checked.ok ? { kind: 'checked', roll: checked.value } : { kind: 'wrong', code: checked.refusal.code },
    );
  };
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t(meetings.length === 0 ? 'noMeeting' : 'lead')}</p>
      {meetings.length > 1 && (
        <Pick
          label={t('meeting')}
          value={meeting}
          options={meetings.map((each) => ({ id: each.meeting, text: each.title }))}
          onValue={(id) => {
            setWanted(id);
            setFound(undefined);
          }}
        />
      )}
      {meetings.length === 1 && <p>{meetings[0]?.title}</p>}
      {found !== undefined && <Outcome found={found} indexes={indexes} />}
      {meeting !== '' && (
        <Button kind="quiet" busy={busy} onClick={() => void check()}>
          {t('check')}
        </Button>
      )}
    </section>
  );
}
