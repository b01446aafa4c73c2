// Drafts of meetings and the definitions that they become, for tests of rules that need no database.
import type { DeploymentFacts, MeetingDraft, ProposalDraft } from '../../src/assembly/domain/drafting.ts';
import { noticedDefinition } from '../../src/assembly/domain/drafting.ts';
import { DEMO_CN_2021, defaultParameters } from '../../src/assembly/domain/profile.ts';
import type { RuleParameters } from '../../src/assembly/domain/rule-parameters.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import type { Definition } from '../../src/record/meeting.ts';
import { seededRandom } from '../support/random.ts';

const random = seededRandom('drafts');

export const anId = (): string => newId(random);
export const aHash = (): string => toBase64Url(random(32));

export const WHOLE = { kind: 'community', members: [] as string[] } as const;

export const motion = (change: Partial<ProposalDraft> = {}): ProposalDraft => ({
  proposal: anId(),
  title: '续聘物业',
  text: '拟续聘三年。',
  classes: ['M4'],
  scope: WHOLE,
  form: 'motion',
  candidates: [],
  seats: 0,
  fund: [],
  ...change,
});

export const election = (change: Partial<ProposalDraft> = {}): ProposalDraft =>
  motion({
    classes: ['M3'],
    form: 'election',
    candidates: [
      { id: 'ada', text: '甲' },
      { id: 'bao', text: '乙' },
      { id: 'chen', text: '丙' },
    ],
    seats: 2,
    ...change,
  });

export const FACTS: DeploymentFacts = {
  origin: 'vote.example/log',
  rpId: 'vote.example',
  origins: ['https://vote.example'],
  logVkey: 'vote.example/log+00000000+AAAA',
  witnesses: [],
  quorum: 0,
  demoRoot: true,
};

export const draft = (
  proposals: readonly ProposalDraft[],
  change: Partial<MeetingDraft> = {},
): MeetingDraft => ({
  meeting: anId(),
  community: anId(),
  communityName: '测试花园',
  convener: '测试花园业主委员会',
  convenerRole: 'committee',
  title: '第一次会议',
  noticeText: '各位业主:',
  publishedOn: '2026-12-01',
  opensAt: Date.UTC(2026, 11, 20),
  closesAt: Date.UTC(2026, 11, 25),
  proposals,
  boxHolder: 'officer',
  ...change,
});

export const noticed = (meeting: MeetingDraft, parameters: Partial<RuleParameters> = {}) =>
  noticedDefinition(
    meeting,
    {
      profile: DEMO_CN_2021,
      parameters: { ...defaultParameters(DEMO_CN_2021), ...parameters },
      rulesHash: '',
    },
    FACTS,
  );

/** The definition of a draft that must be good. */
export function definitionOf(
  proposals: readonly ProposalDraft[],
  parameters: Partial<RuleParameters> = {},
): Definition {
  const made = noticed(draft(proposals), parameters);
  if (!made.ok) throw new Error(`${made.refusal.code} ${made.refusal.where}`);
  return made.value;
}
