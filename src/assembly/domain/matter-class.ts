/** The nine matters that owners decide together and the kind of majority that each needs; Civil Code §278. */

export type MatterClassId = 'M1' | 'M2' | 'M3' | 'M4' | 'M5' | 'M6' | 'M7' | 'M8' | 'M9';

/** ORDINARY: more than half of those taking part. MAJOR: three quarters of them. Both by area and by heads. */
export type ThresholdKind = 'ORDINARY' | 'MAJOR';

/** A matter class (议题类别): item `item` of the first paragraph of Civil Code §278. */
export type MatterClass = {
  readonly id: MatterClassId;
  readonly item: number;
  readonly zh: string;
  readonly en: string;
  readonly article: string;
  readonly threshold: ThresholdKind;
};

const matter = (
  id: MatterClassId,
  item: number,
  threshold: ThresholdKind,
  zh: string,
  en: string,
): MatterClass => ({ id, item, zh, en, article: `《民法典》第278条第1款第${item}项`, threshold });

/** All classes in the order of the article; a motion may carry several and then needs all of them. */
export const MATTER_CLASSES: readonly MatterClass[] = [
  matter('M1', 1, 'ORDINARY', '制定和修改业主大会议事规则', 'make or amend the rules of procedure'),
  matter('M2', 2, 'ORDINARY', '制定和修改管理规约', 'make or amend the management covenant'),
  matter(
    'M3',
    3,
    'ORDINARY',
    '选举业主委员会或者更换业主委员会成员',
    "elect the owners' committee or replace members",
  ),
  matter('M4', 4, 'ORDINARY', '选聘和解聘物业服务企业或者其他管理人', 'hire or dismiss the property manager'),
  matter('M5', 5, 'ORDINARY', '使用建筑物及其附属设施的维修资金', 'use the maintenance fund'),
  matter('M6', 6, 'MAJOR', '筹集建筑物及其附属设施的维修资金', 'raise the maintenance fund'),
  matter(
    'M7',
    7,
    'MAJOR',
    '改建、重建建筑物及其附属设施',
    'alter or rebuild the building and its facilities',
  ),
  matter(
    'M8',
    8,
    'MAJOR',
    '改变共有部分的用途或者利用共有部分从事经营活动',
    'change the use of common parts or run a business on them',
  ),
  matter('M9', 9, 'ORDINARY', '有关共有和共同管理权利的其他重大事项', 'other major matters of co-ownership'),
];

const BY_ID: ReadonlyMap<string, MatterClass> = new Map(MATTER_CLASSES.map((entry) => [entry.id, entry]));

/** The words of the statute for some classes, where nobody says more of why a proposal is of them. */
export const statuteWords = (ids: readonly MatterClassId[]): string =>
  MATTER_CLASSES.filter(({ id }) => ids.includes(id))
    .map(({ article, zh }) => `${article}：${zh}`)
    .join('；');

/** The class of this id, or undefined where the profile knows no such matter. */
export const matterClass = (id: string): MatterClass | undefined => BY_ID.get(id);
