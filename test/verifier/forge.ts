// The words of the story that bundle-builder.ts tells: its steps, the lies that a test may tell at each of them, and the world
// that a lie sees. A lie is told while the meeting runs, so that what follows is built upon it.
import type { RuleParameters } from '../../src/assembly/domain/rule-parameters.ts';
import type { Acknowledgement } from '../../src/record/acknowledgement.ts';
import type { Action, Role } from '../../src/record/action.ts';
import type { Application, ApplicationAnswer } from '../../src/record/application.ts';
import type { BallotClaims } from '../../src/record/ballot.ts';
import type { Binding } from '../../src/record/binding.ts';
import type { ActionLine, CredentialLine, DesignationLine } from '../../src/record/bundle-lines.ts';
import type { Cast } from '../../src/record/cast.ts';
import type { Correction } from '../../src/record/correction.ts';
import type { DeliveryRecord } from '../../src/record/delivery.ts';
import type { Designation } from '../../src/record/designation.ts';
import type { Emergency } from '../../src/record/emergency.ts';
import type { UnsignedEntry } from '../../src/record/entry.ts';
import type { Freeze } from '../../src/record/freeze.ts';
import type { Authorisation, FundEntry, FundMonth, Refund } from '../../src/record/fund.ts';
import type { RollOpening } from '../../src/record/identity.ts';
import type { LetterItem } from '../../src/record/letter.ts';
import type { Mandate } from '../../src/record/mandate.ts';
import type { Definition } from '../../src/record/meeting.ts';
import type { Merge } from '../../src/record/merge.ts';
import type { Paper } from '../../src/record/paper.ts';
import type {
  Requisition,
  RequisitionAnswer,
  RequisitionCount,
  Support,
} from '../../src/record/requisition.ts';
import type { RevenueEntry, RevenuePeriod } from '../../src/record/revenue.ts';
import type { RollLeaf } from '../../src/record/roll.ts';
import type { PublicKey, Signature } from '../../src/record/signature.ts';
import type { Certificate, ParticipationList, TallyRecord } from '../../src/record/tally-record.ts';
import type { TopUpCall } from '../../src/record/top-up.ts';
import type { StoryLog } from './story-log.ts';
import type { ProviderLies } from './story-providers.ts';

export type StepName =
  | 'root'
  | 'regulator'
  | 'street'
  | 'committee'
  | 'registrar'
  | 'register'
  | 'letters'
  | 'counter'
  | 'providers'
  | 'taking-back'
  | 'lifting'
  | 'merging'
  | 'separating'
  | 'mandate'
  | 'designation'
  | 'requisition'
  | 'deposit'
  | 'unknown'
  | 'identification'
  | 'unknown-reversed'
  | 'notice'
  | 'roll'
  | 'open'
  | 'delivery'
  | 'late-delivery'
  | 'correction'
  | 'paper'
  | 'clerk'
  | 'scrutineer'
  | 'close'
  | 'restored'
  | 'box'
  | 'preliminary'
  | 'decision'
  | 'void-decision'
  | 'void'
  | 'recount'
  | 'final'
  | 'authorise'
  | 'hold'
  | 'accrue'
  | 'pay'
  | 'close'
  | 'release'
  | 'call'
  | 'withdrawal'
  | 'annulment'
  | 'hold-again'
  | 'claim'
  | 'claim-deposit'
  | 'claim-settled'
  | 'claim-again'
  | 'claim-cancelled'
  | 'month'
  | 'month-after'
  | 'refund'
  | 'refund-book'
  | 'refund-pay'
  | 'refund-after'
  | 'declaration'
  | 'emergency'
  | 'emergency-hold'
  | 'emergency-accrue'
  | 'emergency-pay'
  | 'emergency-claim'
  | 'emergency-unpaid'
  | 'emergency-annul'
  | 'emergency-close'
  | 'emergency-release'
  | 'winter'
  | 'application'
  | 'answer'
  | 'earn'
  | 'late-earn'
  | 'spend'
  | 'use'
  | 'undo'
  | 'half-year';

/** What an owner answers, by the place of the proposal. */
export type Ballots = {
  readonly owner: string;
  /** Whose key casts it, where it is not the owner's. */
  readonly by?: string;
  /** Under the mandate of the owner. */
  readonly mandated?: true;
  /** On paper, with the lies of those who enter it. */
  readonly paper?: PaperLies;
  readonly answers: readonly (readonly [number, string])[];
};

