/** The form of a refusal's text: its status, and one sentence for people in Chinese and in English. */

/** What people and programs are told of a refusal. */
export type ProblemText = {
  readonly status: number;
  readonly zh: string;
  readonly en: string;
  /** Seconds after which the same request is worth repeating. */
  readonly retryAfterS?: number;
};
export type ProblemTexts = Readonly<Record<string, ProblemText>>;
