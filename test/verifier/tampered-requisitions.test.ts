// Goal: a requisition that owners did not sign, a fifth that was not reached, and an answer out of turn are found from the bundle alone
// (SPEC 5.4). Method: a dishonest operator tells one lie while the meeting of bundle-builder.ts runs.
import { describe, expect, it } from 'vitest';
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { sign } from '../../src/crypto/ed25519.ts';
import type { Support } from '../../src/record/requisition.ts';
import { seededRandom } from '../support/random.ts';
import { buildBundle, publicBundle } from './bundle-builder.ts';
import { checksOf, editLines, failing, failuresOf } from './failing-checks.ts';
import type { Forge, RequisitionWish } from './forge.ts';

const random = seededRandom('tampered requisitions');
const stranger = random(32);
const lying = (requisition: RequisitionWish, more: Forge = {}) => failing({ requisition, ...more });
const DENG = 1;
/** The same bytes with one text in the place of another. */
const edited =
  (from: string, to: string) =>
  (bytes: Uint8Array): Uint8Array =>
    utf8(new TextDecoder().decode(bytes).replace(from, to));

describe('a requisition', () => {
  it.each<[string, RequisitionWish]>([
    ['that a fifth joined and the committee refused', {}],
    [
      'that the street office answered after the committee’s days',
      { answeredBy: ['street'], answerDays: 61 },
    ],
    ['that the committee refused and the street office refuses as well', { second: {} }],
    [
      'that the committee refused and the street office convenes',
      { second: { answer: (record) => ({ ...record, answer: 'convened', meeting: newId(random) }) } },
    ],
    ['on which the street office has its word after its days', { second: {}, secondDays: 61 }],
    ['that nobody answered', { answered: 0 }],
    [
      'that the committee convenes by a meeting whose notice is not out',
      { answer: (record) => ({ ...record, answer: 'convened', meeting: newId(random) }) },
    ],
    ['that is far from a fifth', { supports: [['ada', 'joined']], reached: 0, answered: 0 }],
    [
      'that an owner joined, left and joined again',
      {
        supports: [
          ['ada', 'joined'],
          ['ada', 'left'],
          ['ada', 'joined'],
          ['deng', 'joined'],
        ],
      },
    ],
  ])('%s passes', async (_name, requisition) => {
    const built = buildBundle({ requisition });
    expect(await failuresOf(built)).toEqual([]);
    const outcomes = new Map((await checksOf(built)).map(({ id, outcome }) => [id, outcome]));
    expect([outcomes.get('REQ-01'), outcomes.get('LOG-01')]).toEqual(['pass', 'pass']);
    expect(await failuresOf(publicBundle(built))).toEqual([]);
  });
});

describe('REQ-01: a support', () => {
  it('by which an owner who left is joined again is refused', async () => {
    let first: Support | undefined;
    const support = (record: Support, at: number): Support => {
      first ??= record;
      return at === 2 ? first : record;
    };
    const supports = [
      ['ada', 'joined'],
      ['ada', 'left'],
      ['ada', 'joined'],
      ['deng', 'joined'],
    ] as const;
    expect(await lying({ supports, support })).toEqual(['LOG-01', 'REQ-01']);
  });

  it.each<[string, RequisitionWish]>([
    [
      'that a stranger signed',
      {
        signed: ({ by }, hash) => ({
          by,
          signature: { alg: 'Ed25519', signature: toBase64Url(sign(stranger, hash)) },
        }),
      },
    ],
    ['whose signature the bundle leaves out', { isUnsigned: true }],
    ['by a credential that nobody has', { signed: (own) => ({ ...own, by: newId(random) }) }],
    [
      'of another person than who signed',
      {
        support: (record, at) => (at === DENG ? { ...record, person: newId(random) } : record),
        reached: 0,
        answered: 0,
      },
    ],
    ['of another text', { support: (record) => ({ ...record, requisitionHash: toBase64Url(random(32)) }) }],
    ['of another community', { support: (record) => ({ ...record, community: newId(random) }) }],
    [
      'that counts one owner twice',
      {
        supports: [
          ['ada', 'joined'],
          ['deng', 'joined'],
          ['deng', 'joined'],
        ],
      },
    ],
    [
      'of one who leaves what he never joined',
      {
        supports: [
          ['bao', 'left'],
          ['ada', 'joined'],
          ['deng', 'joined'],
        ],
      },
    ],
    ['of a requisition that was never filed', { isUnfiled: true }],
    ['of one whose record is another’s', { record: (record) => ({ ...record, requisition: newId(random) }) }],
  ])('%s', async (_name, lie) => {
    expect(await lying(lie)).toEqual(['REQ-01']);
  });

  it('of an owner who had frozen his vote', async () => {
    const casts = { casts: [] };
    const failed = await lying({}, { freeze: { of: 'ada', at: 'open' }, ...casts });
    expect(failed).toContain('REQ-01');
    expect(await failing({ freeze: { of: 'ada', at: 'open' }, ...casts })).not.toContain('REQ-01');
  });
});

