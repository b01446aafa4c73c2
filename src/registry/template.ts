/** The empty register that we hand out: headers that the import reads, columns of texts, lists to choose from, and how to fill them in (DESIGN §7 "Register import"). */
import type { WrittenCell, WrittenSheet } from './domain/written-sheet.ts';
import { writeWorkbook } from './workbook/writer.ts';

type TemplateColumn = {
  readonly header: string;
  readonly isRequired: boolean;
  readonly help: string;
  readonly example: string;
  readonly values?: readonly string[];
};

const required = { isRequired: true } as const;
const optional = { isRequired: false } as const;

/** In the order of the columns; the examples name nobody, and the document number is the standard's own. */
const COLUMNS: readonly TemplateColumn[] = [
  { ...required, header: '楼栋', help: '每行都写，同一栋只用一种写法', example: '1栋' },
  { ...optional, header: '单元', help: '没有单元的不填', example: '1单元' },
  { ...required, header: '房号', help: '按产权证或门牌填写', example: '0101' },
  { ...required, header: '建筑面积', help: '平方米，最多两位小数，只写数字', example: '88.88' },
  {
    ...optional,
    header: '面积来源',
    help: '不填按产权登记',
    example: '产权登记',
    values: ['产权登记', '测绘', '合同'],
  },
  {
    ...required,
    header: '业主姓名',
    help: '共有人写在同一格，用顿号分开；未售房屋写建设单位',
    example: '示例业主',
  },
  {
    ...optional,
    header: '证件类型',
    help: '不填时按号码判断',
    example: '身份证',
    values: ['身份证', '护照', '统一社会信用代码'],
  },
  {
    ...required,
    header: '证件号码',
    help: '几位业主就写几个，次序相同，用顿号分开；不能打码',
    example: '11010519491231002X',
  },
  { ...optional, header: '联系电话', help: '手机，或带区号的固定电话', example: '13800138000' },
  { ...optional, header: '通讯地址', help: '寄送信函的地址，与房屋不同时填写', example: '' },
  {
    ...optional,
    header: '用途',
    help: '不填按住宅',
    example: '住宅',
    values: ['住宅', '商铺', '办公', '车位', '储藏室'],
  },
  {
    ...optional,
    header: '房屋状态',
    help: '不填按已交付',
    example: '已交付',
    values: ['已交付', '未售', '已售未交付'],
  },
  { ...optional, header: '登记日期', help: '写成 2015-03-01', example: '2015-03-01' },
];

/** Begins as notes below a table do, so that the import passes over the row as long as it has no document number. */
const SAMPLE_LABEL = '说明：本行是示例，不会导入，请从下一行开始填写';
/** A name that the import refuses: were a number written into the sample, it would still be no owner. */
const SAMPLE_NAME = '***（示例）';

const LAST_ROW = 20_002;
const [WIDTH, WIDE] = [14, 24];
const WIDE_COLUMNS: readonly string[] = ['楼栋', '业主姓名', '证件号码', '通讯地址'];

function registerSheet(): WrittenSheet {
  const sample = COLUMNS.map(({ header, example }): WrittenCell => {
    if (header === '楼栋') return { text: SAMPLE_LABEL, mark: 'sample' };
    if (header === '业主姓名') return { text: SAMPLE_NAME, mark: 'sample' };
    const text = header === '证件号码' ? '' : example;
    return { text, isNumber: header === '建筑面积', mark: 'sample' };
  });
  return {
    name: '名册',
    columns: COLUMNS.map(({ header }) => ({
      width: WIDE_COLUMNS.includes(header) ? WIDE : WIDTH,
      isText: header !== '建筑面积',
    })),
    rows: [
      { row: 1, cells: COLUMNS.map(({ header }) => ({ text: header, mark: 'header' as const })) },
      { row: 2, cells: sample },
    ],
    frozenRows: 1,
    offers: COLUMNS.flatMap(({ values }, column) =>
      values === undefined ? [] : [{ column, top: 3, bottom: LAST_ROW, values }],
    ),
  };
}

/** Downwards, one line for each column: across, it would look like a second register. */
function helpSheet(): WrittenSheet {
  const lines = COLUMNS.map(({ header, isRequired, help, example, values = [] }) => [
    header,
    isRequired ? '必填' : '可不填',
    values.length === 0 ? help : `${help}；可选：${values.join('、')}`,
    example,
  ]);
  const head = ['列', '是否必填', '怎么填', '例子'].map((text): WrittenCell => ({ text, mark: 'header' }));
  const rows = [head, ...lines.map((line) => line.map((text): WrittenCell => ({ text })))];
  return {
    name: '填写说明',
    columns: [14, 10, 60, 24].map((width) => ({ width, isText: true })),
    rows: rows.map((cells, at) => ({ row: at + 1, cells })),
    frozenRows: 1,
  };
}

/** The template, XLSX bytes; it holds no community's data. */
export const registerTemplate = (): Promise<Uint8Array> => writeWorkbook([registerSheet(), helpSheet()]);
