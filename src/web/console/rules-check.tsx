/** Own rules as an act adopts them: text and settings under the hash, and the document in the officer's own hand (SPEC 2.4, 5.2). */
import { useEffect, useState } from 'preact/hooks';
import type { MeetingAnswer } from '../../assembly/contract.ts';
import { toBase64Url } from '../../base/bytes.ts';
import { sha256 } from '../../crypto/sha256.ts';
import type { CommunityRules } from '../../record/community-rules.ts';
import { communityRulesForm, rulesHash } from '../../record/community-rules.ts';
import { definitionForm, textHash } from '../../record/meeting.ts';
import { call } from '../kit/api.ts';
import { Status } from '../kit/status.tsx';
import { dayWords } from '../kit/times.ts';
import { OwnFile } from './file-checks.tsx';
import { bytesOf } from './opened-act.ts';
import type { CheckProps } from './opened-check.tsx';
import { t as openedWord } from './opened-words.ts';
import { t } from './rules-words.ts';

/** The rules in the act's details, or undefined where its entry names others. */
function rulesOf({ act, entry }: Pick<CheckProps, 'act' | 'entry'>): CommunityRules | undefined {
  const bytes = bytesOf(act.details['record'] ?? '');
  const read = communityRulesForm.parse(bytes);
  const isNamed =
    entry.kind === 'rules.adopted' && rulesHash(bytes) === entry.rulesHash && read.ok
      ? read.value.community === entry.community
      : false;
  return isNamed && read.ok ? read.value : undefined;
}

/** Titles of the meeting and the proposal whose text these rules are; undefined until they were found to be. */
function useCarrier(rules: CommunityRules | undefined) {
  const [carrier, setCarrier] = useState<{ readonly meeting: string; readonly proposal: string }>();
  useEffect(() => {
    if (rules === undefined || rules.meeting === '') return;
    void call<MeetingAnswer>('GET', `/v1/meetings/${rules.meeting}`).then((answer) => {
      const read = answer.ok ? definitionForm.parse(bytesOf(answer.value.definition)) : undefined;
      const found =
        read?.ok === true ? read.value.proposals.find((each) => each.proposal === rules.proposal) : undefined;
      if (answer.ok && found?.textHash === textHash(rules.text))
        setCarrier({ meeting: answer.value.title, proposal: found.title });
    });
  }, [rules?.rules]);
  return carrier;
}

export function RulesCheck({ act, entry, onChecked }: CheckProps) {
  const rules = rulesOf({ act, entry });
  const needsFile = rules !== undefined && rules.document !== '';
  const carrier = useCarrier(rules);
  const isCarried = rules !== undefined && (needsFile || carrier !== undefined);
  useEffect(() => onChecked(isCarried && !needsFile), [act.act, isCarried]);
  if (rules === undefined) return <Status kind="stop" title={openedWord('hidden')} />;
  const { adoptedOn, base, parameters, text, document } = rules;
  const settings = parameters.map(({ name, value }) => `${name} = ${value}`).join('；') || t('none');
  const compare = (file: Uint8Array) =>
    toBase64Url(sha256(file)) === document ? t('documentSame') : undefined;
  return (
    <>
      <p>{t('same', { adoptedOn: dayWords(adoptedOn), base, settings })}</p>
      {rules.meeting !== '' && (
        <p>
          {t('carriedBy', {
            meeting: carrier?.meeting ?? rules.meeting,
            proposal: carrier?.proposal ?? rules.proposal,
          })}
        </p>
      )}
      <p class="answer">{text}</p>
      {needsFile && (
        <OwnFile
          label={t('documentFile')}
          lead={t('documentLead')}
          accept="*/*"
          compare={compare}
          onChecked={onChecked}
        />
      )}
    </>
  );
}
