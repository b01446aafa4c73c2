// The meeting of the story: its roll, its definition with two proposals, its notice and its opening. The totals of the roll are
// added up by hand.
import { CN_2021, defaultParameters, profileHash } from '../../src/assembly/domain/profile.ts';
import type { RuleParameters } from '../../src/assembly/domain/rule-parameters.ts';
import { compareText, toBase64Url } from '../../src/base/bytes.ts';
import { publicKeyOf } from '../../src/crypto/ed25519.ts';
import { boxPublicKey } from '../../src/crypto/sealed-box.ts';
import { sealLengthOf } from '../../src/record/choice.ts';
import type { RollOpening } from '../../src/record/identity.ts';
import { holdersHash, voterHash } from '../../src/record/identity.ts';
import type { Definition, Proposal } from '../../src/record/meeting.ts';
import {
  accountHash,
  definitionForm,
  MOTION_OPTIONS,
  meetingHash,
  noticeHash,
  textHash,
} from '../../src/record/meeting.ts';
import { leafHash, rootOfHashes } from '../../src/record/merkle.ts';
import type { RollLeaf } from '../../src/record/roll.ts';
import { byEntitlement, rollLeafForm } from '../../src/record/roll.ts';
import type { Story } from './story.ts';
import { BY_TWO, plus, RP_ID, WEB_ORIGIN } from './story.ts';
import { coHolders, coOwnersOf } from './story-designations.ts';
import { ORIGIN } from './story-log.ts';
import type { Owners } from './story-owners.ts';
import { HOUSES } from './story-owners.ts';

export const OPENS = '2026-11-20T01:00:00Z';
export const CLOSES = '2026-11-30T01:00:00Z';

export type Convened = {
  readonly parameters: RuleParameters;
  /** The texts of the proposals, then the notice. */
  readonly texts: readonly string[];
  readonly boxSecret: Uint8Array;
  readonly payeeAccount: string;
  readonly proposals: readonly Proposal[];
  readonly serverSeeds: ServerSeeds;
  readonly roll: Roll;
  readonly definition: Definition;
  readonly definitionBytes: Uint8Array;
  readonly hash: string;
  readonly inMeeting: { readonly v: 1; readonly community: string; readonly meeting: string };
};

type ServerSeeds = {
  readonly ballot: Uint8Array;
  readonly ack: Uint8Array;
  readonly certificate: Uint8Array;
};

type Roll = {
  readonly leaves: readonly RollLeaf[];
  readonly openings: readonly RollOpening[];
  readonly entitlementOf: ReadonlyMap<string, string>;
  readonly root: string;
};

/** The proposals: the lift for all, the roof for the first building and out of the fund. */
function drawProposals(story: Story, texts: readonly string[], payeeAccount: string): readonly Proposal[] {
  const { id } = story;
  const motion = (
    at: number,
    title: string,
    classes: Proposal['classes'],
    scope: Proposal['scope'],
  ): Proposal => {
    const shape = { options: MOTION_OPTIONS.map((option) => ({ ...option })), max: 1 };
    return {
      proposal: id(),
      title,
      textHash: textHash(texts[at] ?? ''),
      classes,
      basis: '',
      scope,
      mode: 'open',
      form: 'motion',
      ...shape,
      seats: 0,
      min: 1,
      sealLength: sealLengthOf(shape),
      fund: [],
    };
  };
  const firstScope = { kind: 'buildings', members: ['1栋'] } as const;
  return [
    motion(0, '更新电梯', [story.forge.topUp?.decided === true ? 'M6' : 'M7'], {
      kind: 'community',
      members: [],
    }),
    {
      ...motion(1, '修缮屋面', ['M5'], firstScope),
      fund: [
        { capFen: '10000001', payee: '某防水工程公司', payeeAccount, purpose: '屋面防水', units: firstScope },
      ],
    },
  ];
}

