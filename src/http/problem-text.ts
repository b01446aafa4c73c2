/** The form of a refusal's text: its status, and one sentence for people in Chinese and in English. */

/** What people and programs are told of a refusal. */
export type ProblemText = { readonly status: number; readonly zh: string; readonly en: string };
export type ProblemTexts = Readonly<Record<string, ProblemText>>;
