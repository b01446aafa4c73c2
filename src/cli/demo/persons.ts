/** Invented owners with well-formed documents (law.md §7.3 formats): nobody's phone can ring, see `phone`. */
import type { DocumentKind } from '../../registry/domain/document-number.ts';
import { creditCheck, residentCheck } from '../../registry/domain/document-number.ts';
import type { Seeded } from './seeded.ts';

/** An owner of the demo community; the number in full. */
export type DemoPerson = {
  readonly docKind: DocumentKind;
  readonly number: string;
  readonly name: string;
  readonly phones: readonly string[];
  readonly mailingAddress: string;
};

const SURNAMES = [...'陈李黄梁林何吴郑冯刘郭杨张罗邓周麦苏谭欧萧卢蔡余马孙徐高曾彭萧程袁潘'];
const GIVEN = [
  ...'伟强敏静丽军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰芳玲海燕健文斌凤志嘉俊家豪颖欣怡子轩浩然思雅晓锋国栋美珍惠仪淑贤',
];
/** Zhongshan, where most owners are at home, and other places that they come from. */
const AREA_CODES = ['440106', '440605', '440782', '450881', '430482', '511023', '360102', '420115', '522401'];

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

/** A person's name of two or three characters. */
const personName = (draw: Seeded): string =>
  draw.pick(SURNAMES) + draw.pick(GIVEN) + (draw.chance(70) ? draw.pick(GIVEN) : '');

/** A resident id with its check digit. */
function residentId(draw: Seeded): string {
  const area = draw.chance(60) ? '442000' : draw.pick(AREA_CODES);
  const birth = pad(1946 + draw.below(58), 4) + pad(1 + draw.below(12), 2) + pad(1 + draw.below(28), 2);
  const body = area + birth + pad(1 + draw.below(998), 3);
  return body + residentCheck(body);
}

/** A mobile number under 142, a prefix that no carrier has: a demo that sends messages reaches nobody. */
const phone = (draw: Seeded): string => `142${pad(draw.below(100_000_000), 8)}`;

/** Makes persons, each number once. */
export function personMaker(draw: Seeded): {
  readonly resident: (address: string) => DemoPerson;
  readonly permit: (address: string) => DemoPerson;
  readonly company: (name: string, address: string) => DemoPerson;
} {
  const used = new Set<string>();
  const fresh = (make: () => string): string => {
    for (;;) {
      const number = make();
      if (used.has(number)) continue;
      used.add(number);
      return number;
    }
  };
  const phones = (): readonly string[] => [fresh(() => phone(draw))];
  const creditCode = (): string => {
    const body = `91442000MA${pad(draw.below(10_000_000), 7)}`;
    return body + creditCheck(body);
  };
  const person = (
    docKind: DocumentKind,
    number: string,
    name: string,
    mailingAddress: string,
  ): DemoPerson => ({
    docKind,
    number,
    name,
    phones: phones(),
    mailingAddress,
  });
  return {
    resident: (address) =>
      person(
        'resident-id',
        fresh(() => residentId(draw)),
        personName(draw),
        address,
      ),
    permit: (address) =>
      person(
        'hk-macau-permit',
        fresh(() => `H${pad(draw.below(100_000_000), 8)}`),
        personName(draw),
        address,
      ),
    company: (name, address) => person('credit-code', fresh(creditCode), name, address),
  };
}
