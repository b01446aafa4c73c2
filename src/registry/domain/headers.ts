/** Which column is what: the headers that real registers use, and where the header row stands (DESIGN §7). */

import type { Report } from './findings.ts';
import type { SheetRow } from './sheet.ts';

export type Field =
  | 'building'
  | 'stair'
  | 'room'
  | 'phase'
  | 'area'
  | 'areaSource'
  | 'areaSurvey'
  | 'areaContract'
  | 'insideArea'
  | 'ownerName'
  | 'idType'
  | 'idNo'
  | 'phone'
  | 'mailingAddress'
  | 'titleNo'
  | 'coOwn'
  | 'share'
  | 'use'
  | 'state'
  | 'since'
  | 'parkNo'
  | 'parkArea'
  | 'note';

const SYNONYMS: Readonly<Record<Field, string>> = {
  building: '楼栋 栋 栋号 楼号 楼幢 幢 幢号 座 座号 楼宇 建筑物名称 楼栋号 楼栋名称 楼座',
  stair: '单元 单元号 梯 梯号 楼梯 梯位',
  room: '房号 房间号 室号 门牌号 房屋编号 户号 房间 室',
  phase: '期 期数 分期 组团',
  area: '建筑面积 面积 专有面积 专有部分面积 产权面积 建筑面积㎡ 建筑面积平方米 建筑面积平米 面积㎡ 面积平方米 登记面积',
  areaSource: '面积来源 面积依据',
  areaSurvey: '测绘面积 实测面积 测绘建筑面积 实测建筑面积',
  areaContract: '合同面积 合同建筑面积 买卖合同面积 合同约定面积 预售面积',
  insideArea: '套内面积 套内建筑面积 套内面积㎡ 套内建筑面积㎡',
  ownerName:
    '业主 业主姓名 姓名 产权人 权利人 房屋所有权人 户主 业主名称 产权人姓名 权利人名称 共有人 共有人姓名 共有权人',
  idType: '证件类型 证件种类 证件名称',
  idNo: '身份证 身份证号 身份证号码 证件号 证件号码 公民身份号码 统一社会信用代码 身份证件号码 身份证件号',
  phone: '手机 手机号 手机号码 联系电话 联系方式 电话 电话号码 移动电话 联系手机',
  mailingAddress: '通讯地址 通信地址 邮寄地址 联系地址 送达地址 收件地址 邮政地址 通讯住址',
  titleNo: '不动产权证号 房产证号 产权证号 房地产权证号 产权证书号 不动产权证书号',
  coOwn: '共有情况 共有方式',
  share: '共有份额 份额 占比',
  use: '用途 房屋用途 规划用途 房屋类型',
  state: '房屋状态 交付状态',
  since: '登记日期 登记时间 交付日期 交付时间',
  parkNo: '车位号 车位编号',
  parkArea: '车位面积 车位面积㎡',
  note: '备注',
};

/** The header that we would give a field ourselves. */
export const headerOf = (field: Field): string => SYNONYMS[field].replace(/ .*/s, '');

/** Header text as it is compared: NFKC, without spaces, brackets, colons and stars, case-folded. */
const foldHeader = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\s\p{Cf}()[\]{}<>【】〔〕《》「」*:_]/gu, '')
    .replace(/(?:必填|选填)/g, '')
    .toLowerCase();

const FIELD_OF: ReadonlyMap<string, Field> = new Map(
  Object.entries(SYNONYMS).flatMap(([field, words]) =>
    words.split(' ').map((word): [string, Field] => [foldHeader(word), field as Field]),
  ),
);

const QUALIFIER = /^(?:业主|产权人|权利人|户主|本人|房屋|共有权?人)/;

/** The field of one header; `手机2`, `业主联系电话` and `房屋建筑面积` are read without their addition. */
function lookUp(folded: string): Field | undefined {
  const bare = folded.replace(/(?<=\D)[1-9]$/, '');
  return FIELD_OF.get(folded) ?? FIELD_OF.get(bare) ?? FIELD_OF.get(bare.replace(QUALIFIER, ''));
}

/** A longer text is a title or a note. */
const MAX_HEADER = 40;

