/** Whether the hash that a notice's act carries is that of the meeting as the page can read it (SPEC 5). */
import { useEffect, useState } from 'preact/hooks';
import type { MeetingAnswer } from '../../assembly/contract.ts';
import { fromBase64Url } from '../../base/bytes.ts';
import type { Entry } from '../../record/entry.ts';
import { definitionForm, noticeHash } from '../../record/meeting.ts';
import { call } from '../kit/api.ts';
import { t } from './words.ts';

/** The title of the meeting whose notice has this hash, or undefined where that cannot be seen. */
async function matchingTitle(meeting: string, wanted: string): Promise<string | undefined> {
  const answer = await call<MeetingAnswer>('GET', `/v1/meetings/${meeting}`);
  if (!answer.ok) return undefined;
  const parsed = definitionForm.parse(fromBase64Url(answer.value.definition) ?? new Uint8Array());
  return parsed.ok && noticeHash(parsed.value) === wanted ? parsed.value.title : undefined;
}

export function NoticeCheck({ entry }: { readonly entry: Entry }) {
  const [title, setTitle] = useState<string>();
  const wanted = entry.kind === 'meeting.noticed' ? entry.noticeHash : '';
  const meeting = entry.kind === 'meeting.noticed' ? entry.meeting : '';
  useEffect(() => {
    if (wanted !== '') void matchingTitle(meeting, wanted).then(setTitle);
  }, [meeting, wanted]);
  if (wanted === '') return null;
  return <p>{title === undefined ? t('noticeHidden') : `✓ ${t('noticeMatches', { title })}`}</p>;
}
