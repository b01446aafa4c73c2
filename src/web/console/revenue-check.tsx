/** What goes out of the public revenue, shown only where its record is what the act names by its hash, with the document in the officer's hand (SPEC 8.5). */
import { toBase64Url } from '../../base/bytes.ts';
import { sha256 } from '../../crypto/sha256.ts';
import type { EntryOf } from '../../record/entry.ts';
import type { RevenueEntry } from '../../record/revenue.ts';
import { revenueEntryForm, revenueEntryHash } from '../../record/revenue.ts';
import { yuanWords } from '../kit/amount-words.ts';
import { hexGroups } from '../kit/fingerprint.ts';
import { Status } from '../kit/status.tsx';
import { dayWords } from '../kit/times.ts';
import { OwnFile } from './file-checks.tsx';
import { bytesOf } from './opened-act.ts';
import type { CheckProps } from './opened-check.tsx';
import { t as openedWord } from './opened-words.ts';
import { t } from './revenue-words.ts';

/** The entry under the hash that is signed; undefined where the service shows another. */
function openedRevenue(entry: EntryOf<'revenue.spent'>, record: string): RevenueEntry | undefined {
  const bytes = bytesOf(record);
  const read = revenueEntryForm.parse(bytes);
  if (!read.ok || revenueEntryHash(bytes) !== entry.revenueHash) return undefined;
  return read.value.community === entry.community && read.value.entry === entry.entry
    ? read.value
    : undefined;
}

function factsOf(one: RevenueEntry): readonly string[] {
  const isOut = one.amountFen.startsWith('-');
  const { heading, meeting, proposal, reverses } = one;
  const words = {
    yuan: yuanWords(one.amountFen.replace('-', '')),
    kind: t(one.entryKind),
    heading: t(heading === 'resolution' ? 'resolution_heading' : heading),
  };
  return [
    t(isOut ? 'line_out' : 'line_in', words),
    t('on', { on: dayWords(one.bookedOn), text: one.text }),
    ...(meeting === '' ? [] : [t('resolution', { meeting, proposal })]),
    ...(reverses === '' ? [] : [t('reverses', { entry: reverses })]),
    t('document', { hash: hexGroups(one.documentHash).join(' ') }),
  ];
}

export function RevenueCheck({ act, entry, onChecked }: CheckProps) {
  const one = entry.kind === 'revenue.spent' ? openedRevenue(entry, act.details['record'] ?? '') : undefined;
  if (one === undefined) return <Status kind="stop" title={openedWord('hidden')} />;
  const compare = (file: Uint8Array) =>
    toBase64Url(sha256(file)) === one.documentHash ? t('same') : undefined;
  return (
    <>
      <p>{openedWord('compared')}</p>
      <ul>
        {factsOf(one).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <OwnFile label={t('file')} lead={t('lead')} accept="*/*" compare={compare} onChecked={onChecked} />
    </>
  );
}
