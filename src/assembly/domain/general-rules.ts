/**
 * Rules of other places and times in the general form, as far as it carries them. Which article each follows and how sure that is stands beside
 * it; K and I want a lawyer of the place before anybody relies on them. No meeting can choose one.
 */
import type { GeneralRule, RuleCap, RuleTest } from './general-rule.ts';

type Of = RuleTest['of'];
type Base = RuleTest['base'];
type Op = RuleTest['op'];

const test = (
  of: Of,
  measure: RuleTest['measure'],
  base: Base,
  op: Op,
  num: number,
  den: number,
): RuleTest => ({
  of,
  measure,
  base,
  op,
  num,
  den,
});
/** The same test on both measures, weight first. */
const both = (of: Of, base: Base, op: Op, num: number, den: number): readonly RuleTest[] => [
  test(of, 'WEIGHT', base, op, num, den),
  test(of, 'HEADS', base, op, num, den),
];
const byWeight = (of: Of, base: Base, op: Op, num: number, den: number): RuleTest =>
  test(of, 'WEIGHT', base, op, num, den);
const byHeads = (of: Of, base: Base, op: Op, num: number, den: number): RuleTest =>
  test(of, 'HEADS', base, op, num, den);

const NONE = { quorum: [], caps: [] } as const;
/** Taiwan art. 27: what one owner has beyond a fifth, of the shares or of the units, does not count. */
const FIFTH: readonly RuleCap[] = [
  { measure: 'WEIGHT', num: 1, den: 5, onExcess: 'DROP' },
  { measure: 'HEADS', num: 1, den: 5, onExcess: 'DROP' },
];
/** France art. 22: whoever has more than half is reduced to what all others have. */
const HALF: readonly RuleCap[] = [{ measure: 'WEIGHT', num: 1, den: 2, onExcess: 'REDUCE_TO_REST' }];
/** More for than against, by weight. */
const moreFor = byWeight('FOR', 'CAST', 'GT', 1, 2);