/** Lies about a paper; each gets the honest value where there is one. */
export type PaperLies = {
  readonly serial?: string;
  readonly record?: (paper: Paper) => Paper;
  readonly signers?: readonly string[];
};

/** What an officer says of her objection. */
export type VoidDecision = { readonly decision: 'upheld' | 'rejected'; readonly condemns: readonly string[] };

/** Emei's vote is voided after the count, and the meeting counted again; each lie gets the honest value where there is one. */
export type VoidWish = {
  /** Whose objection it follows from. */
  readonly objector?: string;
  readonly decided?: (decision: VoidDecision) => VoidDecision;
  readonly entry?: (entry: UnsignedEntry<'cast.voided'>) => UnsignedEntry<'cast.voided'>;
  readonly signers?: readonly string[];
  /** The recount's record. */
  readonly record?: (record: TallyRecord) => TallyRecord;
  /** The first count stays in force. */
  readonly uncounted?: true;
  /** Counted again without any void. */
  readonly without?: true;
};

/** Emei's vote was promised and lost, and two officers restore it after the close; each lie gets the honest value where there is one. */
export type RestoredWish = {
  readonly promise?: (promise: Acknowledgement) => Acknowledgement;
  /** Another key signs the promise. */
  readonly seed?: Uint8Array;
  readonly entry?: (entry: UnsignedEntry<'cast.restored'>) => UnsignedEntry<'cast.restored'>;
  readonly signers?: readonly string[];
  /** The log has the promised entry all the same. */
  readonly kept?: true;
  /** It is restored after the count, which stays as it was, or before anything is closed. */
  readonly at?: 'after-count' | 'before-close';
};

/** The work is closed at the end; each lie gets the honest value where there is one. */
export type ClosingWish = {
  /** Nothing is accrued: the work is not done, and the whole hold goes back. */
  readonly undone?: true;
  readonly signers?: readonly string[];
  readonly authorisation?: string;
  /** No `fund.closed` is entered. */
  readonly unclosed?: true;
  /** What is held stays where it is. */
  readonly unreleased?: true;
  /** The release before the closing. */
  readonly releasedFirst?: true;
  readonly twice?: true;
  /** A stage is accrued and not paid. */
  readonly unpaid?: true;
  /** What is released is held again. */
  readonly heldAgain?: true;
};

/** The third home of the book is the developer's, and what he owes is claimed; each lie is one of the book's order. */
export type ClaimWish = {
  /** It waits for its hold to the end of the story. */
  readonly waits?: true;
  /** No hold: the work is closed (with `closing`), and the claim ends with it. */
  readonly cancelled?: true;
  readonly cancelledFirst?: true;
  readonly uncancelled?: true;
  /** Nothing is settled before the hold. */
  readonly unsettled?: true;
  /** Claimed once more after the hold. */
  readonly again?: true;
};

/** A step with the money of unknown payers: it comes in, is identified as a home's, or goes back to the bank; numbers are those of the book. */
export type UnknownStep =
  | { readonly receivedFen: bigint }
  | { readonly identifiedFen: bigint; readonly narrative: string; readonly home?: number }
  | { readonly reversedSeq: number };

/** October is published at the end; the lie gets the honest record. */
export type MonthWish = {
  readonly record?: (record: FundMonth) => FundMonth;
  /** The month that the entry names. */
  readonly named?: string;
  readonly twice?: true;
  /** A deposit is booked in it afterwards. */
  readonly deposit?: true;
};

/** A unit is refunded at the end; each lie gets the honest value where there is one. */
export type RefundWish = {
  readonly record?: (record: Refund) => Refund;
  readonly signers?: readonly string[];
  /** Interest comes in first, and waits. */
  readonly interest?: true;
  /** A deposit of the unit afterwards. */
  readonly deposit?: true;
  /** The whole refund once more, under another authorisation. */
  readonly again?: true;
  /** The balance stays where it is. */
  readonly unbooked?: true;
};

/** Common parts earn, and what goes out of it; each lie gets the honest value where there is one. */
export type RevenueWish = {
  readonly record?: (record: RevenueEntry, step: StepName) => RevenueEntry;
  readonly period?: (record: RevenuePeriod) => RevenuePeriod;
  readonly signers?: readonly string[];
  /** Under the other kind of entry. */
  readonly swapped?: StepName;
  /** The reversal once more. */
  readonly again?: true;
  /** Income of the first half-year after it was published. */
  readonly late?: true;
  /** The half-year under another name in the log. */
  readonly named?: string;
};

