/**
 * The closed list of what a register import can find, each code with its level, sentence and advice (DESIGN
 * §7 "Register import"). An error blocks the whole file; nothing is imported in part.
 */
import { maskValue } from './masking.ts';

/** `error` blocks, `warning` wants a tick by the operator, `info` only tells. */
export type Level = 'error' | 'warning' | 'info';

const CODES = {
  'REG-F001': ['error', '文件为空，或超过 8 MiB', '请确认导出成功；大小区请按期或按楼栋分开导入'],
  'REG-F002': [
    'error',
    '旧版 .xls、加密的工作簿，或伪装成表格的网页文件',
    '请取消密码，用 WPS 或 Excel 另存为 CSV UTF-8',
  ],
  'REG-F003': ['error', '文件残缺或结构不完整', '请重新导出；检查引号是否成对'],
  'REG-F004': ['error', '没有工作表，或有几个工作表都像名册', '请只保留一个名册工作表'],
  'REG-F005': ['error', '压缩包内有加密条目', '请取消密码后另存'],
  'REG-F006': ['error', '含有宏、外部链接或嵌入对象', '请另存为不含宏的文件'],
  'REG-F007': ['error', '无法判断文字编码', '请另存为 CSV UTF-8；UTF-16 文件必须带 BOM'],
  'REG-F010': ['error', '压缩包条目超过 200 个', '请用 WPS 或 Excel 重新保存'],
  'REG-F011': ['error', '解压后过大', '请删除无关的工作表和空行'],
  'REG-F012': ['error', '压缩比异常', '请用 WPS 或 Excel 重新保存'],
  'REG-F013': ['error', '表格内部格式错误', '请用 WPS 或 Excel 重新保存'],
  'REG-F014': ['error', '表格内含 DOCTYPE', '请用 WPS 或 Excel 重新保存'],
  'REG-F015': ['error', '单元格文字过长', '单元格不超过 512 个字；姓名、房号等更短'],
  'REG-F016': ['error', '超过 20,000 行', '请按期或按楼栋分开导入'],
  'REG-F017': ['error', '超过 64 列', '请删除无关的列'],
  'REG-F018': [
    'error',
    '检查用时过长，已停止，没有保存任何内容',
    '请用 WPS 或 Excel 重新保存；大小区请按期或按楼栋分开导入',
  ],
  'REG-F019': [
    'error',
    '检查占用内存过多，已停止，没有保存任何内容',
    '请删除无关的工作表和列；大小区请按期或按楼栋分开导入',
  ],
  'REG-H101': ['error', '前 15 行内找不到表头', '表头须有楼栋、房号、建筑面积、业主姓名、身份证号'],
  'REG-H102': ['error', '缺少必填列', '请补上该列后再导入'],
  'REG-H103': ['error', '表头重复', '同一内容只能有一列；共有人请写在同一格（用顿号分开）或另起一行'],
  'REG-H104': ['info', '忽略的列', '该列不会导入'],
  'REG-H105': ['error', '一个表头包含两项内容', '请拆成两列，每列一项'],
  'REG-H106': ['error', '只有表头，没有房屋', '请确认导出了数据'],
  'REG-M201': ['error', '数据区有横向合并单元格', '请取消合并'],
  'REG-M202': ['error', '合并单元格跨越表头', '请取消合并'],
  'REG-M203': ['error', '业主、证件或电话合并在几套房屋上', '请取消合并并逐行填写'],
  'REG-C301': ['error', '必填内容为空', '请填写；原表若有合并单元格，请取消合并并逐行填满'],
  'REG-C302': ['error', '面积不是数字', '请填写数字，例如 88.88'],
  'REG-C303': ['error', '面积不大于 0，或超过 20,000 平方米', '请核对面积'],
  'REG-C304': ['warning', '面积不常见', '请核对后确认'],
  'REG-C305': ['error', '面积超过两位小数', '请按产权证填写两位小数，或由操作员选定取舍规则（会记入日志）'],
  'REG-C306': ['error', '楼栋或房号变成了日期', '请把该列设为文本格式后重新填写'],
  'REG-C307': ['error', '同一来源的面积有两个不同的数', '请核对面积来源，或删去不对的一个'],
  'REG-C310': ['error', '证件号码被当作数字保存，末几位已丢失', '请把该列设为文本格式后重新填写'],
  'REG-C311': ['error', '证件号码校验不通过，或位数不对', '请对照证件核对'],
  'REG-C312': ['error', '证件号码中的出生日期不存在', '请对照证件核对'],
  'REG-C313': ['warning', '15 位旧身份证号', '已换算为 18 位，请确认'],
  'REG-C314': ['warning', '证件类型未知，或号码与类型不符', '将转人工核对'],
  'REG-C315': ['warning', '统一社会信用代码校验不通过', '少数早期代码如此，请对照营业执照人工核对'],
  'REG-C316': ['error', '证件号码已打码', '请使用未打码的名册'],
  'REG-C320': ['warning', '电话号码无效', '该号码不会导入'],
  'REG-C321': ['error', '电话号码变成了科学计数', '请把该列设为文本格式后重新填写'],
  'REG-C322': ['warning', '同一电话用于三套以上房屋的不同业主', '可能是中介或物业电话，请核对'],
  'REG-C330': ['error', '姓名为空或是占位文字', '请填写业主姓名；未售房屋填写建设单位名称'],
  'REG-C331': ['warning', '个人姓名中有数字', '请核对'],
  'REG-C332': ['warning', '姓名中有生僻字、私有区字符或问号', '可能在转存时变了字，请对照证件核对'],
  'REG-C333': ['error', '含有控制字符、双向文字符号或乱码', '请删除后重新填写'],
  'REG-C340': ['warning', '日期无法识别', '请写成 2015-03-01；该日期不会导入'],
  'REG-C341': ['warning', '日期在今天之后', '请核对'],
  'REG-C342': ['warning', '日期变成了一个序号', '请把该列设为日期格式；该日期不会导入'],
  'REG-C350': ['error', '单元格是公式', '请粘贴为数值或文本'],
  'REG-C351': ['warning', '面积取自公式的结果', '请核对'],
  'REG-C352': ['error', '单元格是错误值', '请更正公式后粘贴为数值'],
  'REG-C360': ['info', '文字以 = + - @ 开头', '导出时会转义'],
  'REG-R401': ['error', '业主、证件、电话的个数不一致', '几位业主就写几个证件号码，次序相同，用顿号分开'],
  'REG-R402': ['error', '共有份额之和不等于 1', '请核对各人份额'],
  'REG-R403': ['error', '按份共有但没有份额', '请填写各人份额'],
  'REG-R404': ['error', '同一房屋中业主重复', '请删除重复的业主'],
  'REG-R405': [
    'error',
    '未售房屋的业主是个人',
    '未售房屋由建设单位行使表决权，请填写其名称和统一社会信用代码；个人转售的房屋请写“已交付”',
  ],
  'REG-X501': ['info', '重复的行，内容相同', '已去掉'],
  'REG-X502': ['error', '同一房屋重复出现，内容不同', '请核对哪一行正确'],
  'REG-X503': ['error', '同一证件号码，姓名不同', '请对照证件核对'],
  'REG-X504': ['warning', '姓名相同，证件号码只差一位', '可能是同一人，请核对，以免人数多计'],
  'REG-X505': ['warning', '楼栋名称写法不同，视为同一栋', '请确认；若确是两栋，请改用能区分的名称'],
  'REG-X506': ['warning', '各户面积之和与表内合计不符', '请核对后确认'],
  'REG-X507': ['warning', '房号规律中断', '请核对是否漏房或写错'],
  'REG-X508': ['warning', '与楼栋计划不符', '请核对是否漏房、多房或写错'],
  'REG-X509': ['warning', '同一产权证号用于两套房屋', '请核对'],
  'REG-D601': ['warning', '现有名册中的房屋不见了', '请核对'],
  'REG-D602': ['warning', '面积与现有名册不同', '请核对'],
  'REG-D603': ['warning', '业主与现有名册不同', '请核对'],
  'REG-D604': ['warning', '改动超过全部房屋的 5%', '须由第二人确认'],
  'REG-N701': ['info', '合计、表尾或重复的表头行', '不作为房屋导入'],
  'REG-N702': ['info', '去掉了表格软件的文本标记', '已按文本读取'],
  'REG-N703': ['warning', '一套房屋占几行，视为共有', '请确认这几行的业主共有该房屋'],
  'REG-N704': ['warning', '房屋状态无法识别，按已交付处理', '未售、已售未交付的房屋请照此写明'],
  'REG-N705': [
    'warning',
    '有未交付的房屋，但没有建设单位',
    '建设单位的未售房屋请写“未售”，并填写其名称和统一社会信用代码',
  ],
  'REG-N706': ['info', '有车位号而没有车位面积，不作为专有部分', '有产权的车位请填写车位面积'],
  'REG-N707': ['info', '有隐藏的行或列', '已照常读取'],
  'REG-N708': [
    'info',
    '未售房屋属于几个单位，合为建设单位一人计',
    '请确认这些单位都是建设单位或包销人；一般单位自有、待售的房屋请写“已交付”',
  ],
} as const satisfies Record<string, readonly [Level, string, string]>;