const RULES: readonly GeneralRule[] = [
  {
    ...NONE,
    id: 'CN-2007',
    version: 1,
    validFrom: '2007-10-01',
    validUntil: '2020-12-31',
    zh: '《物权法》业主共同决定规则（2007，仅供存档核对）',
    en: 'Property Law 2007, for archived decisions',
    article: '《物权法》第76条（2021年起由《民法典》第278条取代）',
    certainty: 'K',
    headKey: 'owner',
    pass: [
      { matters: [5, 6, 7], pass: both('FOR', 'ALL', 'GE', 2, 3) },
      { matters: [1, 2, 3, 4, 8, 9], pass: both('FOR', 'ALL', 'GT', 1, 2) },
    ],
    excludesSpecialSpaces: true,
  },
  {
    id: 'TW-31',
    version: 1,
    validFrom: '1995-06-28',
    zh: '台湾：区分所有权人会议决议',
    en: 'Taiwan: resolution of the owners’ meeting',
    article: '公寓大廈管理條例 27, 31',
    certainty: 'V',
    headKey: 'unit',
    quorum: both('PARTICIPATING', 'ALL', 'GE', 2, 3),
    pass: both('FOR', 'PARTICIPATING', 'GE', 3, 4),
    caps: FIFTH,
  },
  {
    id: 'TW-32',
    version: 1,
    validFrom: '1995-06-28',
    zh: '台湾：重新召集会议',
    en: 'Taiwan: reconvened meeting, same motion',
    article: '公寓大廈管理條例 27, 32',
    certainty: 'V',
    headKey: 'unit',
    quorum: [
      byWeight('PARTICIPATING', 'ALL', 'GE', 1, 5),
      { ...byHeads('PARTICIPATING', 'ALL', 'GE', 1, 5), minCount: 3 },
    ],
    pass: both('FOR', 'PARTICIPATING', 'GT', 1, 2),
    objection: { days: 7, max: both('OBJECTING', 'ALL', 'LE', 1, 2) },
    caps: FIFTH,
  },
  {
    id: 'NSW-SPECIAL',
    version: 1,
    validFrom: '2016-11-30',
    zh: '新南威尔士：特别决议',
    en: 'New South Wales: special resolution',
    article: 'Strata Schemes Management Act 2015 s 5, sch 1',
    certainty: 'W',
    headKey: 'owner',
    quorum: both('PARTICIPATING', 'ALL', 'GE', 1, 4),
    anyQuorum: true,
    pass: [byWeight('AGAINST', 'CAST', 'LE', 1, 4)],
    caps: [],
  },
  {
    ...NONE,
    id: 'QLD-SPECIAL',
    version: 1,
    validFrom: '1997-07-13',
    zh: '昆士兰：特别决议',
    en: 'Queensland: special resolution',
    article: 'Body Corporate and Community Management Act 1997 s 106',
    certainty: 'W',
    headKey: 'unit',
    pass: [
      byHeads('FOR', 'CAST', 'GE', 2, 3),
      byHeads('AGAINST', 'ALL', 'LE', 1, 4),
      byWeight('AGAINST', 'ALL', 'LE', 1, 4),
    ],
  },
  {
    ...NONE,
    id: 'FR-24',
    version: 1,
    validFrom: '1965-07-10',
    zh: '法国：简单多数',
    en: 'France: majority of the votes cast',
    article: 'Loi n° 65-557 art. 22, 24',
    certainty: 'W',
    headKey: 'owner',
    pass: [moreFor],
    caps: HALF,
  },
  {
    ...NONE,
    id: 'FR-25',
    version: 1,
    validFrom: '1965-07-10',
    zh: '法国：全体表决权过半，未过而达三分之一的即按第24条再表决',
    en: 'France: majority of all votes, with the second vote of art. 25-1',
    article: 'Loi n° 65-557 art. 22, 25, 25-1',
    certainty: 'W',
    headKey: 'owner',
    pass: [byWeight('FOR', 'ALL', 'GT', 1, 2)],
    fallback: { when: [byWeight('FOR', 'ALL', 'GE', 1, 3)], next: 'FR-24' },
    caps: HALF,
  },
  {
    ...NONE,
    id: 'JP-2026-31',
    version: 1,
    validFrom: '2026-04-01',
    zh: '日本：规约的设定与变更（2026年改正）',
    en: 'Japan: covenant, as amended for 2026',
    article: '建物の区分所有等に関する法律 31',
    certainty: 'W',
    headKey: 'owner',
    quorum: both('PARTICIPATING', 'ALL', 'GT', 1, 2),
    pass: both('FOR', 'PARTICIPATING', 'GE', 3, 4),
    removesUnlocated: true,
  },
  {
    ...NONE,
    id: 'KR-38',
    version: 1,
    validFrom: '1985-04-11',
    zh: '韩国：通常决议',
    en: 'Korea: ordinary resolution',
    article: '집합건물법 38',
    certainty: 'W',
    headKey: 'owner',
    pass: both('FOR', 'ALL', 'GT', 1, 2),
  },
  {
    ...NONE,
    id: 'HK-3',
    version: 1,
    validFrom: '2000-08-01',
    zh: '香港：委出管理委员会',
    en: 'Hong Kong: appointing a management committee',
    article: 'Cap. 344 s 3',
    certainty: 'V',
    headKey: 'owner',
    pass: [moreFor, byWeight('FOR', 'ALL', 'GE', 30, 100)],
  },
  {
    ...NONE,
    id: 'HK-WORKS',
    version: 1,
    validFrom: '2025-07-13',
    zh: '香港：大型维修（法团会议）',
    en: 'Hong Kong: large-scale maintenance',
    article: 'Cap. 344 sch 3, as amended 2024',
    certainty: 'W',
    headKey: 'owner',
    quorum: [
      byHeads('PARTICIPATING', 'ALL', 'GE', 10, 100),
      { ...byHeads('IN_PERSON', 'ALL', 'GE', 5, 100), orMin: 100 },
    ],
    pass: [moreFor],
  },
  {
    ...NONE,
    id: 'MO-ORD',
    version: 1,
    validFrom: '2018-08-22',
    zh: '澳门：一般决议',
    en: 'Macau: ordinary resolution',
    article: '第14/2017號法律',
    certainty: 'W',
    headKey: 'owner',
    pass: [moreFor, byWeight('FOR', 'ALL', 'GE', 15, 100)],
  },
  {
    ...NONE,
    id: 'DE-21-2',
    version: 1,
    validFrom: '2020-12-01',
    zh: '德国：由全体分摊费用的改建',
    en: 'Germany: works whose cost all owners bear',
    article: 'WEG § 21 Abs. 2, § 25',
    certainty: 'W',
    headKey: 'owner',
    pass: [byHeads('FOR', 'CAST', 'GT', 2, 3), byWeight('FOR', 'ALL', 'GE', 1, 2)],
  },
  {
    ...NONE,
    id: 'IT-1136-1',
    version: 1,
    validFrom: '2013-06-18',
    zh: '意大利：第一次召集',
    en: 'Italy: first call',
    article: 'Codice civile art. 1136 (1)(2)',
    certainty: 'W',
    headKey: 'owner',
    quorum: [byWeight('PARTICIPATING', 'ALL', 'GE', 2, 3), byHeads('PARTICIPATING', 'ALL', 'GT', 1, 2)],
    pass: [byHeads('FOR', 'PARTICIPATING', 'GT', 1, 2), byWeight('FOR', 'ALL', 'GE', 1, 2)],
  },
  {
    ...NONE,
    id: 'IT-1136-2',
    version: 1,
    validFrom: '2013-06-18',
    zh: '意大利：第二次召集',
    en: 'Italy: second call',
    article: 'Codice civile art. 1136 (3)',
    certainty: 'W',
    headKey: 'owner',
    quorum: both('PARTICIPATING', 'ALL', 'GE', 1, 3),
    pass: [byHeads('FOR', 'PARTICIPATING', 'GT', 1, 2), byWeight('FOR', 'ALL', 'GE', 1, 3)],
  },
];

const BY_ID: ReadonlyMap<string, GeneralRule> = new Map(RULES.map((rule) => [rule.id, rule]));

/** Ids of all rules in the general form. */
export const generalRuleIds = (): readonly string[] => [...BY_ID.keys()];

/** The rule with this id, or undefined. */
export const generalRuleById = (id: string): GeneralRule | undefined => BY_ID.get(id);
