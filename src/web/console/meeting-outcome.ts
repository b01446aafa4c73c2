/** What a closed meeting decided, read from its two public records: the definition and the count (SPEC 5.2, 8.1). */
import { useEffect, useState } from 'preact/hooks';
import type { MeetingAnswer } from '../../assembly/contract.ts';
import type { Definition } from '../../record/meeting.ts';
import { definitionForm } from '../../record/meeting.ts';
import type { TallyRecord } from '../../record/tally-record.ts';
import { tallyRecordForm } from '../../record/tally-record.ts';
import type { ResultAnswer } from '../../tally/contract.ts';
import { call } from '../kit/api.ts';
import { bytesOf } from './opened-act.ts';

export type MeetingOutcome = {
  readonly definition: Definition;
  readonly record: TallyRecord;
  /** Proposals whose resolution was annulled since. */
  readonly annulled: readonly string[];
};

/** Undefined where the meeting has no count, or cannot be reached now. */
async function readOutcome(meeting: string): Promise<MeetingOutcome | undefined> {
  const path = `/v1/meetings/${meeting}`;
  const [shown, result] = await Promise.all([
    call<MeetingAnswer>('GET', path),
    call<ResultAnswer>('GET', `${path}/result`),
  ]);
  const definition = shown.ok ? definitionForm.parse(bytesOf(shown.value.definition)) : undefined;
  const record = result.ok ? tallyRecordForm.parse(bytesOf(result.value.record)) : undefined;
  if (!result.ok || definition?.ok !== true || record?.ok !== true) return undefined;
  const annulled = result.value.annulments.map(({ proposal }) => proposal);
  return { definition: definition.value, record: record.value, annulled };
}

/** The outcome of a meeting, read once for all that is shown of it and again with each round; undefined until it is there. */
export function useOutcome(meeting: string, isFinal: boolean, round: number): MeetingOutcome | undefined {
  const [outcome, setOutcome] = useState<MeetingOutcome>();
  useEffect(() => {
    if (isFinal) void readOutcome(meeting).then((read) => read !== undefined && setOutcome(read));
  }, [meeting, isFinal, round]);
  return isFinal ? outcome : undefined;
}