/** A stable code; the N7xx family are notices that name no fault of the file. */
export type FindingCode = keyof typeof CODES;

/** Every code there is, in the order of the list. */
export const FINDING_CODES = Object.keys(CODES) as readonly FindingCode[];

/** One finding, as `register check --json` prints it. `row` counts from 1 and includes the header. */
export type Finding = {
  readonly code: FindingCode;
  readonly level: Level;
  /** Name of the worksheet; null where the file has none, as in CSV. */
  readonly sheet: string | null;
  readonly row: number | null;
  /** Letters, as the spreadsheet shows them. */
  readonly column: string | null;
  readonly header: string | null;
  /** Masked: no whole document number, name or phone. */
  readonly value: string | null;
  readonly message: string;
  readonly hint: string;
};

/** Letters of a zero-based column: A … Z, AA … */
export function columnLetter(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest > 0 ? columnLetter(rest - 1) : '') + String.fromCharCode(65 + (index % 26));
}

/**
 * Where in the file something was found; `detail` goes into the message and is never a raw value of a
 * person.
 */
export type FindingPlace = {
  readonly row?: number;
  /** Zero-based. */
  readonly column?: number | undefined;
  readonly header?: string | undefined;
  /** Field that the column stands for; decides how the value is masked. */
  readonly field?: string;
  readonly value?: string;
  readonly detail?: string;
  /** Overrides the code's level where the operator has decided (C305). */
  readonly level?: Level;
};

/** The finding of a code at a place. */
export function finding(code: FindingCode, place: FindingPlace = {}): Finding {
  const [level, message, hint] = CODES[code];
  return {
    code,
    level: place.level ?? level,
    sheet: null,
    row: place.row ?? null,
    column: place.column === undefined ? null : columnLetter(place.column),
    header: place.header ?? null,
    value: place.value === undefined ? null : maskValue(place.field, place.value),
    message: place.detail === undefined ? message : `${message}（${place.detail}）`,
    hint,
  };
}

/** Whether the file is refused because of this finding. */
export const blocks = (item: Finding): boolean => item.level === 'error';

/** Where the checks report to. */
export type Report = (code: FindingCode, place?: FindingPlace) => void;
