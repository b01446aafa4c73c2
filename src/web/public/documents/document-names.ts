/** What a meeting has for paper, by its state (DESIGN §3 "documents"). */

export const DOCUMENT_NAMES = ['notice', 'roll', 'delivery', 'announcement', 'minutes'] as const;
export type DocumentName = (typeof DOCUMENT_NAMES)[number];

/** Before the opening there is still time to deliver, and the sums of today would be wrong tomorrow. */
const UNOPENED: readonly string[] = ['draft', 'noticed', 'armed'];

/** The documents that a meeting has by now, in the order of its course. */
export const documentsOf = ({
  state,
  roll,
  result,
}: {
  readonly state: string;
  readonly roll: object | undefined;
  readonly result: object | undefined;
}): readonly DocumentName[] => {
  const exists: Readonly<Record<DocumentName, boolean>> = {
    notice: true,
    roll: roll !== undefined,
    delivery: !UNOPENED.includes(state),
    announcement: result !== undefined,
    minutes: result !== undefined,
  };
  return DOCUMENT_NAMES.filter((name) => exists[name]);
};