/** One entitlement for each house, in the order of its id. */
function drawRoll(story: Story, owners: Owners): Roll {
  const { ownerOf, unitsOf } = owners;
  const { forge, world, id, nonce } = story;
  const { meeting } = world;
  const entitlements = HOUSES.map(() => id()).sort(compareText);
  const rollParts = HOUSES.map(([name], at) => {
    const { person, identity } = ownerOf(name);
    const opening: RollOpening = {
      entitlement: entitlements[at] ?? '',
      holdersSalt: nonce(),
      holders: forge.coHeld !== undefined && name === 'bao' ? coHolders(owners) : [{ person, identity }],
      voterSalt: nonce(),
      voter: name === 'ada' ? person : '',
    };
    const leaf: RollLeaf = {
      v: 1,
      kind: 'roll',
      meeting,
      entitlement: opening.entitlement,
      basis: name === (forge.claim === undefined ? 'developer' : 'chen') ? 'developer-stock' : 'owner-set',
      units: unitsOf.get(name) ?? [],
      holders: holdersHash(opening.holdersSalt, opening.holders),
      voter: voterHash(opening.voterSalt, opening.voter),
    };
    return { name, leaf, opening };
  });
  const entitlementOf = new Map<string, string>(rollParts.map(({ name, leaf }) => [name, leaf.entitlement]));
  const honestLeaves = rollParts.map(({ leaf }) => leaf).sort(byEntitlement);
  const leaves = forge.leaves?.(honestLeaves) ?? honestLeaves;
  const honestOpenings = rollParts.map(({ opening }) => opening).sort(byEntitlement);
  const openings = forge.openings?.(honestOpenings) ?? honestOpenings;
  const root = toBase64Url(rootOfHashes(leaves.map((leaf) => leafHash(rollLeafForm.bytes(leaf)))));
  return { leaves, openings, entitlementOf, root };
}

/** The meeting is noticed, its roll is frozen, and it opens. */
export function conveneMeeting(story: Story, owners: Owners): Convened {
  const { forge, world, step } = story;
  const { random, log, community, meeting } = world;
  const parameters = {
    ...defaultParameters(CN_2021),
    letterRevote: true,
    ...coOwnersOf(forge),
    ...forge.parameters,
  };
  const texts = ['关于更新电梯的议题', '关于使用维修资金修缮屋面的议题', '业主大会会议公告'];
  const boxSecret = random(32);
  const payeeAccount = accountHash(random(16), '6217 0000 1234');
  const proposals = drawProposals(story, texts, payeeAccount);
  const serverSeeds = { ballot: forge.ballotSeed ?? random(32), ack: random(32), certificate: random(32) };
  const ballotSeed = random(32);
  const roll = drawRoll(story, owners);
  const honestDefinition: Definition = {
    v: 1,
    kind: 'meeting',
    suite: 'INT-1',
    meeting,
    community,
    communityName: '岐江花园',
    convener: '岐江花园业主委员会',
    convenerRole: 'committee',
    title: '岐江花园2026年第一次业主大会会议',
    profile: {
      id: CN_2021.id,
      version: CN_2021.version,
      hash: toBase64Url(profileHash(CN_2021, parameters)),
      parameters: Object.entries(parameters).map(([name, value]) => ({ name, value: String(value) })),
      rulesHash: '',
    },
    notice: { textHash: textHash(texts[2] ?? ''), publishedOn: '2026-11-01', questionsHash: '' },
    window: { opens: OPENS, closes: CLOSES },
    proposals: [...proposals],
    rollRoot: roll.root,
    rollSize: roll.leaves.length,
    origin: ORIGIN,
    rpId: RP_ID,
    origins: [WEB_ORIGIN],
    keys: {
      ballot: toBase64Url(publicKeyOf(forge.ballotSeed === undefined ? serverSeeds.ballot : ballotSeed)),
      ack: toBase64Url(publicKeyOf(serverSeeds.ack)),
      certificate: toBase64Url(publicKeyOf(serverSeeds.certificate)),
    },
    logVkey: log.vkey,
    witnesses: [...log.witnesses],
    quorum: 2,
    boxKey: toBase64Url(boxPublicKey(boxSecret)),
    boxHolder: forge.boxHolder ?? 'officer',
    demoRoot: false,
  };
  const definition = forge.definition?.(honestDefinition) ?? honestDefinition;
  const definitionBytes = definitionForm.bytes(definition);
  const hash = meetingHash(definitionBytes);
  const inMeeting = { v: 1, community, meeting } as const;
  step(
    'notice',
    {
      ...inMeeting,
      kind: 'meeting.noticed',
      noticeHash: noticeHash(forge.noticed?.(definition) ?? definition),
      opens: OPENS,
    },
    BY_TWO,
    '2026-11-01T02:00:00Z',
  );
  const totals = [
    { proposal: proposals[0]?.proposal ?? '', areaDm2: '70000', heads: 6 },
    { proposal: proposals[1]?.proposal ?? '', areaDm2: '27898', heads: 3 },
  ];
  step(
    'roll',
    { ...inMeeting, kind: 'roll.frozen', root: roll.root, size: roll.leaves.length, totals },
    BY_TWO,
    '2026-11-19T02:00:00Z',
  );
  step('open', { ...inMeeting, kind: 'meeting.opened', meetingHash: hash }, BY_TWO, plus(OPENS, 1000));
  return {
    parameters,
    texts,
    boxSecret,
    payeeAccount,
    proposals,
    serverSeeds,
    roll,
    definition,
    definitionBytes,
    hash,
    inMeeting,
  };
}
