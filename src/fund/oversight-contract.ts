/** Wire types of what those who oversee a fund read: a book by building, and a line for each community (SPEC 8.3). */
import { z } from 'zod';
import { dateText, fenText, idText } from './contract.ts';

const figures = {
  units: z.number().int(),
  areaDm2: fenText,
  accounts: z.number().int(),
  accountAreaDm2: fenText,
  depositedFen: fenText,
  interestFen: fenText,
  availableFen: fenText,
  heldFen: fenText,
  /** Accrued for work, less what was cancelled; paid or still payable. */
  workFen: fenText,
  refundedFen: fenText,
  /** What the developer owes: no money, in no sum. */
  claimFen: fenText,
  /** At least so many units have less than 30 % of their first deposit. */
  below: z.number().int(),
  /** Units of which the book has no deposit. */
  unknown: z.number().int(),
  /** Rounded down to a fen; null where no area has an account. */
  perSquareMetre: z
    .strictObject({ depositedFen: fenText, availableFen: fenText, heldFen: fenText, workFen: fenText })
    .nullable(),
};

export const buildingsAnswer = z.strictObject({
  lastSeq: fenText,
  lastBookedOn: dateText,
  buildings: z.array(z.strictObject({ building: z.string(), ...figures })),
  whole: z.strictObject(figures),
  bankFen: fenText,
  payableFen: fenText,
  paidFen: fenText,
  interestUndistributedFen: fenText,
  depositUnidentifiedFen: fenText,
});
export type BuildingsAnswer = z.infer<typeof buildingsAnswer>;

/** The bytes of a CSV file. */
export const buildingsFile = z.string();

export const fundsQuery = z.strictObject({
  /** How many communities, by name, are passed over. */
  after: z
    .string()
    .regex(/^(0|[1-9]\d{0,6})$/)
    .default('0'),
});
export const fundsAnswer = z.strictObject({
  funds: z.array(
    z.strictObject({
      community: idText,
      name: z.string(),
      /** Empty where there is no book. */
      lastBookedOn: z.union([dateText, z.literal('')]),
      balanceFen: fenText,
      availableFen: fenText,
      heldFen: fenText,
      openAuthorisations: z.number().int(),
      lateMonths: z.number().int(),
      anomalies: z.number().int(),
    }),
  ),
  more: z.boolean(),
});
export type FundsAnswer = z.infer<typeof fundsAnswer>;
