/**
 * An invented community in Zhongshan that looks like a real register: buildings with stairs, shops on the
 * ground floor, parking spaces, spouses, owners of several units, a company, the developer's stock. The
 * same for the same seed.
 */
import { showSquareMetres } from '../../base/area.ts';
import { concat, utf8 } from '../../base/bytes.ts';
import type { UnitKind } from '../../registry/domain/cells.ts';
import type { DocumentKind } from '../../registry/domain/document-number.ts';
import type { UnitState } from '../../registry/domain/head.ts';
import type { DemoPerson } from './persons.ts';
import { personMaker } from './persons.ts';
import type { Seeded } from './seeded.ts';
import { seeded } from './seeded.ts';

export type { DemoPerson } from './persons.ts';

/** A unit of the demo community; `owners` are positions in its list of persons. */
export type DemoUnit = {
  readonly building: string;
  readonly stair: string;
  readonly room: string;
  readonly kind: UnitKind;
  readonly state: UnitState;
  readonly areaDm2: bigint;
  readonly titleNo: string;
  readonly owners: readonly number[];
};

/** The community, and its register as a file: CSV in UTF-8 with its mark. */
export type DemoCommunity = {
  readonly name: string;
  readonly csv: Uint8Array;
  readonly persons: readonly DemoPerson[];
  readonly units: readonly DemoUnit[];
};

type Site = Pick<DemoUnit, 'building' | 'stair' | 'room' | 'kind' | 'areaDm2'>;

const NAME = '岐江花园';
const STREET = `广东省中山市石岐街道岐江路18号${NAME}`;
const STAIRS = 2;
const DOORS = 2;

const pad = (value: number): string => String(value).padStart(2, '0');

/** Floors of a building, the shops' ground floor not counted: larger communities are higher. */
const floorsFor = (units: number): number => (units <= 150 ? 8 : units <= 2000 ? 17 : 31);

/** `count` dwellings from the first building's first stair upwards; a door has one area in its building. */
function layDwellings(count: number, floors: number, draw: Seeded): readonly Site[] {
  const sites: Site[] = [];
  const perBuilding = STAIRS * floors * DOORS;
  const areas = new Map<string, bigint>();
  for (let at = 0; at < count; at += 1) {
    const building = `${1 + Math.floor(at / perBuilding)}栋`;
    const within = at % perBuilding;
    const stair = `${1 + Math.floor(within / (floors * DOORS))}单元`;
    const floor = 2 + (Math.floor(within / DOORS) % floors);
    const door = pad(1 + (within % DOORS));
    const type = `${building}${stair}${door}`;
    const areaDm2 = areas.get(type) ?? BigInt(7_200 + draw.below(7_000));
    areas.set(type, areaDm2);
    sites.push({ building, stair, room: `${floor}${door}`, kind: 'dwelling', areaDm2 });
  }
  return sites;
}

function laySites(units: number, draw: Seeded): readonly Site[] {
  const parking = Math.floor(units / 12);
  const shops = Math.floor(units / 16);
  const floors = floorsFor(units);
  const dwellings = layDwellings(units - parking - shops, floors, draw);
  const buildings = Math.max(1, Math.ceil(dwellings.length / (STAIRS * floors * DOORS)));
  const shopSites = Array.from({ length: shops }, (_, at): Site => {
    const room = `商铺${pad(1 + Math.floor(at / buildings))}`;
    const areaDm2 = BigInt(2_800 + draw.below(9_000));
    return { building: `${1 + (at % buildings)}栋`, stair: '', room, kind: 'shop', areaDm2 };
  });
  const parkingSites = Array.from({ length: parking }, (_, at): Site => {
    const room = `A-${String(at + 1).padStart(3, '0')}`;
    return {
      building: '地下车库',
      stair: '',
      room,
      kind: 'parking',
      areaDm2: BigInt(1_200 + draw.below(160)),
    };
  });
  return [...dwellings, ...shopSites, ...parkingSites];
}

/** Owners of one site, and whose vote it is. */
type Holding = { readonly owners: readonly number[]; readonly state: UnitState };

