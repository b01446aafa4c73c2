/** What owners asked before the notice and what they were answered, as one text that is frozen with it (SPEC 5.3). Pure. */

/** A question: open, answered in public, or kept back with a reason. */
export type QuestionOutcome = 'open' | 'answered' | 'withheld';

export type AskedQuestion = {
  readonly proposal: string;
  readonly outcome: QuestionOutcome;
  readonly text: string;
  /** The answer, or why it is not published; empty while it is open. */
  readonly answer: string;
};

/** What somebody wrote stays under its own mark: no line of it can pass for another question or answer. */
const indented = (text: string): string => text.replaceAll('\n', '\n　　');

function lines({ outcome, text, answer }: AskedQuestion): string {
  if (outcome === 'withheld') return `问：（未公布，理由：${indented(answer)}）`;
  return `问：${indented(text)}\n答：${outcome === 'open' ? '（公告前没有答复）' : indented(answer)}`;
}

/** The exchange by proposals in their order, each question in the order in which it was asked; nobody is named. */
export function exchangeText(
  proposals: readonly { readonly proposal: string; readonly title: string }[],
  questions: readonly AskedQuestion[],
): string {
  const parts = proposals.flatMap(({ proposal, title }, at) => {
    const own = questions.filter((question) => question.proposal === proposal);
    return own.length === 0 ? [] : [`议题${at + 1}　${title}\n\n${own.map(lines).join('\n\n')}`];
  });
  return parts.length === 0 ? '公告前征询过意见，没有业主提问。' : parts.join('\n\n');
}