describe('REQ-01: a fifth', () => {
  it.each<[string, RequisitionWish]>([
    ['that one head alone is said to be', { supports: [['deng', 'joined']] }],
    [
      'of the heads but not of the area, of which a total was made smaller',
      { sums: (entry) => ({ ...entry, totalAreaDm2: '30000' }) },
    ],
    ['that is said twice', { reached: 2 }],
    [
      'of supporters who never joined',
      {
        count: (record) => ({
          ...record,
          heads: record.heads.map((head) => ({ ...head, supporters: [newId(random)] })),
        }),
      },
    ],
    ['that leaves out a home', { count: (record) => ({ ...record, heads: record.heads.slice(0, -1) }) }],
    [
      'with a smaller home',
      {
        count: (record) => ({
          ...record,
          heads: record.heads.map((head) => ({
            ...head,
            units: head.units.map((unit) => ({ ...unit, areaDm2: '8000' })),
          })),
        }),
      },
    ],
    [
      'in which homes of those who did not join are said not to count',
      {
        supports: [['deng', 'joined']],
        count: (record) => ({
          ...record,
          heads: record.heads.map((head) =>
            head.supporters.length > 0
              ? head
              : { ...head, units: head.units.map((unit) => ({ ...unit, counts: false })) },
          ),
        }),
      },
    ],
    [
      'with the areas of two homes exchanged',
      {
        count: (record) => {
          const [first, second, ...more] = record.heads.map(({ units }) => units[0]?.areaDm2 ?? '');
          const areas = [second, first, ...more];
          const heads = record.heads.map((head, at) => ({
            ...head,
            units: head.units.map((unit, of) => (of === 0 ? { ...unit, areaDm2: areas[at] ?? '' } : unit)),
          }));
          return { ...record, heads };
        },
      },
    ],
    [
      'in which two heads are one',
      {
        count: ({ heads: [first, ...heads], ...record }) => {
          const last = heads.pop();
          const one = { units: [...(first?.units ?? []), ...(last?.units ?? [])], supporters: [] };
          return { ...record, heads: [one, ...heads] };
        },
        supports: [
          ['chen', 'joined'],
          ['deng', 'joined'],
        ],
      },
    ],
    [
      'of one who joined, behind homes that he does not own',
      {
        supports: [['deng', 'joined']],
        count: (record) => {
          const behind = record.heads.flatMap(({ supporters }) => supporters);
          return { ...record, heads: record.heads.map((head) => ({ ...head, supporters: behind })) };
        },
      },
    ],
    [
      'of another register than the one in force',
      { count: (record) => ({ ...record, register: newId(random) }) },
    ],
  ])('%s', async (_name, lie) => {
    expect(await lying(lie)).toEqual(['REQ-01']);
  });
});

describe('an answer', () => {
  it.each<[string, RequisitionWish]>([
    ['REQ-01: that comes twice', { answered: 2 }],
    ['REQ-01: that the street office gives in the committee’s days', { answeredBy: ['street'] }],
    [
      'REQ-01: by which the street office has a word on its own',
      { answeredBy: ['street'], answerDays: 61, second: {} },
    ],
    ['REQ-01: by which the committee has a word on its own', { second: { by: ['committee'] } }],
    [
      'REQ-01: by which the street office has a word on a meeting that the committee convenes',
      { answer: (record) => ({ ...record, answer: 'convened', meeting: newId(random) }), second: {} },
    ],
    [
      'REQ-01: of the street office that convenes what was noticed before the fifth',
      { second: { answer: (record, meeting) => ({ ...record, answer: 'convened', meeting }) } },
    ],
    ['ACT-01: on which the registrar has a word', { second: { by: ['registrar'] } }],
    ['REQ-01: to what never reached a fifth', { reached: 0 }],
    ['REQ-01: that convenes no meeting', { answer: (record) => ({ ...record, answer: 'convened' }) }],
    ['REQ-01: that refuses and names one', { answer: (record) => ({ ...record, meeting: newId(random) }) }],
    [
      'REQ-01: that names a meeting noticed before the fifth',
      { answer: (record, meeting) => ({ ...record, answer: 'convened', meeting }) },
    ],
    ['REQ-01: to another requisition', { answer: (record) => ({ ...record, requisition: newId(random) }) }],
    ['KIND-01: with a member too many', { answerBytes: edited('"answer"', '"also":1,"answer"') }],
    ['JCS-01: in another spelling', { answerBytes: edited('"answer"', ' "answer"') }],
    ['ACT-01: that the registrar signed', { answeredBy: ['registrar'] }],
    ['ACT-01: that nobody signed', { answeredBy: [] }],
  ])('%s', async (name, lie) => {
    expect(await lying(lie)).toEqual([name.split(':')[0]]);
  });
});

it.each<[string, RequisitionWish, string | undefined]>([
  ['in time', { second: {} }, undefined],
  ['after thirty days', { answerDays: 61 }, 'a requisition was answered after more than thirty days'],
  ['never', { answered: 0 }, 'a requisition has no answer after thirty days'],
  ['and confirmed after thirty days', { second: {}, secondDays: 61 }, 'the street office spoke on a refusal'],
  ['and never confirmed', {}, 'the street office has not spoken on a refusal'],
])('REQ-01 tells what is answered %s', async (_name, requisition, words) => {
  const check = (await checksOf(buildBundle({ requisition }))).find(({ id }) => id === 'REQ-01');
  expect(check?.outcome).toBe('pass');
  if (words === undefined) expect(check?.remark).toBeUndefined();
  else expect(check?.remark?.en).toContain(words);
});

it('LOG-01: a support that the bundle leaves out', async () => {
  const files = (all: Map<string, Uint8Array>) =>
    editLines(all, 'requisitions.jsonl', (lines) => lines.filter((line) => !line.includes('"support"')));
  expect(await lying({}, { files })).toEqual(['LOG-01', 'REQ-01']);
});