/** Homes are called to top up; each lie gets the honest value where there is one. */
export type TopUpWish = {
  readonly record?: (record: TopUpCall) => TopUpCall;
  readonly signers?: readonly string[];
  /** By the lift's proposal, which then raises the fund; by a rule of the city where it is not said. */
  readonly decided?: true;
  /** The log calls it by another ground, and the officers of that one sign. */
  readonly ground?: 'resolution' | 'rule';
  /** The lift's resolution is annulled after the call. */
  readonly annulled?: true;
  /** The lift is a matter of the first building alone. */
  readonly narrow?: true;
  /** The call under another id in the log. */
  readonly named?: string;
  /** A second call takes its place. */
  readonly replaced?: true;
  /** Two officers take this call back. */
  readonly withdrawn?: string;
  readonly withdrawers?: readonly string[];
  /** Withdrawn once more. */
  readonly twice?: true;
  /** A call is withdrawn before there is one. */
  readonly early?: true;
};

/** A manager applies, and is answered; each lie gets the honest value where there is one. */
export type ApplicationWish = {
  readonly record?: (record: Application) => Application;
  readonly answer?: (record: ApplicationAnswer) => ApplicationAnswer;
  readonly signers?: readonly string[];
  /** By this meeting, noticed afterwards, and its proposal of the roof; refused with a reason where it is not said. */
  readonly convened?: true;
  /** Filed only when that meeting is over. */
  readonly late?: true;
  /** Nobody answers. */
  readonly unanswered?: true;
  /** The answer before the application. */
  readonly early?: true;
  /** A second answer, to the same application. */
  readonly again?: true;
};

/** An emergency is annulled; each lie gets the honest value where there is one. */
export type AnnulmentWish = {
  /** Before this entry of its money, or before the emergency itself; last where nothing is said. */
  readonly before?: 'emergency' | 'hold' | 'accrue' | 'pay';
  /** Nothing is accrued: what is held goes back after the annulment. */
  readonly unspent?: true;
  /** A part is paid before the annulment, and the unpaid rest goes back after it. */
  readonly partly?: true;
  /** No `emergency.annulled` is entered. */
  readonly missing?: true;
  readonly signers?: readonly string[];
  readonly authorisation?: string;
  readonly twice?: true;
};

/** A lift is repaired before anybody votes; each lie gets the honest value where there is one. */
export type EmergencyWish = {
  readonly record?: (record: Emergency) => Emergency;
  readonly signers?: readonly string[];
  /** What was declared before it, in order; allowed where nothing is said. */
  readonly declared?: readonly ('allowed' | 'barred')[];
  readonly declarers?: readonly string[];
  /** The line of the record once more. */
  readonly twice?: true;
  /** The months up to December are published, where October is; with the charges of December. */
  readonly months?: (charges: FundMonth['charges']) => FundMonth['charges'];
  /** Two officers close it at the end. */
  readonly closed?: true;
  /** Fen that it claims of the developer's home, the third; then it waits for its hold. */
  readonly claims?: bigint;
  /** The regulator finds it unlawful. */
  readonly annulled?: AnnulmentWish;
};

/** After which part of the story a correction is entered. */
export type CorrectionMoment = 'open' | 'casts' | 'counted';

/** A house passes to another owner; each lie gets the honest value. */
export type CorrectionWish = {
  readonly of: string;
  readonly to: string;
  readonly after?: CorrectionMoment;
  readonly leaf?: (leaf: RollLeaf) => RollLeaf;
  readonly opening?: (opening: RollOpening) => RollOpening;
  readonly record?: (record: Correction) => Correction;
};

/** What an owner signs a cast with, and the 32 bytes that he signs. */
export type Signed = { readonly seed: Uint8Array; readonly hash: Uint8Array };

/** By which credential a mandate is given or ended. */
export type SignedMandate = { readonly by: string; readonly evidence: readonly Signature[] };

/** An owner lets another vote for him; each lie gets the honest value. */
export type MandateWish = {
  readonly of: string;
  readonly to: string;
  /** Entered by two officers. */
  readonly paper?: true;
  readonly record?: (record: Mandate) => Mandate;
  readonly signed?: (signed: SignedMandate, hash: Uint8Array) => SignedMandate;
  /** He takes it back, before the votes or after them. */
  readonly ended?: 'before' | 'after';
  readonly endSigned?: (signed: SignedMandate, hash: Uint8Array) => SignedMandate;
};

/** By what a binding was vouched for. */
export type Vouched = { readonly letter: string; readonly evidence: readonly Signature[] };

export type TakenBack = { readonly by: string; readonly evidence: readonly Signature[] };

