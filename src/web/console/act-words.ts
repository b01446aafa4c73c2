/** What an act says, in words, from its own bytes (SPEC 2.3). */
import { parseDecimal, showSquareMetres } from '../../base/area.ts';
import type { Role } from '../../record/action.ts';
import type { Entry, EntryOf } from '../../record/entry.ts';
import { hexGroups } from '../kit/fingerprint.ts';
import { dayWords, timeWords } from '../kit/times.ts';
import { t as applicationWord } from './applications-words.ts';
import { t as closingWords } from './closing-words.ts';
import { t as emergencyWord } from './emergency-words.ts';
import { t as followUpWord } from './follow-up-words.ts';
import { t as fundWords } from './fund-words.ts';
import { t as objectionWord } from './objections-words.ts';
import { t as paperWord } from './paper-words.ts';
import { t as pauseWord } from './pause-words.ts';
import { t as tp } from './provider-words.ts';
import { t as refundWords } from './refund-words.ts';
import { t as requisitionWord } from './requisition-words.ts';
import { t as restoringWord } from './restoring-words.ts';
import { t as revenueWord } from './revenue-words.ts';
import { t as rulesWord } from './rules-words.ts';
import { t as topUpWord } from './top-up-words.ts';
import { t } from './words.ts';

/** The name of a role. */
export const roleWords = (role: string): string => t(`role_${role as Role}`);

const shortHash = (hash: string): string => hexGroups(hash, 4).join(' ');

/** What an entry of the fund that two officers sign does; the others need no officer. */
function orderWords(kind: EntryOf<'fund.entry'>['entryKind']): string {
  const isOrder =
    kind === 'pay' || kind === 'deposit_reversed' || kind === 'deposit_identified' || kind === 'bank_moved';
  return isOrder ? fundWords(kind) : fundWords('other', { kind });
}

const MONEY_KINDS = [
  'application.answered',
  'emergencies.declared',
  'emergency.annulled',
  'emergency.authorised',
  'fund.closed',
  'fund.entry',
  'refund.authorised',
  'resolution.annulled',
  'revenue.spent',
  'topup.called',
  'topup.withdrawn',
] as const;
type MoneyEntry = EntryOf<(typeof MONEY_KINDS)[number]>;
const isMoney = (entry: Entry): entry is MoneyEntry => MONEY_KINDS.some((kind) => kind === entry.kind);

function moneyWords(entry: MoneyEntry): string {
  if (entry.kind === 'fund.entry')
    return fundWords('entry', { seq: entry.seq, kind: orderWords(entry.entryKind) });
  if (entry.kind === 'refund.authorised') return refundWords('entry', { hash: shortHash(entry.refundHash) });
  if (entry.kind === 'revenue.spent') return revenueWord('entry', { hash: shortHash(entry.revenueHash) });
  if (entry.kind === 'application.answered')
    return applicationWord('entry', { hash: shortHash(entry.answerHash) });
  if (entry.kind === 'emergency.authorised')
    return emergencyWord('entry', { hash: shortHash(entry.emergencyHash) });
  if (entry.kind === 'emergencies.declared') return emergencyWord(entry.emergencies);
  if (entry.kind === 'emergency.annulled')
    return emergencyWord('annulled', { authorisation: entry.authorisation });
  if (entry.kind === 'topup.called') return topUpWord('entry', { hash: shortHash(entry.callHash) });
  if (entry.kind === 'topup.withdrawn') return topUpWord('withdrawn', { call: entry.call });
  if (entry.kind === 'fund.closed') return closingWords('entry', { authorisation: entry.authorisation });
  return fundWords('annulled', { meeting: entry.meeting, proposal: entry.proposal });
}

function lettersWords(entry: EntryOf<'letters.issued' | 'letters.reissued' | 'letters.revoked'>): string {
  if (entry.kind === 'letters.revoked') return t('entry_lettersRevoked', { letter: entry.letter });
  const { count, madeIn } = entry;
  return entry.kind === 'letters.issued'
    ? t(`entry_letters_${madeIn}`, { count })
    : t(`entry_lettersReissued_${madeIn}`, { count });
}

type CourseEntry = EntryOf<'meeting.extended' | 'meeting.paused' | 'meeting.resumed' | 'meeting.cancelled'>;

/** What moves, stops or ends a vote that was announced. */
function courseWords(entry: CourseEntry): string {
  if (entry.kind === 'meeting.cancelled') return t('entry_cancelled');
  if (entry.kind === 'meeting.paused') return pauseWord('entryPaused', { pause: entry.pause.slice(0, 8) });
  const closes = timeWords(entry.closes);
  return entry.kind === 'meeting.resumed'
    ? pauseWord('entryResumed', { closes })
    : t('entry_extended', { closes });
}

const mandateWords = ({ kind, mandateHash }: EntryOf<'mandate.granted' | 'mandate.revoked'>): string =>
  t(kind === 'mandate.granted' ? 'entry_mandate' : 'entry_mandateEnd', { hash: shortHash(mandateHash) });

type StatementEntry = EntryOf<'paper.accepted' | 'cast.restored' | 'cast.voided'>;

