/** Wire types of the fund's routes: fen as decimal text, bytes as base64url; unknown members are refused. */
import { z } from 'zod';

export const idText = z.string().regex(/^[a-z2-7]{26}$/);
export const fenText = z.string().regex(/^(?:0|[1-9][0-9]{0,17})$/);
export const signedFenText = z.string().regex(/^-?(?:0|[1-9][0-9]{0,17})$/);
export const hashText = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
export const dateText = z.iso.date();
/** A free text on one line, in NFC as records want it. */
export const lineText = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text))
    .transform((text) => text.normalize('NFC'));

/** What opens a payee's account hash: 16 bytes of salt and the number without spaces, for the eyes of those who sign. */
export const accountOpening = z.strictObject({
  salt: z.string().regex(/^[A-Za-z0-9_-]{21}[AQgw]$/),
  number: z.string().regex(/^[0-9A-Za-z-]{4,64}$/),
});
export type AccountOpeningAnswer = z.infer<typeof accountOpening>;
export const actParams = z.strictObject({ community: idText, act: idText });

export const communityParams = z.strictObject({ community: idText });
export const authorisationParams = z.strictObject({ community: idText, authorisation: idText });
export const unitParams = z.strictObject({ community: idText, unit: idText });
export const ownUnitParams = z.strictObject({ unit: idText });
export const asOfQuery = z.strictObject({ asOf: dateText.optional() });

const statementRef = z.strictObject({ reference: lineText(150), asOn: dateText });
export const bankRef = z.strictObject({ name: lineText(20), lastDigits: z.string().regex(/^[0-9]{2,8}$/) });
const balanceItem = z.strictObject({ unit: idText, amountFen: fenText });

/** Either `balances` in fen or `csv` with the columns building, stair, room, amount in yuan. */
export const openingBody = z.union([
  z.strictObject({ statement: statementRef, bank: bankRef, balances: z.array(balanceItem).max(20_000) }),
  z.strictObject({ statement: statementRef, bank: bankRef, csv: z.string().max(4_000_000) }),
]);
export type OpeningBody = z.input<typeof openingBody>;

export const findingAnswer = z.strictObject({
  code: z.string(),
  level: z.enum(['error', 'warning', 'info']),
  row: z.number().int().nullable(),
  where: z.string(),
  zh: z.string(),
  en: z.string(),
});

export const openingAnswer = z.strictObject({
  booked: z.number().int(),
  repeated: z.number().int(),
  totalFen: fenText,
  findings: z.array(findingAnswer),
});

/** What a file says: `balances` are what is not in the book yet and may be booked where no finding is an error, Σ `totalFen`. */
export const openingFileAnswer = z.strictObject({
  sheet: z.string().nullable(),
  balances: z.array(balanceItem),
  totalFen: fenText,
  findings: z.array(findingAnswer),
});
export type OpeningFileAnswer = z.infer<typeof openingFileAnswer>;

export const entryAnswer = z.strictObject({ entry: idText, seq: fenText });

export const accrualBody = z.strictObject({
  amountFen: fenText,
  stage: z.enum(['advance', 'progress', 'final']),
  acceptanceHash: hashText,
});

export const paymentBody = z.strictObject({
  amountFen: fenText,
  payeeAccount: hashText,
  /** What opens that hash, for those who sign; it may be left out. */
  payeeOpening: accountOpening.optional(),
  bank: idText.optional(),
  reference: lineText(150),
});
export const paymentAnswer = z.strictObject({ order: idText, act: idText });

