/** Wire types of the register import: uploads, their standing, what was found in them (SPEC 3.1); unknown members are refused, areas are decimal texts in dm². */
import { z } from 'zod';
import { idText } from '../officers/contract.ts';
import { MAX_FILE_BYTES } from './domain/sniff.ts';
import { TICKS } from './imports.ts';

export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** The file itself is the body of an upload. */
export const REGISTER_TYPES = ['text/csv', XLSX_TYPE, 'application/octet-stream'] as const;
/** A file one byte too large still reaches the check, which says so in words. */
export const REGISTER_LIMIT = MAX_FILE_BYTES + 1024;

/**
 * What the operator decided: a rounding rule, buildings that only look alike, separated by commas, and the rooms expected of each
 * building, as `八座: 101-104, 201-204; 九座: 101-604` (`domain/building-plan.ts`; longer plans by the command).
 */
export const uploadQuery = z.strictObject({
  rounding: z
    .enum(['half-up', 'down'])
    .optional()
    .describe(
      '面积超过两位小数时的取舍 how areas of more than two decimals are rounded; without it they block',
    ),
  apart: z
    .string()
    .max(2000)
    .optional()
    .describe('视为不同楼栋的楼栋键,逗号分开 keys (`buildings[].key`) of buildings kept apart'),
  plan: z
    .string()
    .max(1000)
    .optional()
    .describe('楼栋计划 rooms expected of each building: 八座: 101-104, 201-204; 九座/1单元: 101-604'),
});

export const importParams = z.strictObject({ community: idText, import: idText });

export const submittedAnswer = z.strictObject({
  import: idText,
  ahead: z.number().int().describe('前面还有几份 files that are checked before this one'),
});
export type SubmittedAnswer = z.infer<typeof submittedAnswer>;

const stateText = z
  .enum(['waiting', 'checking', 'refused', 'checked', 'failed', 'drafted', 'in-force', 'withdrawn'])
  .describe(
    '排队、检查中、有误、通过、检查没有完成、已拟定、已生效、已撤回 waiting, checking, refused by the check, checked, failed (the check never ended), drafted, in-force, withdrawn',
  );

const listedImport = z.strictObject({
  import: idText,
  officer: idText,
  state: stateText,
  submittedAt: z.string(),
});
export const importsAnswer = z.strictObject({ imports: z.array(listedImport) });
export type ImportsAnswer = z.infer<typeof importsAnswer>;

const placeAnswer = z.strictObject({
  sheet: z.string().nullable(),
  row: z.number().int().nullable(),
  column: z.string().nullable(),
  header: z.string().nullable(),
  value: z.string().nullable(),
  message: z.string(),
});
const groupAnswer = z.strictObject({
  code: z.string(),
  level: z.enum(['error', 'warning', 'info']),
  title: z.string(),
  hint: z.string(),
  count: z.number().int(),
  places: z.array(placeAnswer).describe('最多 200 处 the first 200'),
});
const summaryAnswer = z.strictObject({
  units: z.number().int(),
  heads: z.number().int(),
  persons: z.number().int(),
  areaDm2: z.string(),
});

const viewAnswer = z
  .strictObject({
    columns: z.array(z.strictObject({ column: z.string(), header: z.string(), field: z.string() })),
    preview: z.array(z.strictObject({ row: z.number().int(), cells: z.array(z.string()) })),
    buildings: z.array(
      z.strictObject({
        key: z.string(),
        names: z.array(z.string()),
        units: z.number().int(),
        areaDm2: z.string(),
      }),
    ),
    buildingCount: z.number().int(),
  })
  .describe('系统如何读懂这个文件 how the file was understood; persons are masked');

/** Counts against the register in force; null before the first one, and where the file is refused. */
const differencesAnswer = z
  .strictObject({
    unitsBefore: z.number().int(),
    appeared: z.number().int(),
    disappeared: z.number().int(),
    areaChanged: z.number().int(),
    ownersChanged: z.number().int(),
    personsAppeared: z.number().int(),
    personsDisappeared: z.number().int(),
  })
  .nullable();

const outcomeAnswer = z.strictObject({
  groups: z.array(groupAnswer),
  summary: summaryAnswer,
  sheet: z.string().nullable(),
  view: viewAnswer.nullable(),
  differences: differencesAnswer,
  wantsTick: z.array(z.string()).describe('拟定前须确认的代码 codes to confirm before the act is drafted'),
});
export type OutcomeAnswer = z.infer<typeof outcomeAnswer>;

export const importAnswer = listedImport.extend({
  ahead: z.number().int(),
  rowsRead: z.number().int(),
  rowsTotal: z.number().int().describe('0 表示还在打开文件 0 while the file is being opened'),
  percent: z.number().int(),
  settings: z.strictObject({
    rounding: z.string(),
    apart: z.array(z.string()),
    plan: z.string(),
  }),
  act: z.string().describe('拟定后的事项编号 the act, once drafted; otherwise empty'),
  outcome: outcomeAnswer.nullable(),
});
export type ImportAnswer = z.infer<typeof importAnswer>;

export const draftBody = z.strictObject({
  confirmed: z
    .array(z.enum(TICKS))
    .max(TICKS.length)
    .describe('已核对并确认的代码 codes that the operator has looked at and confirmed'),
});
export const draftAnswer = z.strictObject({ register: idText, act: idText });
/** A workbook to be saved; it is sent as its bytes, not as JSON. */
export const workbookAnswer = z.strictObject({
  file: z.instanceof(Uint8Array),
  name: z.string(),
  nameZh: z.string(),
});
export const endedAnswer = z.strictObject({ state: z.literal('withdrawn') });