/** The fields that a header names: none, one, or several that share it, as in `姓名/电话`. */
export function fieldsOf(header: string): readonly Field[] {
  const folded = foldHeader(header);
  if (folded.length > MAX_HEADER) return [];
  const whole = lookUp(folded);
  if (whole !== undefined) return [whole];
  const parts = folded.split(/[/、,+&及和与-]/u).map(lookUp);
  if (parts.length > 1 && parts.every((part) => part !== undefined)) return [...new Set(parts)];
  for (let cut = 1; cut < folded.length; cut += 1) {
    const [left, right] = [FIELD_OF.get(folded.slice(0, cut)), FIELD_OF.get(folded.slice(cut))];
    if (left !== undefined && right !== undefined) return [...new Set([left, right])];
  }
  return [];
}

/** The columns of a register. */
export type Columns = {
  /** Zero-based column of each field that the file has; phones are apart. */
  readonly byField: ReadonlyMap<Field, number>;
  /** Up to three columns of phones. */
  readonly phones: readonly number[];
  /** Header text of each column, raw. */
  readonly texts: readonly string[];
  /** Number of the header's last row. */
  readonly row: number;
};

/** The header stands within the first 15 rows. */
export const HEADER_ROWS = 15;
const LEAST_HEADERS = 3;
const MAX_PHONE_COLUMNS = 3;
const REQUIRED: readonly Field[] = ['building', 'room', 'area', 'ownerName', 'idNo'];

/** Columns that may hold a unit's area, one of which a file needs; which of them counts is art. 8's order of their sources. */
export const AREA_FIELDS = ['area', 'areaSurvey', 'areaContract'] as const satisfies readonly Field[];

/** The column of areas that a file has, the register's first. */
export const mainAreaField = (has: (field: Field) => boolean): (typeof AREA_FIELDS)[number] =>
  AREA_FIELDS.find(has) ?? 'area';

const score = (texts: readonly string[]): number => {
  const fields = new Set(texts.flatMap(fieldsOf));
  return fields.size < LEAST_HEADERS
    ? 0
    : fields.size + (fields.has('room') ? 10 : 0) + (AREA_FIELDS.some((field) => fields.has(field)) ? 10 : 0);
};

type Candidate = { readonly texts: readonly string[]; readonly row: number; readonly score: number };

/** Two header rows as one: the lower text where it is a known header, else the upper. */
function joined(upper: SheetRow, lower: SheetRow): readonly string[] | undefined {
  if (lower.cells.some((cell) => cell.trim() !== '' && fieldsOf(cell).length === 0)) return undefined;
  const texts = [...upper.cells];
  for (const [at, below] of lower.cells.entries()) {
    while (texts.length <= at) texts.push('');
    if (below.trim() !== '') texts[at] = below;
  }
  return texts;
}

/** The best header among the first rows, or undefined; a score of zero is no header. */
export function findHeader(rows: readonly SheetRow[]): Candidate | undefined {
  let best: Candidate | undefined;
  const consider = (texts: readonly string[], row: number) => {
    const candidate = { texts, row, score: score(texts) };
    if (candidate.score > (best?.score ?? 0)) best = candidate;
  };
  const first = rows.filter((row) => row.row <= HEADER_ROWS);
  for (const row of first) consider(row.cells, row.row);
  for (const [at, row] of first.entries()) {
    const lower = first[at + 1];
    const texts = lower === undefined ? undefined : joined(row, lower);
    if (lower !== undefined && texts !== undefined) consider(texts, lower.row);
  }
  return best;
}

/** The columns under a header, or undefined where a finding forbids to read on. */
export function readColumns(header: Candidate, report: Report): Columns | undefined {
  const byField = new Map<Field, number>();
  const phones: number[] = [];
  let usable = true;
  for (const [column, text] of header.texts.entries()) {
    if (text.trim() === '') continue;
    const place = { row: header.row, column, header: text.trim() };
    const fields = fieldsOf(text);
    const [field] = fields;
    if (field === undefined) {
      report('REG-H104', place);
    } else if (fields.length > 1) {
      report('REG-H105', place);
      usable = false;
    } else if (field === 'phone' && phones.length < MAX_PHONE_COLUMNS) {
      phones.push(column);
    } else if (field === 'phone' || byField.has(field)) {
      report('REG-H103', place);
      usable = false;
    } else {
      byField.set(field, column);
    }
  }
  const has = (field: Field) => byField.has(field);
  const missing = REQUIRED.filter((field) => !has(field === 'area' ? mainAreaField(has) : field));
  for (const field of usable ? missing : []) {
    const word = headerOf(field);
    report('REG-H102', { row: header.row, header: word, detail: word });
  }
  return usable && missing.length === 0
    ? { byField, phones, texts: header.texts, row: header.row }
    : undefined;
}
