/** A call to top up as two officers sign it: shown only where its record is what the act names, each amount worked out again, with the file of first deposits in the officer's hand (SPEC 8.6). */
import { useEffect, useState } from 'preact/hooks';
import { toBase64Url, utf8 } from '../../base/bytes.ts';
import { sumFen } from '../../base/fen.ts';
import { sha256 } from '../../crypto/sha256.ts';
import type { EntryOf } from '../../record/entry.ts';
import type { TopUpCall } from '../../record/top-up.ts';
import { topUpCallForm, topUpCallHash, topUpDue } from '../../record/top-up.ts';
import { yuanWords } from '../kit/amount-words.ts';
import { fileText } from '../kit/file-text.ts';
import { hexGroups } from '../kit/fingerprint.ts';
import { Status } from '../kit/status.tsx';
import { dayWords } from '../kit/times.ts';
import { OwnFile } from './file-checks.tsx';
import { bytesOf } from './opened-act.ts';
import type { CheckProps } from './opened-check.tsx';
import { t as openedWord } from './opened-words.ts';
import { t } from './top-up-words.ts';

/** The call under the hash that is signed; undefined where the service shows another. */
export function openedCall(entry: EntryOf<'topup.called'>, record: string): TopUpCall | undefined {
  const bytes = bytesOf(record);
  const read = topUpCallForm.parse(bytes);
  if (!read.ok || topUpCallHash(bytes) !== entry.callHash) return undefined;
  return read.value.community === entry.community && read.value.call === entry.call ? read.value : undefined;
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

export function TopUpCheck({ act, entry, onChecked }: CheckProps) {
  const [hasDeposits, setDeposits] = useState(false);
  const [hasRule, setRule] = useState(false);
  const call = entry.kind === 'topup.called' ? openedCall(entry, act.details['record'] ?? '') : undefined;
  const isChecked = hasDeposits && (hasRule || call?.documentHash === '');
  useEffect(() => onChecked(isChecked), [isChecked]);
  if (call === undefined) return <Status kind="stop" title={openedWord('hidden')} />;
  if (!isWorkedOut(call)) return <Status kind="stop" title={t('wrong')} />;
  return (
    <>
      <p>{openedWord('compared')}</p>
      <ul>
        {factsOf(call).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p>{t('text')}</p>
      {call.text.split('\n').map((line, at) => (
        <p key={String(at)}>{line}</p>
      ))}
      <OwnFile
        label={t('depositsFile')}
        lead={t('depositsLead')}
        accept=".csv,.txt"
        compare={(file) => sameAs(call.depositsHash, utf8(fileText(file)))}
        onChecked={setDeposits}
      />
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
