/**
 * Which comparison must have succeeded before an officer may sign an act, for every kind of entry: a kind without a row cannot be signed
 * here, and each hash of an entry is compared, public, or named as not compared (SPEC 2.4).
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ActAnswer } from '../../officers/contract.ts';
import type { Entry, EntryKind } from '../../record/entry.ts';
import { Status } from '../kit/status.tsx';
import { ClosingCheck } from './closing-check.tsx';
import { DeclarationCheck, EmergencyCheck } from './emergency-check.tsx';
import { DocumentCheck, LettersCheck, RegisterCheck } from './file-checks.tsx';
import { OrderCheck } from './fund-check.tsx';
import type { Opener } from './opened-act.ts';
import type { CheckProps } from './opened-check.tsx';
import { OpenedCheck } from './opened-check.tsx';
import { openBinding, openFreeze, openRevocation } from './opened-keys.ts';
import { openDesignation, openMandate, openMerge } from './opened-papers.ts';
import { openCorrection, openReissue } from './opened-roll.ts';
import { t } from './opened-words.ts';
import { RefundCheck } from './refund-check.tsx';
import { RestoringCheck } from './restoring-check.tsx';
import { RevenueCheck } from './revenue-check.tsx';
import { RulesCheck } from './rules-check.tsx';
import { DefinitionCheck, PaperCheck, TextCheck } from './text-checks.tsx';
import { TopUpCheck } from './top-up-check.tsx';
import { VoidCheck } from './void-check.tsx';

type View = (props: CheckProps) => ComponentChildren;

/** Members of the entry that are hashes, by what becomes of them on this page. */
export type SignCheck = {
  /** What the view compares. */
  readonly compared: readonly string[];
  /** Hashes of what everybody reads, or whose bytes the entry itself shows whole. */
  readonly open: readonly string[];
  /** Private or large bytes that this page does not compare; it says so. */
  readonly left: readonly string[];
  readonly View?: View;
};

const nothing: SignCheck = { compared: [], open: [], left: [] };
const by = (View: View, ...compared: readonly string[]): SignCheck => ({ ...nothing, compared, View });
const opened = (open: Opener, ...compared: readonly string[]): SignCheck =>
  by((props) => <OpenedCheck {...props} open={open} />, ...compared);

/** Kinds that no officer signs have no row. */
export const SIGN_CHECKS: Readonly<Partial<Record<EntryKind, SignCheck>>> = {
  'root.declared': { ...nothing, open: ['roots'] },
  'officer.appointed': { ...nothing, left: ['identity'] },
  'officer.removed': nothing,
  'register.imported': by(RegisterCheck, 'fileHash'),
  'letters.issued': by(LettersCheck, 'root'),
  'letters.reissued': opened(openReissue, 'reissueHash', 'root'),
  'letters.revoked': nothing,
  'providers.declared': { ...nothing, open: ['keys'] },
  'credential.bound': opened(openBinding, 'bindHash'),
  'credential.revoked': opened(openRevocation, 'revocationHash'),
  'voting.unfrozen': opened(openFreeze, 'freezeHash'),
  'mandate.granted': opened(openMandate, 'mandateHash'),
  'mandate.revoked': opened(openMandate, 'mandateHash'),
  'designation.recorded': opened(openDesignation, 'designationHash'),
  'persons.merged': opened(openMerge, 'mergeHash'),
  'persons.separated': opened(openMerge, 'mergeHash'),
  'roll.frozen': { ...nothing, left: ['root'] },
  'roll.corrected': opened(openCorrection, 'oldLeaf', 'newLeaf', 'correctionHash'),
  'rules.adopted': by(RulesCheck, 'rulesHash'),
  'meeting.noticed': by(DefinitionCheck, 'noticeHash'),
  'meeting.opened': by(DefinitionCheck, 'meetingHash'),
  'meeting.extended': nothing,
  'meeting.paused': by(TextCheck, 'reasonHash'),
  'meeting.resumed': nothing,
  'meeting.cancelled': by(TextCheck, 'reasonHash'),
  'box.released': { ...nothing, left: ['secretHash'] },
  'paper.accepted': by(PaperCheck, 'paperHash'),
  'objection.decided': by(TextCheck, 'decisionHash'),
  'requisition.answered': by(TextCheck, 'answerHash'),
  'cast.restored': by(RestoringCheck, 'castHash', 'promiseHash'),
  'cast.voided': by(VoidCheck, 'prev', 'voids'),
  'followup.recorded': by(TextCheck, 'textHash'),
  'tally.final': { ...nothing, open: ['recordHash', 'root', 'inputsHash'] },
  'fund.entry': by(OrderCheck, 'hash'),
  'refund.authorised': by(RefundCheck, 'refundHash'),
  'revenue.spent': by(RevenueCheck, 'revenueHash'),
  'application.answered': by(TextCheck, 'answerHash'),
  'emergencies.declared': by(DeclarationCheck, 'documentHash'),
  'emergency.annulled': by(DocumentCheck, 'documentHash'),
  'emergency.authorised': by(EmergencyCheck, 'emergencyHash'),
  'fund.closed': by(ClosingCheck, 'documentHash'),
  'resolution.annulled': by(DocumentCheck, 'documentHash'),
  'topup.called': by(TopUpCheck, 'callHash'),
  'topup.withdrawn': by(DocumentCheck, 'documentHash'),
};

/** A check that has not succeeded says why nothing can be signed yet. */
export type SignCheckProps = {
  readonly act: ActAnswer;
  readonly entry: Entry;
  readonly onChecked: (isChecked: boolean) => void;
};

export function SignCheckView({ act, entry, onChecked }: SignCheckProps) {
  const check = SIGN_CHECKS[entry.kind];
  const [isChecked, setChecked] = useState(false);
  const needsNothing = check !== undefined && check.View === undefined;
  useEffect(() => onChecked(needsNothing || (check !== undefined && isChecked)), [needsNothing, isChecked]);
  // The dialog may be opened again, and then nothing has been compared.
  useEffect(() => () => onChecked(false), []);
  if (check === undefined) return <Status kind="stop" title={t('unknownKind')} />;
  const { View, left } = check;
  return (
    <>
      {View !== undefined && <View act={act} entry={entry} onChecked={setChecked} />}
      {left.length > 0 && <p class="soft">{t('left', { hashes: left.join('、') })}</p>}
      {View !== undefined && !isChecked && <Status kind="wait" title={t('wait')} />}
    </>
  );
}