export const bookAnswer = z.strictObject({
  book: idText,
  lastSeq: fenText,
  lastBookedOn: dateText,
  totals: z.record(z.string(), fenText),
  banks: z.array(z.strictObject({ account: idText, name: z.string(), balanceFen: fenText })),
  authorisations: z.array(
    z.strictObject({
      authorisation: idText,
      /** Of an emergency nobody voted: meeting and proposal are empty. */
      kind: z.enum(['resolution', 'emergency']),
      meeting: z.union([idText, z.literal('')]),
      proposal: z.union([idText, z.literal('')]),
      state: z.enum(['open', 'closed', 'revoked']),
      capFen: fenText,
      payee: z.string(),
      payeeAccount: hashText,
      purpose: z.string(),
      units: z.number().int(),
      heldFen: fenText,
      payableFen: fenText,
      /** What `developerUnits` of the developer's units lack now of their shares, claimed or not; 0 once it is held or ended. */
      claimFen: fenText,
      developerUnits: z.number().int(),
      /** What left the bank, less what came back. */
      paidFen: fenText,
      /** Whether its cap was ever set aside. */
      wasHeld: z.boolean(),
      householdsShort: z.number().int(),
      /** What the book claims of the developer under it, which an end without a hold cancels. */
      bookedClaimFen: fenText,
      /** Accruals of a revoked one that are to be cancelled, by their numbers in the book. */
      cancellable: z.array(
        z.strictObject({ seq: fenText, bookedOn: dateText, amountFen: fenText, narrative: z.string() }),
      ),
      /** Whether what is payable under a revoked one stays so, since a unit that bore it was refunded. */
      restStays: z.boolean(),
    }),
  ),
});
export type BookAnswer = z.infer<typeof bookAnswer>;

export const paymentsAnswer = z.strictObject({
  payments: z.array(
    z.strictObject({
      order: idText,
      act: idText,
      kind: z.enum(['pay', 'deposit_reversed', 'deposit_identified', 'bank_moved']),
      authorisation: z.union([idText, z.literal('')]),
      amountFen: fenText,
      state: z.string(),
      refusal: z.string(),
      record: z.string(),
    }),
  ),
});
export type PaymentsAnswer = z.infer<typeof paymentsAnswer>;

export const statementAnswer = z.strictObject({
  unit: idText,
  asOf: dateText,
  availableFen: fenText,
  totalFen: fenText,
  held: z.array(z.strictObject({ authorisation: idText, amountFen: fenText })),
  lines: z.array(
    z.strictObject({
      seq: fenText,
      kind: z.string(),
      bookedOn: dateText,
      valueOn: dateText,
      narrative: z.string(),
      reference: z.string(),
      authorisation: z.string(),
      availableFen: signedFenText,
      heldFen: signedFenText,
      availableAfterFen: fenText,
      heldAfterFen: fenText,
      logIndex: z.number().int().nullable(),
      share: z
        .strictObject({
          unit: idText,
          areaDm2: fenText,
          amountFen: fenText,
          remainder: fenText,
          totalAreaDm2: fenText,
          totalFen: fenText,
        })
        .nullable(),
    }),
  ),
});
export type StatementAnswer = z.infer<typeof statementAnswer>;

export const ownAccountsAnswer = z.strictObject({
  /** Empty where the community has no book. */
  asOf: z.union([dateText, z.literal('')]),
  accounts: z.array(
    z.strictObject({
      unit: idText,
      building: z.string(),
      stair: z.string(),
      room: z.string(),
      availableFen: fenText,
      heldFen: fenText,
      /** What the call to top up in force asks for it; null where it asks nothing. */
      topUp: z
        .strictObject({
          call: idText,
          targetPercent: z.number().int(),
          dueOn: dateText,
          text: z.string(),
          firstFen: fenText,
          balanceFen: fenText,
          dueFen: fenText,
          openFen: fenText,
        })
        .nullable(),
    }),
  ),
  charges: z.array(
    z.strictObject({
      authorisation: idText,
      meeting: z.union([idText, z.literal('')]),
      title: z.string(),
      purpose: z.string(),
      payee: z.string(),
    }),
  ),
});
export type OwnAccountsAnswer = z.infer<typeof ownAccountsAnswer>;

/** The journal is text. */
export const journalAnswer = z.string();
