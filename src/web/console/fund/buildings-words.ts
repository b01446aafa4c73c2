/** Words of the fund by building, and of the regulator's list of communities (SPEC 8.3). */
import { wordsOf } from '../../kit/words.ts';

export const t = wordsOf({
  title: '各幢的维修资金',
  lead: '按登记簿现有的幢汇总，到账簿第 {seq} 笔（{on}）为止。金额的第二行是每㎡的数，面积只算有账户的房屋，不足一分的舍去。',
  noBook: '本小区还没有维修资金账簿。',
  building: '幢',
  units: '户数',
  area: '面积（㎡）',
  deposited: '交存（元）',
  interest: '利息（元）',
  available: '可用（元）',
  held: '冻结（元）',
  work: '维修列支（元）',
  refunded: '灭失返还（元）',
  claim: '建设单位应补（元）',
  below: '不足三成（户）',
  whole: '全小区',
  perM2: '每㎡ {yuan}',
  workLead:
    '“维修列支”是验收后从各户记出的钱，已付和未付都在内：应付未付 {payable} 元，已拨付 {paid} 元（含返还）。',
  bankLead:
    '专户存款 {bank} 元，等于可用、冻结、应付未付，加上待分配利息 {interest} 元和待查收款 {unidentified} 元。',
  claimLead: '“建设单位应补”还没有到账，不计入任何余额和合计。',
  belowLead:
    '“不足三成”是余额（可用加冻结）不到账簿首笔交存三成的户，实际至少有这些：由旧账转入的，首笔只是转入时的余额，准确名单要凭首期交存文件列出。',
  unknown: '账簿里没有交存、不能判断的有 {count} 户。',
  download: '下载表格（CSV）',
  fundsTitle: '各小区的维修资金',
  fundsLead: '每个小区一行。“逾期未公布”是结束后31天还没有公布的月份，也计在“需要核查”里。',
  fundsNone: '还没有小区。',
  community: '小区',
  noBookShort: '没有账簿',
  balance: '专户存款（元）',
  open: '进行中的列支（项）',
  late: '逾期未公布（月）',
  anomalies: '需要核查（项）',
  more: '再列出一些',
});
