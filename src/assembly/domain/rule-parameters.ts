/** The parameters that a rule profile must give, and the form in which it gives each with its source; SPEC 5. */

/** The parameters that a motion or an election is counted by; numerators and denominators are exact. */
export type CountingParameters = {
  /** Quorum, of the whole base: participants · den ≥ base · num, by area and by heads. */
  readonly quorumNum: number;
  readonly quorumDen: number;
  readonly quorumTest: Comparison;
  /** Consent in an ordinary matter, of those taking part. */
  readonly ordinaryNum: number;
  readonly ordinaryDen: number;
  readonly ordinaryTest: Comparison;
  /** Consent in matters (6), (7) and (8), of those taking part. */
  readonly majorNum: number;
  readonly majorDen: number;
  readonly majorTest: Comparison;
  readonly abstainParticipates: boolean;
  readonly invalidParticipates: boolean;
  readonly malformedParticipates: boolean;
  readonly silenceRule: 'NONE' | 'FOLLOW_MAJORITY';
};

/** GE includes equality (以上), GT does not (过半数); Civil Code §1259. */
export type Comparison = 'GE' | 'GT';

/** Every parameter of a meeting. Days are civil days, counts are whole numbers. */
export type RuleParameters = CountingParameters & {
  readonly noticeDays: number;
  readonly windowDays: number;
  readonly windowDaysMin: number;
  readonly windowDaysMax: number;
  readonly extensionCount: number;
  readonly extensionDays: number;
  readonly extensionOnlyWithoutQuorum: boolean;
  readonly objectionDays: number;
  readonly postingDays: number;
  readonly ballotGranularity: 'head';
  readonly conflictingUnits: 'split-area';
  readonly headKey: 'ownerset' | 'representative';
  readonly countSpecialSpaces: boolean;
  readonly blankAnswer: 'absent' | 'abstain';
  readonly coOwners: 'first' | 'designated';
  readonly proxyCap: number;
  readonly revoteLimit: number;
  readonly letterRevote: boolean;
  readonly duplicateRule: 'OWN_KEY' | 'FIRST_VALID' | 'ELECTRONIC_PREVAILS' | 'LAST_BEFORE_CLOSE';
  readonly liveResults: 'participation';
  readonly rollCutoff: 'notice';
  readonly electionRank: 'HEADS_AREA';
  readonly fundHoldNeedsAll: boolean;
  readonly fundEmergency: boolean;
};

/**
 * How sure a rule is: V read in the instrument, W read in a secondary page, K known but not read, I our own
 * interpretation. The housing bureau confirms K and I before a real meeting.
 */
export type Certainty = 'V' | 'W' | 'K' | 'I';

/** Where a parameter comes from, in words that the notice can print. */
export type Citation = {
  readonly zh: string;
  readonly article: string;
  readonly source: string;
  readonly certainty: Certainty;
};

/** One parameter: its default, what else may be chosen, and its citation. Equal bounds cannot be changed. */
export type Setting<T> = Citation & { readonly value: T } & (T extends number
    ? { readonly kind: 'int'; readonly min: number; readonly max: number }
    : T extends boolean
      ? { readonly kind: 'bool'; readonly choices: readonly boolean[] }
      : { readonly kind: 'choice'; readonly choices: readonly string[] });

/** A setting of whichever kind. */
export type AnySetting = Setting<number> | Setting<boolean> | Setting<string>;

/** The settings of a profile, exactly one for each parameter. */
export type Settings = {
  readonly [Name in keyof RuleParameters]: RuleParameters[Name] extends number
    ? Setting<number>
    : RuleParameters[Name] extends boolean
      ? Setting<boolean>
      : Citation & {
          readonly kind: 'choice';
          readonly value: RuleParameters[Name];
          readonly choices: readonly RuleParameters[Name][];
        };
};
