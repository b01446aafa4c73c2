/** Wire types of questions before the vote; unknown members are refused. */
import { z } from 'zod';
import { freeText, idText, lineText } from '../officers/contract.ts';

export const questionBody = z.strictObject({ proposal: idText, text: lineText(500) });
export const questionAsked = z.strictObject({ question: idText });
export const questionParams = z.strictObject({ meeting: idText, question: idText });
export const questionAnswerBody = z.strictObject({
  outcome: z.enum(['answered', 'withheld']),
  /** The answer, or why the question is not published; both are public. */
  answer: freeText(1000),
});

/** A question; `text` is empty for whoever may not read one that is kept back. */
const question = z.strictObject({
  question: idText,
  proposal: idText,
  outcome: z.enum(['open', 'answered', 'withheld']),
  text: z.string(),
  answer: z.string(),
  isOwn: z.boolean(),
});

export const questionsAnswer = z.strictObject({ questions: z.array(question) });
export type QuestionsAnswer = z.infer<typeof questionsAnswer>;

/** Drafts that are open to the owner's community. */
export const consultationsAnswer = z.strictObject({
  consultations: z.array(
    z.strictObject({
      meeting: idText,
      title: z.string(),
      noticeText: z.string(),
      proposals: z.array(z.strictObject({ proposal: idText, title: z.string(), text: z.string() })),
      questions: z.array(question),
      isOpen: z.boolean(),
    }),
  ),
});
export type ConsultationsAnswer = z.infer<typeof consultationsAnswer>;