/** Before which part of the story an owner freezes, the last one being after the vote. */
export type FreezeMoment = 'keys' | 'open' | 'casts';

export type SignedFreeze = { readonly by: string; readonly signature: Signature };

/** An owner freezes, after the vote unless a moment is named; each lie gets the honest value. */
export type FreezeWish = {
  readonly of: string;
  readonly at?: FreezeMoment;
  readonly record?: (record: Freeze) => Freeze;
  readonly signed?: (signed: SignedFreeze, hash: Uint8Array) => SignedFreeze;
  /** The hashes that officers lift at once, given the freeze's own. */
  readonly lifted?: (freeze: string) => readonly string[];
  readonly liftedBy?: readonly string[];
};

/** When two persons become one: before the keys are bound, while the vote runs, or after it. */
export type MergeMoment = 'keys' | 'open' | 'counted';

/** Somebody of whom the roll knows nothing, or an owner, is another owner; each lie gets the honest value. */
export type MergeWish = {
  readonly of?: string;
  readonly to: string;
  readonly at?: MergeMoment;
  readonly record?: (record: Merge) => Merge;
  /** The hashes that are undone at once, given the merge's own. */
  readonly separated?: (merge: string) => readonly string[];
  readonly by?: readonly string[];
};

/** Bao's house is emei's too, and the profile asks for a designation; each lie gets the honest value. */
export type CoHeldWish = {
  /** Nobody is designated. */
  readonly undesignated?: true;
  /** Whom the other designates. */
  readonly to?: 'bao' | 'emei';
  /** Entered by two officers. */
  readonly paper?: true;
  readonly record?: (record: Designation) => Designation;
  readonly signed?: (signed: DesignationLine['signed'], hash: Uint8Array) => DesignationLine['signed'];
  /** A second one, after the first. */
  readonly later?: Omit<CoHeldWish, 'undesignated' | 'later'>;
};

/** Ada and deng demand a meeting; each lie gets the honest value. */
export type RequisitionWish = {
  readonly record?: (record: Requisition) => Requisition;
  /** Its entry is missing. */
  readonly isUnfiled?: true;
  /** Who joins and leaves, by name. */
  readonly supports?: readonly (readonly [name: string, stands: Support['stands']])[];
  readonly support?: (record: Support, at: number) => Support;
  readonly signed?: (own: SignedFreeze, hash: Uint8Array, at: number) => SignedFreeze;
  /** How often it is said to be reached, and to be answered. */
  readonly reached?: number;
  readonly answered?: number;
  readonly count?: (record: RequisitionCount) => RequisitionCount;
  readonly sums?: (entry: UnsignedEntry<'requisition.reached'>) => UnsignedEntry<'requisition.reached'>;
  readonly answer?: (record: RequisitionAnswer, running: string) => RequisitionAnswer;
  /** The bytes of the answer that entry and bundle name. */
  readonly answerBytes?: (bytes: Uint8Array) => Uint8Array;
  /** The bundle has no signature of a support. */
  readonly isUnsigned?: true;
  readonly answeredBy?: readonly string[];
  /** A second word on the answer, which nobody says unless this is asked for. */
  readonly second?: {
    readonly by?: readonly string[];
    readonly answer?: (record: RequisitionAnswer, running: string) => RequisitionAnswer;
  };
  /** The answer and the second word come only so many days later, when the meeting and its payments are over. */
  readonly answerDays?: number;
  readonly secondDays?: number;
};

/** An agent who owns nothing gets a letter; each lie gets the honest value. */
export type AgentWish = {
  readonly item?: (item: LetterItem) => LetterItem;
  /** By the registrar alone. */
  readonly byRegistrar?: true;
};

export type KeyLies = {
  readonly binding?: (binding: Binding) => Binding;
  readonly evidence?: (vouched: Vouched, hash: Uint8Array) => Vouched;
  readonly revocation?: (signed: TakenBack, hash: Uint8Array) => TakenBack;
  /** Her reason, or the officers'. */
  readonly reason?: string;
  /** The passkey is bound at the counter instead, and the device key is taken back by officers. */
  readonly counter?: true;
  /** A provider vouches for the passkey instead. */
  readonly provider?: ProviderLies;
  /** She takes her key back before she votes with it. */
  readonly revokedEarly?: true;
};

