/** The numbered checks of SPEC 9.3: id, group, and what each one asserts, in Chinese and in English. */

/** The groups of SPEC 9.3, in the order of the report. */
export const GROUPS = [
  { group: 'completeness', zh: '完整性', en: 'completeness' },
  { group: 'authenticity', zh: '真实性', en: 'authenticity' },
  { group: 'consistency', zh: '一致性', en: 'consistency' },
  { group: 'integrity', zh: '不可篡改', en: 'integrity' },
  { group: 'evidence', zh: '外部证据', en: 'evidence' },
] as const;

export type CheckGroup = (typeof GROUPS)[number]['group'];

const check = <const I extends string>(id: I, group: CheckGroup, zh: string, en: string) =>
  ({ id, group, zh, en }) as const;

/** Every check, in the order of the report. */
export const CHECKS = [
  check('BND-01', 'completeness', '目录中的文件与清单逐字节一致', 'the files are those of the manifest'),
  check('KIND-01', 'completeness', '没有未知的种类、成员或版本', 'no unknown kind, member or version'),
  check(
    'LOG-01',
    'completeness',
    '每条日志都有其原文，每条原文都有其日志',
    'every entry is explained by bytes, every line has its entry',
  ),
  check(
    'LOG-02',
    'completeness',
    '表决与管理日志的条数和根与公布的一致',
    'counts and roots of votes and controls are those that were published',
  ),
  check(
    'LOG-03',
    'completeness',
    '公开日志中没有包外的本次会议记录',
    'the public log holds no entry of the meeting beside the bundle',
  ),
  check(
    'ROLL-01',
    'completeness',
    '名册户数相符，房屋与业主组合各只出现一次',
    'the roll has its size; units and holder sets occur once',
  ),
  check(
    'ACT-01',
    'completeness',
    '每项须签署的行为都有应有的签署',
    'every act that needs officers has their actions',
  ),
  check(
    'TALLY-01',
    'completeness',
    '拒收、作废、无法读取的表决均已列明，补发的表决函和柜台登记的密钥数目、表决函在哪里制作均属实',
    'refusals, voids and malformed answers are listed, late letters and keys of the counter counted, where letters were made stated',
  ),
  check('FUND-01', 'completeness', '资金账簿连续无缺', 'the book of the fund has no gap'),

  check(
    'TRUST-01',
    'authenticity',
    '根密钥、日志密钥与见证人同外部信任文件一致',
    'roots, log key and witnesses are those of the trust file from outside',
  ),
  check('ROOT-01', 'authenticity', '根声明由足够的根密钥签署', 'the root declaration is signed by its roots'),
  check(
    'OFF-01',
    'authenticity',
    '每名签署人的任命可追溯到根密钥',
    'the chain of each officer leads to the roots',
  ),
  check(
    'ACT-02',
    'authenticity',
    '每份签署有效并针对该内容',
    'each action is validly signed, over that entry',
  ),
  check(
    'ACT-03',
    'authenticity',
    '共同签署人的身份、密钥、职责各不相同且配对合规',
    'officers who sign together differ in identity, key and role, in the pairs of SPEC 2.4',
  ),
  check(
    'ACT-04',
    'authenticity',
    '每份签署只用一次、未过期',
    'each action is used once, after what it saw, before it expires',
  ),
  check('LET-01', 'authenticity', '表决函批次与其签署的根一致', 'each batch of letters has its signed root'),
  check(
    'CRED-01',
    'authenticity',
    '每个表决凭证都有服务器之外的授权',
    'each credential is authorised by evidence from outside the server',
  ),
  check(
    'CRED-02',
    'authenticity',
    '凭证密钥合规且只属于一人',
    'credential keys obey the key rules and occur once',
  ),
  check('CRED-03', 'authenticity', '投票时凭证有效', 'each credential was in force when it was used'),
  check('CAST-01', 'authenticity', '每张表决由其凭证签署', 'each cast is signed by its credential'),
  check(
    'CAST-02',
    'authenticity',
    '表决人是该户的持有人、指定人或其代理人',
    'each cast is by a holder, the designated voter or the agent of one',
  ),
  check(
    'REV-01',
    'authenticity',
    '撤销和免职均经授权且对象存在',
    'revocations and removals are authorised and name what exists',
  ),
  check('JWS-01', 'authenticity', '每张选票由选票密钥签发', 'each ballot is signed by the ballot key'),
  check('CERT-01', 'authenticity', '结果证书由证书密钥签发', 'the certificate is signed by its key'),

  check('MEET-01', 'consistency', '开启的会议与公告的会议一致', 'the opened meeting is the noticed one'),
  check(
    'MEET-02',
    'consistency',
    '参数与公布的规则及法定比例一致',
    'the parameters are those of the published profile and of the statute',
  ),
  check('ROLL-02', 'consistency', '各议题的总面积和总人数重算相符', 'totals and bases are recomputed'),
  check('ROLL-03', 'consistency', '名册更正合规', 'corrections of the roll obey their limits'),
  check(
    'MERGE-01',
    'consistency',
    '合并为一人的业主只算一人，合并与撤销合规',
    'persons who were merged count as one, and were merged by the rules',
  ),
  check(
    'REQ-01',
    'consistency',
    '业主提议：加入的人各自签署，达到五分之一的计数属实，答复合规',
    'who joined a requisition signed it, the fifth was reached as counted, and it was answered by the rules',
  ),
  check('LET-02', 'consistency', '表决函与名册相符', 'letters and leaves agree'),
  check(
    'CAST-03',
    'consistency',
    '按日志顺序重放每户的表决链',
    'the chain of each entitlement replays by the rules',
  ),
  check('CAST-04', 'consistency', '选票权重与名册一致', 'ballots carry the weight of the roll'),
  check(
    'CAST-05',
    'consistency',
    '答案按议题顺序、范围内、每票只用一次',
    'answers stand in order, in scope, and spend each ballot once',
  ),
  check(
    'CAST-06',
    'consistency',
    '恢复的表决确为截止前签收、日志未收录的表决',
    'each restored cast was promised in time and had not been kept',
  ),
  check('PAPER-01', 'consistency', '纸质选票录入合规', 'paper ballots obey their rules'),
  check('VOID-01', 'consistency', '作废合规', 'voids obey their rules'),
  check('EXT-01', 'consistency', '延期与暂停合规', 'extensions and pauses obey their rules'),
  check(
    'SEEN-01',
    'consistency',
    '签署和表决所见的日志状态真实',
    'the log that actions and casts saw is this log',
  ),
  check(
    'TALLY-02',
    'consistency',
    '重新计票，逐项与公布结果相同',
    'the recount equals the published record, inequality by inequality',
  ),
  check(
    'CERT-02',
    'consistency',
    '证书内容与结果一致，且只有一份',
    'the certificate states the result, and there is one',
  ),
  check(
    'FUND-02',
    'consistency',
    '授权与决议、紧急维修一致，支付不超过授权且付给指定账户',
    'authorisations follow resolutions and emergencies; payments stay within them',
  ),
  check(
    'FUND-03',
    'consistency',
    '分摊、余额与导出账一致',
    'shares, balances and the exported journal are recomputed',
  ),
  check(
    'FUND-04',
    'consistency',
    '物业服务人的维修申请各答复一次，所列会议取消后才再答复，会议和议题真实存在',
    'applications of property managers are answered once, or again after the meeting was called off, by a meeting that exists or with a reason',
  ),
  check(
    'FUND-05',
    'consistency',
    '公共收益账簿完整，支出有两人签署，余额不为负，公布的半年数字可重算',
    'the public-revenue book is whole, two officers sign what goes out, and its half-years are recomputed',
  ),
  check(
    'FUND-06',
    'consistency',
    '续交通知有决议或规定为据、两人签署，所列余额与账簿一致，应续交的数字可重算',
    'calls to top up rest on a resolution or a rule, two officers sign them, and what they ask is recomputed from the book',
  ),

  check('LOG-04', 'integrity', '日志各叶、各瓦片与根一致', 'leaves, tiles and root of the log agree'),
  check(
    'LOG-05',
    'integrity',
    '所有检查点属于同一份日志',
    'all checkpoints, also the user’s, are of one history',
  ),
  check(
    'LOG-06',
    'integrity',
    '本次会议的每条日志都在检查点之内',
    'each entry of the meeting is included in the checkpoint',
  ),
  check('JCS-01', 'integrity', '所有记录都是唯一的规范字节', 'all records are in their one canonical form'),
  check('ROLL-04', 'integrity', '名册根与开启值正确', 'root and openings of the roll are right'),
  check(
    'BOX-01',
    'integrity',
    '公布的票箱密钥与会议定义及日志相符，且在截止后公布',
    'the released key belongs to the box key, and came after the close',
  ),
  check(
    'BOX-02',
    'integrity',
    '每个密封选择合规，且能打开或已列为无法读取',
    'every sealed answer is well made, and opens or is listed as malformed',
  ),
  check('RCPT-01', 'integrity', '回执被本日志包含', 'the receipt is included in this log'),

  check('WIT-01', 'evidence', '关键记录有足够见证人共签', 'a quorum of witnesses cosigned the key entries'),
  check(
    'TIME-01',
    'evidence',
    '公告期、投票期和异议期由见证时间证明',
    'notice days, window and days of objection are bracketed by witnessed times',
  ),
  check('SCAN-01', 'evidence', '纸质扫描件与签署时相符', 'scans of paper ballots are those that were signed'),
  check(
    'DEL-01',
    'evidence',
    '送达登记与日志相符，开票后未被改动，并列出未送达的户数',
    'the delivery register agrees with the log, keeps what stood at the opening, and says whom nothing reached',
  ),
  check('AUD-01', 'evidence', '审计记录相符', 'audits are recorded'),
  check(
    'ASSET-01',
    'evidence',
    '投票页面文件与公布的一致',
    'the files of the voting page are the published ones',
  ),
  check('ANC-01', 'evidence', '外部锚定相符', 'anchors outside agree'),
] as const;

export type CheckId = (typeof CHECKS)[number]['id'];

/** A text for people in both languages. */
export type Words = { readonly zh: string; readonly en: string };

/** Checks that this version cannot make at all, and why (SPEC 9.2: never `pass`). */
export const ALWAYS_NOT_MADE: Readonly<Partial<Record<CheckId, Words>>> = {
  'AUD-01': { zh: '本版本不记录审计', en: 'this version logs no audits' },
  'ASSET-01': { zh: '包内没有投票页面文件', en: 'the bundle holds no files of the voting page' },
  'ANC-01': { zh: '本版本没有外部锚定', en: 'this version logs no anchors' },
};
