/** Wire types of meetings; unknown members are refused. */
import { z } from 'zod';
import { fromBase64Url } from '../base/bytes.ts';
import { parseInstant } from '../base/instant.ts';
import { bytesText, freeText, idText, lineText } from '../officers/contract.ts';
import { MEETING_STATES } from './domain/meeting-state.ts';
import { TIMETABLE_FAULTS } from './domain/timetable.ts';

const label = lineText(200);
const dateText = z.iso.date();
const instantText = z.string().refine((text) => parseInstant(text) !== undefined);
const hashText = z.string().refine((text) => fromBase64Url(text)?.length === 32);
const decimalText = z.string().regex(/^(0|[1-9]\d{0,17})$/);

export const scopeBody = z.strictObject({
  kind: z.enum(['community', 'buildings', 'units']),
  members: z.array(label).max(20_000),
});

export const proposalBody = z.strictObject({
  title: label,
  text: freeText(20_000),
  classes: z
    .array(z.enum(['M1', 'M2', 'M3', 'M4', 'M5', 'M6', 'M7', 'M8', 'M9']))
    .min(1)
    .max(9),
  /** Why these classes; the statute's words where it is left out. */
  basis: freeText(500).optional(),
  scope: scopeBody,
  form: z.enum(['motion', 'election']),
  candidates: z
    .array(z.strictObject({ id: z.string().regex(/^(?!invalid-)[a-z0-9-]{1,20}$/), text: label }))
    .max(60),
  seats: z.int().min(0).max(60),
  fund: z
    .array(
      z.strictObject({
        capFen: decimalText,
        payee: label,
        payeeAccount: hashText,
        purpose: freeText(500),
        units: scopeBody,
      }),
    )
    .max(1),
});

/** Settings of a rule profile by their names, typed as the profile takes them. */
export const settingsBody = z.record(
  z.string().max(60),
  z.union([z.string().max(200), z.int(), z.boolean()]),
);

export const meetingBody = z.strictObject({
  title: label,
  convener: label,
  profile: z.string().max(40),
  parameters: settingsBody,
  publishedOn: dateText,
  opens: instantText,
  closes: instantText,
  noticeText: freeText(50_000),
  boxHolder: z.enum(['officer', 'server']),
  proposals: z.array(proposalBody).min(1).max(40),
});

/** The dates of a meeting that is being drafted, under the rules that it chose. */
export const timetableBody = meetingBody.pick({
  profile: true,
  parameters: true,
  publishedOn: true,
  opens: true,
  closes: true,
});
export const timetableAnswer = z.strictObject({
  opensFrom: dateText,
  faults: z.array(
    z.strictObject({ code: z.enum(TIMETABLE_FAULTS), where: z.enum(['publishedOn', 'opens', 'closes']) }),
  ),
  unknownYears: z.array(z.string()),
});
export type TimetableAnswer = z.infer<typeof timetableAnswer>;

export const communityParams = z.strictObject({ community: idText });
export const meetingParams = z.strictObject({ meeting: idText });
export const meetingCreated = z.strictObject({ meeting: idText });
export const actDrafted = z.looseObject({ act: idText });
export const cancellationBody = z.strictObject({ reason: freeText(4000) });
export const pauseBody = z.strictObject({ reason: freeText(4000) });
/** `closes`: the new effective close that the act names. */
export const resumptionDrafted = z.strictObject({ act: idText, closes: instantText });
export type ResumptionDrafted = z.infer<typeof resumptionDrafted>;
export const boxBody = z.strictObject({ boxKey: bytesText(43) });
export const done = z.strictObject({});

/** What anybody may know of a meeting. */
export const meetingAnswer = z.strictObject({
  meeting: idText,
  community: idText,
  communityName: z.string(),
  title: z.string(),
  state: z.enum(MEETING_STATES),
  opens: instantText,
  closes: instantText,
  convenerRole: z.enum(['committee', 'street']),
  /** Whether its draft was opened to the questions of owners. */
  isConsulted: z.boolean(),
  /** Empty until the preliminary result. */
  objectionsUntil: z.string(),
  /** The definition's exact bytes: as noticed, later as opened. */
  definition: bytesText(1_500_000),
  /** Empty before it is armed. */
  meetingHash: z.string(),
  /** Texts that the definition names: hash → text. */
  texts: z.array(z.strictObject({ hash: bytesText(43), body: z.string() })),
  /** The pauses of its vote, the first one first; `resumedAt` is empty while one lasts. */
  pauses: z.array(z.strictObject({ pausedAt: instantText, resumedAt: z.string(), reason: z.string() })),
  demoRoot: z.boolean(),
});
export type MeetingAnswer = z.infer<typeof meetingAnswer>;

export const meetingListAnswer = z.strictObject({
  meetings: z.array(meetingAnswer.omit({ definition: true, texts: true, pauses: true })),
});
export type MeetingListAnswer = z.infer<typeof meetingListAnswer>;