/** Lies that a test tells; each gets the honest value and gives the one that is used from there on. */
export type Forge = {
  readonly parameters?: Partial<RuleParameters>;
  readonly profileFile?: (bytes: Uint8Array) => Uint8Array;
  readonly definition?: (definition: Definition) => Definition;
  /** The delivery register, as it is put down at the opening and at the close. */
  readonly deliveries?: (record: DeliveryRecord) => DeliveryRecord;
  /** The definition that `meeting.noticed` commits to. */
  readonly noticed?: (definition: Definition) => Definition;
  readonly units?: (name: string, units: RollLeaf['units']) => RollLeaf['units'];
  readonly leaves?: (leaves: readonly RollLeaf[]) => readonly RollLeaf[];
  readonly openings?: (openings: readonly RollOpening[]) => readonly RollOpening[];
  readonly letters?: (items: readonly LetterItem[]) => readonly LetterItem[];
  readonly lettersFile?: (items: readonly LetterItem[]) => readonly LetterItem[];
  readonly credentials?: (lines: readonly CredentialLine[]) => readonly CredentialLine[];
  readonly claims?: (claims: BallotClaims) => BallotClaims;
  readonly ballotSeed?: Uint8Array;
  /** The compact form of a ballot; `place` is the cast's, `at` the answer's, `seed` the ballot key's. */
  readonly ballotToken?: (token: string, place: number, at: number, seed: Uint8Array) => string;
  readonly cast?: (cast: Cast, place: number) => Cast;
  /** The bytes that the owner signs and the log names. */
  readonly castBytes?: (bytes: Uint8Array, place: number) => Uint8Array;
  readonly castSignature?: (signature: Signature, place: number, signed: Signed) => Signature;
  readonly casts?: readonly Ballots[];
  readonly corrections?: readonly CorrectionWish[];
  /** Two owners vote by keys of their own; lies about them. */
  readonly keys?: KeyLies;
  readonly freeze?: FreezeWish;
  readonly merges?: readonly MergeWish[];
  readonly mandates?: readonly MandateWish[];
  readonly agent?: AgentWish;
  readonly coHeld?: CoHeldWish;
  readonly requisition?: RequisitionWish;
  readonly sealed?: (sealed: Uint8Array, place: number) => Uint8Array;
  readonly record?: (record: TallyRecord) => TallyRecord;
  readonly participation?: (list: ParticipationList) => ParticipationList;
  readonly certificate?: (certificate: Certificate) => Certificate;
  readonly authorisation?: (authorisation: Authorisation) => Authorisation;
  readonly fund?: (entry: FundEntry, step: StepName) => FundEntry;
  readonly journal?: (text: string) => string;
  readonly boxSecret?: Uint8Array;
  readonly voids?: VoidWish;
  readonly restored?: RestoredWish;
  readonly closing?: ClosingWish;
  readonly unknown?: readonly UnknownStep[];
  readonly month?: MonthWish;
  readonly refund?: RefundWish;
  readonly claim?: ClaimWish;
  readonly emergency?: EmergencyWish;
  readonly application?: ApplicationWish;
  readonly revenue?: RevenueWish;
  readonly topUp?: TopUpWish;
  readonly entry?: (entry: UnsignedEntry, step: StepName | 'cast') => UnsignedEntry;
  readonly action?: (action: Action, step: StepName) => Action;
  readonly signature?: (signature: Signature, step: StepName, role: Role) => Signature;
  /** Who signs: by default the officers that the step needs. */
  readonly signers?: (signers: readonly string[], step: StepName) => readonly string[];
  /** The evidence that an entry names. */
  readonly evidence?: (evidence: readonly string[], step: StepName) => readonly string[];
  /** Runs before a step, for entries that should not be there. */
  readonly before?: (world: World, step: StepName | 'cast') => void;
  readonly time?: (at: string, step: StepName | 'cast') => string;
  readonly cosigners?: (step: StepName | 'cast') => number;
  /** The bundle's files before the manifest is made over them. */
  readonly files?: (files: Map<string, Uint8Array>) => void;
  /** The bundle's files after. */
  readonly folder?: (files: Map<string, Uint8Array>) => void;
  readonly boxHolder?: 'officer' | 'server';
};

export type OfficerKey = { readonly publicKey: PublicKey; sign(hash: Uint8Array): Signature };
export type Officer = {
  readonly id: string;
  readonly role: Role;
  readonly identity: string;
  readonly key: OfficerKey;
};

export type World = {
  readonly random: (size: number) => Uint8Array;
  readonly log: StoryLog;
  readonly community: string;
  readonly meeting: string;
  readonly officers: Map<string, Officer>;
  readonly actions: ActionLine[];
  append(step: StepName, entry: UnsignedEntry, signers: readonly string[], at: string): number;
};
