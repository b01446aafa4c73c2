/** Own rules as an act adopts them: text and settings under the hash, and the document in the officer's own hand (SPEC 2.4, 5.2). */
import { useEffect } from 'preact/hooks';
import { toBase64Url } from '../../base/bytes.ts';
import { sha256 } from '../../crypto/sha256.ts';
import type { CommunityRules } from '../../record/community-rules.ts';
import { communityRulesForm, rulesHash } from '../../record/community-rules.ts';
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

export function RulesCheck({ act, entry, onChecked }: CheckProps) {
  const rules = rulesOf({ act, entry });
  const needsFile = rules !== undefined && rules.document !== '';
  useEffect(() => onChecked(rules !== undefined && !needsFile), [act.act]);
  if (rules === undefined) return <Status kind="stop" title={openedWord('hidden')} />;
  const { adoptedOn, parameters, text, document } = rules;
  const settings = parameters.map(({ name, value }) => `${name} = ${value}`).join('；') || t('none');
  const compare = (file: Uint8Array) =>
    toBase64Url(sha256(file)) === document ? t('documentSame') : undefined;
  return (
    <>
      <p>{t('same', { adoptedOn: dayWords(adoptedOn), settings })}</p>
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