/** What enters a statement or takes it out. */
function statementWords(entry: StatementEntry): string {
  if (entry.kind === 'paper.accepted') return paperWord('entry', { hash: shortHash(entry.paperHash) });
  const entitlement = entry.entitlement.slice(0, 8);
  if (entry.kind === 'cast.restored')
    return restoringWord('entry', { entitlement, hash: shortHash(entry.castHash) });
  const reason = objectionWord(`reason_${entry.reason}`);
  return objectionWord('entry', { entitlement, hash: shortHash(entry.voids), reason });
}

/** One sentence for an entry. */
export function entryWords(entry: Entry): string {
  switch (entry.kind) {
    case 'root.declared':
      return t('entry_root');
    case 'officer.appointed':
      return t('entry_appointed', {
        role: roleWords(entry.role),
        officer: entry.officer,
        until: dayWords(entry.until),
      });
    case 'officer.removed':
      return t('entry_removed', { officer: entry.officer });
    case 'register.imported': {
      const { units, heads, areaDm2 } = entry;
      return t('entry_register', { units, heads, area: showSquareMetres(parseDecimal(areaDm2) ?? 0n) });
    }
    case 'letters.issued':
    case 'letters.reissued':
    case 'letters.revoked':
      return lettersWords(entry);
    case 'voting.unfrozen':
      return t('entry_unfrozen', { hash: shortHash(entry.freezeHash) });
    case 'persons.merged':
    case 'persons.separated':
      return t(entry.kind === 'persons.merged' ? 'entry_merged' : 'entry_separated', {
        hash: shortHash(entry.mergeHash),
      });
    case 'providers.declared':
      return entry.providers.length === 0
        ? tp('noneLeft')
        : tp('declared', { names: entry.providers.map(({ name }) => name).join('、') });
    case 'credential.bound':
      return t('entry_bound', { hash: shortHash(entry.bindHash) });
    case 'credential.revoked':
      return t('entry_keyRevoked', { hash: shortHash(entry.revocationHash) });
    case 'designation.recorded':
      return t('entry_designation', { hash: shortHash(entry.designationHash) });
    case 'mandate.granted':
    case 'mandate.revoked':
      return mandateWords(entry);
    case 'roll.frozen':
      return t('entry_roll', { size: entry.size });
    case 'roll.corrected':
      return t('entry_corrected', { at: entry.index + 1, hash: shortHash(entry.correctionHash) });
    case 'followup.recorded':
      return followUpWord('entry', { state: followUpWord(entry.state), dueOn: dayWords(entry.dueOn) });
    case 'rules.adopted':
      return rulesWord('entry', { hash: shortHash(entry.rulesHash) });
    case 'meeting.noticed':
      return t('entry_noticed', { opens: timeWords(entry.opens) });
    case 'meeting.opened':
      return t('entry_opened', { hash: shortHash(entry.meetingHash) });
    case 'meeting.extended':
    case 'meeting.paused':
    case 'meeting.resumed':
    case 'meeting.cancelled':
      return courseWords(entry);
    case 'paper.accepted':
    case 'cast.restored':
    case 'cast.voided':
      return statementWords(entry);
    case 'box.released':
      return t('entry_box');
    case 'objection.decided':
      return t('entry_decided', { objection: entry.objection });
    case 'requisition.answered':
      return requisitionWord('entry', { requisition: entry.requisition.slice(0, 8) });
    case 'tally.final':
      return t('entry_final', { hash: shortHash(entry.recordHash) });
    default:
      return isMoney(entry) ? moneyWords(entry) : t('entry_other', { kind: entry.kind });
  }
}

/** Everything by which a provider's tokens are judged; a thumbprint in full, to be compared with what the provider says of itself. */
const providerFacts = ({ providers }: EntryOf<'providers.declared'>): readonly string[] =>
  providers.flatMap(({ name, iss, aud, alg, claims, docKinds, keys }) => [
    tp('provider', { name, iss, aud, alg }),
    tp('claims', claims),
    ...docKinds.map((each) => tp('docKind', each)),
    ...keys.map((hash) => tp('key', { hash: hexGroups(hash, 16).join(' ') })),
  ]);

/** Further lines: the totals of a roll, the hash that a notice carries. */
export function entryFacts(entry: Entry): readonly string[] {
  if (entry.kind === 'providers.declared') return providerFacts(entry);
  if (entry.kind === 'fund.closed')
    return [closingWords('document', { hash: hexGroups(entry.documentHash).join(' ') })];
  if (entry.kind === 'emergencies.declared')
    return [emergencyWord('rules', { hash: hexGroups(entry.documentHash).join(' ') })];
  if (entry.kind === 'topup.withdrawn')
    return [topUpWord('document', { hash: hexGroups(entry.documentHash).join(' ') })];
  if (entry.kind === 'resolution.annulled' || entry.kind === 'emergency.annulled')
    return [fundWords('document', { hash: hexGroups(entry.documentHash).join(' ') })];
  if (entry.kind === 'roll.frozen') {
    return entry.totals.map(
      ({ areaDm2, heads }, at) =>
        `${at + 1}. ${t('headsUnit', { count: heads })},${t('areaUnit', { area: showSquareMetres(parseDecimal(areaDm2) ?? 0n) })}`,
    );
  }
  return entry.kind === 'meeting.noticed' ? [hexGroups(entry.noticeHash).join(' ')] : [];
}
