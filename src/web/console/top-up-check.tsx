/** A call to top up as two officers sign it: shown only where its record is what the act names, each amount worked out again, with the file of first deposits in the officer's hand (SPEC 8.6). */
import { useEffect, useState } from 'preact/hooks';
import type { MeetingAnswer } from '../../assembly/contract.ts';
import { toBase64Url, utf8 } from '../../base/bytes.ts';
import { sumFen } from '../../base/fen.ts';
import { sha256 } from '../../crypto/sha256.ts';
import type { EntryOf } from '../../record/entry.ts';
import { definitionForm } from '../../record/meeting.ts';
import type { TopUpCall } from '../../record/top-up.ts';
import { topUpCallForm, topUpCallHash, topUpDue } from '../../record/top-up.ts';
import type { UnitsAnswer } from '../../registry/contract.ts';
import { yuanWords } from '../kit/amount-words.ts';
import { call as ask } from '../kit/api.ts';
import { fileText } from '../kit/file-text.ts';
import { hexGroups } from '../kit/fingerprint.ts';
import { Status } from '../kit/status.tsx';
import { dayWords } from '../kit/times.ts';
import { OwnFile } from './file-checks.tsx';
import { leftOutOf } from './first-deposits.ts';
import { bytesOf } from './opened-act.ts';
import type { CheckProps } from './opened-check.tsx';
import { t as openedWord } from './opened-words.ts';
import { t } from './top-up-words.ts';

/** The call under the hash that is signed; undefined where the service shows another. */
export function openedCall(entry: EntryOf<'topup.called'>, record: string): TopUpCall | undefined {
  const bytes = bytesOf(record);
  const read = topUpCallForm.parse(bytes);
  if (!read.ok || topUpCallHash(bytes) !== entry.callHash) return undefined;
  const { community, call, meeting } = read.value;
  const isSame = community === entry.community && call === entry.call;
  return isSame && (meeting === '') === (entry.ground === 'rule') ? read.value : undefined;
}

/** Whether each amount follows from its own line; balances only the verifier can hold against the book. */
export const isWorkedOut = ({ units, targetPercent }: TopUpCall): boolean =>
  units.every(
    ({ firstFen, balanceFen, dueFen }) =>
      topUpDue(BigInt(balanceFen), BigInt(firstFen), targetPercent) === BigInt(dueFen),
  );

function factsOf(call: TopUpCall): readonly string[] {
  const asked = call.units.filter(({ dueFen }) => dueFen !== '0');
  const yuan = yuanWords(String(sumFen(asked.map(({ dueFen }) => BigInt(dueFen)))));
  const { meeting, proposal, documentHash, depositsHash, targetPercent, dueOn, seq } = call;
  return [
    meeting === ''
      ? t('byRule', { hash: hexGroups(documentHash).join(' ') })
      : t('byResolution', { meeting, proposal }),
    t('homes', { count: asked.length, yuan, enough: call.units.length - asked.length }),
    t('target', { percent: targetPercent, on: dayWords(dueOn) }),
    t('seq', { seq }),
    t('deposits', { hash: hexGroups(depositsHash).join(' ') }),
  ];
}

const sameAs = (hash: string, bytes: Uint8Array) =>
  toBase64Url(sha256(bytes)) === hash ? t('same') : undefined;

/** The proposal as the owners saw it, since the act knows ids alone; undefined where nobody voted, or until it is read. */
function useDecision({ meeting, proposal }: Pick<TopUpCall, 'meeting' | 'proposal'>) {
  const [title, setTitle] = useState<string>();
  useEffect(() => {
    if (meeting === '') return;
    void ask<MeetingAnswer>('GET', `/v1/meetings/${meeting}`).then((answer) => {
      const read = answer.ok ? definitionForm.parse(bytesOf(answer.value.definition)) : undefined;
      const found =
        read?.ok === true ? read.value.proposals.find((one) => one.proposal === proposal) : undefined;
      setTitle(found?.title);
    });
  }, [meeting, proposal]);
  return title;
}

/** Homes of the register in force, by which the file's lines are told apart; undefined until they are read. */
function useUnits(community: string) {
  const [units, setUnits] = useState<UnitsAnswer['units']>();
  useEffect(() => {
    void ask<UnitsAnswer>('GET', `/v1/communities/${community}/units`).then((answer) => {
      if (answer.ok) setUnits(answer.value.units);
    });
  }, [community]);
  return units;
}

function Opened({
  call,
  onChecked,
}: {
  readonly call: TopUpCall;
  readonly onChecked: CheckProps['onChecked'];
}) {
  const [hasDeposits, setDeposits] = useState(false);
  const [hasRule, setRule] = useState(false);
  const title = useDecision(call);
  const units = useUnits(call.community);
  const isChecked = hasDeposits && (hasRule || call.documentHash === '');
  useEffect(() => onChecked(isChecked), [isChecked]);
  const compare = (file: Uint8Array) => {
    const text = fileText(file);
    const same = sameAs(call.depositsHash, utf8(text));
    const left = leftOutOf(call, text, units ?? []);
    if (same === undefined || left === undefined) return undefined;
    return left === 0 ? same : `${same}${t('leftOut', { count: left })}`;
  };
  return (
    <>
      <p>{openedWord('compared')}</p>
      <ul>
        {title !== undefined && <li>{t('decided', { title })}</li>}
        {factsOf(call).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p>{t('text')}</p>
      {call.text.split('\n').map((line, at) => (
        <p key={String(at)}>{line}</p>
      ))}
      {units !== undefined && (
        <OwnFile
          label={t('depositsFile')}
          lead={t('depositsLead')}
          accept=".csv,.txt"
          compare={compare}
          onChecked={setDeposits}
        />
      )}
      {call.documentHash !== '' && (
        <OwnFile
          label={t('ruleFile')}
          lead={t('ruleLead')}
          accept="*/*"
          compare={(file) => sameAs(call.documentHash, file)}
          onChecked={setRule}
        />
      )}
    </>
  );
}

export function TopUpCheck({ act, entry, onChecked }: CheckProps) {
  const call = entry.kind === 'topup.called' ? openedCall(entry, act.details['record'] ?? '') : undefined;
  if (call === undefined) return <Status kind="stop" title={openedWord('hidden')} />;
  if (!isWorkedOut(call)) return <Status kind="stop" title={t('wrong')} />;
  return <Opened call={call} onChecked={onChecked} />;
}
