/** The versions of a result: what each count published, the last one in force (SPEC 8.2). */
import { fromBase64Url } from '../base/bytes.ts';
import type { EntryOf } from '../record/entry.ts';
import type { RecordForm } from '../record/schema.ts';
import type { ParticipationList, TallyRecord } from '../record/tally-record.ts';
import { participationForm, tallyRecordForm } from '../record/tally-record.ts';
import type { Read } from './bundle-contents.ts';
import { noteRefusal } from './bundle-contents.ts';
import { entriesOf } from './entry-scope.ts';
import type { Verification } from './verification.ts';

/** One count: its entry, and its records where the bundle holds them. */
export type TallyVersion = {
  readonly index: number;
  readonly entry: EntryOf<'tally.preliminary'>;
  readonly tally: Read<TallyRecord> | undefined;
  readonly participation: Read<ParticipationList> | undefined;
};

/** Every count that the log names, in its order. */
export function tallyVersions({
  contents,
  definition,
  log,
  notebook,
}: Verification): readonly TallyVersion[] {
  const placed = entriesOf(log, 'tally.preliminary', { meeting: definition.meeting });
  const read = <T>(form: RecordForm<T>, where: string, text: string): Read<T> | undefined => {
    const bytes = fromBase64Url(text) ?? new Uint8Array();
    const parsed = form.parse(bytes);
    if (parsed.ok) return { where, bytes, value: parsed.value };
    noteRefusal(notebook, where, parsed.refusal);
    return undefined;
  };
  const { tally, participation, formerTallies } = contents;
  return placed.map(({ index, entry }, at) => {
    if (at === placed.length - 1) return { index, entry, tally, participation };
    const line = formerTallies?.[at];
    if (line === undefined) return { index, entry, tally: undefined, participation: undefined };
    return {
      index,
      entry,
      tally: read(tallyRecordForm, `${line.where} tally`, line.value.tally),
      participation: read(participationForm, `${line.where} participation`, line.value.participation),
    };
  });
}
