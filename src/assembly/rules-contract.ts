/** Wire types of the rules that a community follows; unknown members are refused. */
import { z } from 'zod';
import { bytesText, freeText, idText } from '../officers/contract.ts';
import { settingsBody } from './contract.ts';

const dateText = z.iso.date();
const idOrNone = z.union([z.literal(''), idText]);

export const rulesBody = z.strictObject({
  /** The profile that the rules derive from. */
  base: z.string().max(40),
  parameters: settingsBody,
  text: freeText(20_000),
  adoptedOn: dateText,
  /** Meeting and proposal that adopted them, both empty where a document of another way is named. */
  meeting: idOrNone,
  proposal: idOrNone,
  /** SHA-256 of the document, empty where a resolution is named. */
  document: z.union([z.literal(''), bytesText(43)]),
});

/** What a community follows now: the profile, own rules where it has any, and each setting with where its value comes from. */
export const rulesAnswer = z.strictObject({
  profile: z.string(),
  profileName: z.string(),
  adopted: z
    .array(
      z.strictObject({
        rulesHash: bytesText(43),
        adoptedOn: dateText,
        text: z.string(),
        meeting: z.string(),
        proposal: z.string(),
        document: z.string(),
      }),
    )
    .max(1),
  settings: z.array(
    z.strictObject({
      name: z.string(),
      zh: z.string(),
      article: z.string(),
      kind: z.enum(['int', 'bool', 'choice']),
      /** As texts: what holds, and what may be chosen; of numbers the least and the greatest. */
      value: z.string(),
      choices: z.array(z.string()),
      /** Whether own rules fix it. */
      isFixed: z.boolean(),
    }),
  ),
});
export type RulesAnswer = z.infer<typeof rulesAnswer>;