/** Gives each site its owners: the rules name the cases that every community of some size has. */
function settle(sites: readonly Site[], persons: DemoPerson[], draw: Seeded): readonly Holding[] {
  const make = personMaker(draw);
  const add = (person: DemoPerson): number => persons.push(person) - 1;
  const developerAddress = '广东省中山市东区街道中山三路10号';
  const developer = add(make.company('中山市岐江房地产开发有限公司', developerAddress));
  const second = add(make.company('中山市岐江置业有限公司', developerAddress));
  const company = add(make.company('中山市兴和贸易有限公司', `${STREET}1栋商铺01`));
  const sold: (readonly number[])[] = [];
  const last = sites.findLastIndex((site) => site.kind === 'dwelling');
  return sites.map((site, at): Holding => {
    const address = `${STREET}${site.building}${site.stair}${site.room}`;
    if (site.kind === 'parking') {
      if (at % 5 === 0 || sold.length === 0) return { owners: [second], state: 'unsold' };
      return { owners: draw.pick(sold), state: 'delivered' };
    }
    if (site.kind === 'shop') {
      if (at % 4 === 0) return { owners: [developer], state: 'unsold' };
      const owner = at % 4 === 1 ? company : add(make.resident(address));
      return { owners: [owner], state: 'delivered' };
    }
    if (at > 0 && (at === last || at % 19 === 11)) return { owners: [developer], state: 'unsold' };
    if (at % 31 === 7) return { owners: [add(make.resident(address))], state: 'undelivered' };
    if (sold.length > 1 && at % 23 === 9) return { owners: draw.pick(sold), state: 'delivered' };
    const first = add(at === 2 ? make.permit(address) : make.resident(address));
    const owners = at % 3 === 1 ? [first, add(make.resident(address))] : [first];
    sold.push(owners);
    return { owners, state: 'delivered' };
  });
}

const KIND_WORDS: Partial<Record<DocumentKind, string>> = {
  'resident-id': '居民身份证',
  'credit-code': '统一社会信用代码',
  'hk-macau-permit': '港澳居民来往内地通行证',
};
const USE_WORDS: Partial<Record<UnitKind, string>> = { dwelling: '住宅', shop: '商业', parking: '车位' };
const STATE_WORDS: Readonly<Record<UnitState, string>> = {
  delivered: '已交付',
  unsold: '未售',
  undelivered: '已售未交付',
};

const HEADER = [
  '序号',
  '楼栋',
  '单元',
  '房号',
  '房屋用途',
  '建筑面积(㎡)',
  '业主姓名',
  '证件类型',
  '证件号码',
  '联系电话',
  '通讯地址',
  '不动产权证号',
  '共有情况',
  '房屋状态',
];

function rowOf(unit: DemoUnit, at: number, persons: readonly DemoPerson[]): readonly string[] {
  const owners = unit.owners.flatMap((owner) => persons[owner] ?? []);
  const each = (read: (owner: DemoPerson) => string): string => owners.map(read).join('、');
  return [
    String(at + 1),
    unit.building,
    unit.stair,
    unit.room,
    USE_WORDS[unit.kind] ?? '其他',
    showSquareMetres(unit.areaDm2),
    each((owner) => owner.name),
    each((owner) => KIND_WORDS[owner.docKind] ?? '其他'),
    each((owner) => owner.number),
    each((owner) => owner.phones[0] ?? ''),
    owners[0]?.mailingAddress ?? '',
    unit.titleNo,
    owners.length > 1 ? '共同共有' : '单独所有',
    STATE_WORDS[unit.state],
  ];
}

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

const csvOf = (rows: readonly (readonly string[])[]): Uint8Array =>
  concat(
    new Uint8Array([0xef, 0xbb, 0xbf]),
    utf8(rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('')),
  );

/**
 * A community of `units` units, from 1 to 20,000. The file passes `register check` without a blocking
 * finding.
 */
export function generateCommunity({
  units: count,
  seed,
}: {
  readonly units: number;
  readonly seed: string;
}): DemoCommunity {
  const draw = seeded(seed);
  const sites = laySites(count, draw);
  const everybody: DemoPerson[] = [];
  const holdings = settle(sites, everybody, draw);
  const firstTitle = 1_000_000 + draw.below(8_000_000);
  const raw = sites.map((site, at): DemoUnit => {
    const { owners = [], state = 'delivered' } = holdings[at] ?? {};
    const number = String(firstTitle + at);
    const titleNo = state === 'delivered' ? `粤(${2015 + draw.below(9)})中山市不动产权第${number}号` : '';
    return { ...site, state, owners, titleNo };
  });
  // A small community has no use for every company that was made.
  const owning = [...new Set(raw.flatMap((unit) => unit.owners))];
  const persons = owning.flatMap((owner) => everybody[owner] ?? []);
  const positions = new Map(owning.map((owner, at) => [owner, at]));
  const units = raw.map((unit) => ({
    ...unit,
    owners: unit.owners.flatMap((owner) => positions.get(owner) ?? []),
  }));
  const rows = [HEADER, ...units.map((unit, at) => rowOf(unit, at, persons))];
  return { name: NAME, csv: csvOf(rows), persons, units };
}
