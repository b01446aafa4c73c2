// Goal: a meeting follows the own rules that its community last adopted, and the verifier finds any that it does not: another hash, base
// or value, rules of another community, from tomorrow, by nobody's decision, without their bytes or signed by one (SPEC 5.2: MEET-02,
// LOG-01, ACT-01, ACT-03). Method: the meeting of bundle-builder.ts with one lie; exact failures, and honest rules pass.
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { linesFile, rulesLineForm } from '../../src/record/bundle-lines.ts';
import type { CommunityRules } from '../../src/record/community-rules.ts';
import { communityRulesForm, rulesHash } from '../../src/record/community-rules.ts';
import type { Forge } from './bundle-builder.ts';
import { failing } from './failing-checks.ts';
import type { World } from './forge.ts';

const HASH = `${'B'.repeat(42)}A`;
const [RULES, OTHER] = ['aaaaaaaaaaaaaaaaaaaaaaaaaa', 'eaaaaaaaaaaaaaaaaaaaaaaaaa'];

type Lies = {
  readonly record?: (record: CommunityRules, world: World) => CommunityRules;
  readonly signers?: readonly string[];
  /** What the definition names. */
  readonly named?: (hash: string) => string;
  /** Entered before this step, `notice` where it is honest. */
  readonly before?: 'notice' | 'roll';
  /** No file of the bundle holds them. */
  readonly isHidden?: true;
  /** The day of those that come after the notice. */
  readonly laterOn?: string;
  /** Others are adopted after the notice, which change nothing. */
  readonly isFollowed?: true;
};

/** The world of the story begins before its meeting does, so that the hash is known when the definition is made. */
function adopted(lies: Lies = {}): Forge {
  const lines: Uint8Array[] = [];
  let named = '';
  const enter = (world: World, rules: string, enteredAt: string): void => {
    const honest: CommunityRules = {
      v: 1,
      kind: 'rules',
      community: world.community,
      rules,
      base: 'CN-2021',
      version: 1,
      parameters: [
        { name: 'noticeDays', value: '15' },
        { name: 'proxyCap', value: '3' },
      ],
      text: '第十条 一名代理人最多接受三名业主委托。',
      adoptedOn: rules === OTHER ? (lies.laterOn ?? '2026-10-01') : '2026-10-01',
      meeting: '',
      proposal: '',
      document: HASH,
    };
    const bytes = communityRulesForm.bytes(lies.record?.(honest, world) ?? honest);
    const hash = rulesHash(bytes);
    lines.push(rulesLineForm.bytes({ rules: toBase64Url(bytes) }));
    const entry = { v: 1, kind: 'rules.adopted', community: world.community, rulesHash: hash } as const;
    world.append('notice', entry, lies.signers ?? ['committee', 'street'], enteredAt);
    if (named === '') named = hash;
  };
  return {
    before: (world, step) => {
      // The last step before the definition is made.
      if (step === 'deposit' && lies.before !== 'roll') enter(world, RULES, '2026-10-14T02:00:00Z');
      if (step === 'roll' && (lies.before === 'roll' || lies.isFollowed === true))
        enter(world, OTHER, '2026-11-18T02:00:00Z');
    },
    definition: (definition) => ({
      ...definition,
      profile: { ...definition.profile, rulesHash: lies.named?.(named) ?? named },
    }),
    files: (files) => {
      if (lies.isHidden !== true) files.set('rules.jsonl', linesFile(lines));
    },
  };
}

describe('own rules', () => {
  it('pass where the meeting follows them, also where others come after its notice', async () => {
    expect(await failing(adopted())).toEqual([]);
    expect(await failing(adopted({ isFollowed: true }))).toEqual([]);
    expect(await failing(adopted({ before: 'roll', named: () => '' }))).toEqual([]);
  });

  it('MEET-02: are named by the definition, and none are where there are none', async () => {
    expect(await failing(adopted({ named: () => '' }))).toEqual(['MEET-02']);
    expect(await failing(adopted({ named: () => HASH }))).toEqual(['MEET-02']);
    expect(await failing(adopted({ before: 'roll' }))).toEqual([]);
    expect(
      await failing({
        definition: (definition) => ({
          ...definition,
          profile: { ...definition.profile, rulesHash: HASH },
        }),
      }),
    ).toEqual(['MEET-02']);
  });

  it('MEET-02: fix what they fix, over their own base', async () => {
    const record = (change: Partial<CommunityRules>) => (honest: CommunityRules) => ({
      ...honest,
      ...change,
    });
    const other = [{ name: 'proxyCap', value: '5' }];
    expect(await failing(adopted({ record: record({ parameters: other }) }))).toEqual(['MEET-02']);
    expect(await failing(adopted({ record: record({ parameters: [{ name: 'no', value: '1' }] }) }))).toEqual([
      'MEET-02',
    ]);
    expect(await failing(adopted({ record: record({ base: 'CN-2007' }) }))).toEqual(['MEET-02']);
  });

  it('MEET-02: are of this community, with each parameter once, and of no later day', async () => {
    const record = (change: Partial<CommunityRules>) => (honest: CommunityRules) => ({
      ...honest,
      ...change,
    });
    expect(await failing(adopted({ record: record({ community: OTHER }) }))).toEqual(['MEET-02']);
    const twice = [
      { name: 'proxyCap', value: '3' },
      { name: 'proxyCap', value: '3' },
    ];
    expect(await failing(adopted({ record: record({ parameters: twice }) }))).toEqual(['MEET-02']);
    expect(await failing(adopted({ record: record({ adoptedOn: '2027-01-01' }) }))).toEqual(['MEET-02']);
  });

  it('MEET-02: were adopted by a resolution that the log has, or by a document, not by both or neither', async () => {
    const record = (change: Partial<CommunityRules>) => (honest: CommunityRules) => ({
      ...honest,
      ...change,
    });
    expect(await failing(adopted({ record: record({ document: '' }) }))).toEqual(['MEET-02']);
    const both = { meeting: RULES, proposal: RULES };
    expect(await failing(adopted({ record: record(both) }))).toEqual(['MEET-02']);
    expect(await failing(adopted({ record: record({ ...both, document: '' }) }))).toEqual(['MEET-02']);
    expect(await failing(adopted({ record: record({ meeting: RULES }) }))).toEqual(['MEET-02']);
    expect(await failing(adopted({ isFollowed: true, laterOn: '2026-09-30' }))).toEqual(['MEET-02']);
    const later = (honest: CommunityRules, world: World) => ({
      ...honest,
      meeting: world.meeting,
      proposal: RULES,
      document: '',
    });
    expect(await failing(adopted({ record: later }))).toEqual(['MEET-02']);
  });

  it('LOG-01: have their bytes in the bundle', async () => {
    expect(await failing(adopted({ isHidden: true }))).toEqual(['LOG-01']);
  });

  it('ACT-01, ACT-03: are signed by two offices', async () => {
    expect(await failing(adopted({ signers: ['committee'] }))).toEqual(['ACT-01']);
    expect(await failing(adopted({ signers: ['committee', 'regulator'] }))).toEqual(['ACT-01']);
    expect(await failing(adopted({ signers: [] }))).toEqual(['ACT-01']);
  });
});
