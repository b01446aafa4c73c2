/** Wire types of reminders and of the list for whoever goes from door to door (SPEC 6.11). */
import { z } from 'zod';

export const reminderAnswer = z.strictObject({
  /** 1 for the first of a meeting. */
  round: z.int().positive(),
});
export type ReminderAnswer = z.infer<typeof reminderAnswer>;

export const absentBody = z.strictObject({ reason: z.string().trim().min(4).max(200) });

export const absentAnswer = z.strictObject({
  units: z.array(
    z.strictObject({
      building: z.string(),
      stair: z.string(),
      room: z.string(),
      /** 0.01 m², a decimal. */
      areaDm2: z.string(),
    }),
  ),
});
export type AbsentAnswer = z.infer<typeof absentAnswer>;
