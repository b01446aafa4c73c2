// A whole meeting with real cryptography, from the root to the payment, and the bundle that an auditor gets. `Forge` lets a
// test be a dishonest operator at any step: what follows is built upon the forgery, so that no hash gives it away by chance.
// The numbers of the result and of the shares are worked out by hand here; nothing of the verifier computes them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CN_2021, defaultParameters, profileBytes, profileHash } from '../../src/assembly/domain/profile.ts';
import type { RuleParameters } from '../../src/assembly/domain/rule-parameters.ts';
import { present } from '../../src/base/assert.ts';
import { compareText, fromBase64Url, toBase64Url, utf8 } from '../../src/base/bytes.ts';
import type { Canonical } from '../../src/base/canonical.ts';
import { canonicalBytes } from '../../src/base/canonical.ts';
import { newId } from '../../src/base/clock.ts';
import { parseInstant, showInstant } from '../../src/base/instant.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import { h256Text } from '../../src/crypto/frame.ts';
import { boxPublicKey } from '../../src/crypto/sealed-box.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import type { Action, Role } from '../../src/record/action.ts';
import { actionForm, actionHash } from '../../src/record/action.ts';
import type { BallotClaims } from '../../src/record/ballot.ts';
import { ballotForm, ballotHash } from '../../src/record/ballot.ts';
import type { ActionLine, CredentialLine } from '../../src/record/bundle-lines.ts';
import {
  actionLineForm,
  ballotLineForm,
  boxForm,
  castLineForm,
  certificateFileForm,
  credentialLineForm,
  fundLineForm,
  inputsHash,
  letterLineForm,
  linesFile,
  objectionLineForm,
  officerLineForm,
  personLineForm,
} from '../../src/record/bundle-lines.ts';
import type { Cast } from '../../src/record/cast.ts';
import { CHAIN_START, castForm, castHash } from '../../src/record/cast.ts';
import { sealChoice, sealLengthOf } from '../../src/record/choice.ts';
import type { Entry, UnsignedEntry } from '../../src/record/entry.ts';
import { entryForm, subjectOf, withEvidence } from '../../src/record/entry.ts';
import type { Authorisation, FundEntry } from '../../src/record/fund.ts';
import { authorisationForm, authorisationHash, fundEntryForm, fundEntryHash } from '../../src/record/fund.ts';
import type { RollOpening } from '../../src/record/identity.ts';
import { holdersHash, identityHash, rollOpeningForm, voterHash } from '../../src/record/identity.ts';
import { jwsHeader } from '../../src/record/jws.ts';
import type { LetterItem } from '../../src/record/letter.ts';
import { letterItemForm, letterSeed } from '../../src/record/letter.ts';
import { manifestForm } from '../../src/record/manifest.ts';
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
import { decisionForm, decisionHash, objectionForm, objectionHash } from '../../src/record/objection.ts';
import type { RollLeaf } from '../../src/record/roll.ts';
import { byEntitlement, rollLeafForm } from '../../src/record/roll.ts';
import type { PublicKey, Signature } from '../../src/record/signature.ts';
import { evidenceHash } from '../../src/record/signature.ts';
import type { Certificate, ParticipationList, TallyRecord } from '../../src/record/tally-record.ts';
import {
  certificateForm,
  participationForm,
  participationHash,
  tallyHash,
  tallyRecordForm,
} from '../../src/record/tally-record.ts';
import type { Trust } from '../../src/record/trust.ts';
import { trustForm } from '../../src/record/trust.ts';
import { softwareAuthenticator } from '../support/authenticator.ts';
import { seededRandom } from '../support/random.ts';
import { ORIGIN, type StoryLog, storyLog } from './story-log.ts';

const RP_ID = 'vote.example';
const WEB_ORIGIN = 'https://vote.example';
const OPENS = '2026-11-20T01:00:00Z';
const CLOSES = '2026-11-30T01:00:00Z';
const DAY_MS = 86_400_000;

export type StepName =
  | 'root'
  | 'regulator'
  | 'street'
  | 'committee'
  | 'registrar'
  | 'register'
  | 'letters'
  | 'deposit'
  | 'notice'
  | 'roll'
  | 'open'
  | 'close'
  | 'box'
  | 'preliminary'
  | 'decision'
  | 'final'
  | 'authorise'
  | 'hold'
  | 'accrue'
  | 'pay';

/** What an owner answers, by the place of the proposal. */
export type Ballots = { readonly owner: string; readonly answers: readonly (readonly [number, string])[] };

/** Lies that a test tells; each gets the honest value and gives the one that is used from there on. */
export type Forge = {
  readonly parameters?: Partial<RuleParameters>;
  readonly profileFile?: (bytes: Uint8Array) => Uint8Array;
  readonly definition?: (definition: Definition) => Definition;
  /** The definition that `meeting.noticed` commits to. */
  readonly noticed?: (definition: Definition) => Definition;
  readonly units?: (name: string, units: RollLeaf['units']) => RollLeaf['units'];
  readonly leaves?: (leaves: readonly RollLeaf[]) => readonly RollLeaf[];
  readonly openings?: (openings: readonly RollOpening[]) => readonly RollOpening[];
  readonly letters?: (items: readonly LetterItem[]) => readonly LetterItem[];
  readonly lettersFile?: (items: readonly LetterItem[]) => readonly LetterItem[];
  readonly credentials?: (lines: readonly CredentialLine[]) => readonly CredentialLine[];
  readonly claims?: (claims: BallotClaims) => BallotClaims;
  readonly ballotSeed?: Uint8Array;
  readonly cast?: (cast: Cast, place: number) => Cast;
  readonly castSignature?: (signature: Signature, place: number) => Signature;
  readonly casts?: readonly Ballots[];
  readonly sealed?: (sealed: Uint8Array, place: number) => Uint8Array;
  readonly record?: (record: TallyRecord) => TallyRecord;
  readonly participation?: (list: ParticipationList) => ParticipationList;
  readonly certificate?: (certificate: Certificate) => Certificate;
  readonly authorisation?: (authorisation: Authorisation) => Authorisation;
  readonly fund?: (entry: FundEntry, step: StepName) => FundEntry;
  readonly journal?: (text: string) => string;
  readonly boxSecret?: Uint8Array;
  readonly entry?: (entry: UnsignedEntry, step: StepName | 'cast') => UnsignedEntry;
  readonly action?: (action: Action, step: StepName) => Action;
  readonly signature?: (signature: Signature, step: StepName, role: Role) => Signature;
  /** Who signs: by default the officers that the step needs. */
  readonly signers?: (signers: readonly string[], step: StepName) => readonly string[];
  /** The evidence that an entry names. */
  readonly evidence?: (evidence: readonly string[], step: StepName) => readonly string[];
  /** Runs before a step, for entries that should not be there. */
  readonly before?: (world: World, step: StepName | 'cast') => void;
  readonly time?: (at: string, step: StepName | 'cast') => string;
  readonly cosigners?: (step: StepName | 'cast') => number;
  /** The bundle's files before the manifest is made over them. */
  readonly files?: (files: Map<string, Uint8Array>) => void;
  /** The bundle's files after. */
  readonly folder?: (files: Map<string, Uint8Array>) => void;
  readonly boxHolder?: 'officer' | 'server';
};

type OfficerKey = { readonly publicKey: PublicKey; sign(hash: Uint8Array): Signature };
type Officer = {
  readonly id: string;
  readonly role: Role;
  readonly identity: string;
  readonly key: OfficerKey;
};
type Owner = {
  readonly person: string;
  readonly identity: string;
  readonly letter: string;
  readonly seed: Uint8Array;
};

export type World = {
  readonly random: (size: number) => Uint8Array;
  readonly log: StoryLog;
  readonly community: string;
  readonly meeting: string;
  readonly officers: Map<string, Officer>;
  readonly actions: ActionLine[];
  append(step: StepName, entry: UnsignedEntry, signers: readonly string[], at: string): number;
};

/** A bundle in memory, with what lies outside it. */
export type Built = {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly trust: Trust;
  readonly world: World;
  readonly definition: Definition;
  /** Log index of each cast, in order. */
  readonly castIndexes: readonly number[];
  readonly receipt: (index: number) => string;
};

const b64 = toBase64Url;
const plus = (at: string, ms: number): string => showInstant((parseInstant(at) ?? 0) + ms);

const ed25519Key = (seed: Uint8Array): OfficerKey => ({
  publicKey: { v: 1, alg: 'Ed25519', publicKey: b64(publicKeyOf(seed)), webauthnId: '' },
  sign: (hash) => ({ alg: 'Ed25519', signature: b64(sign(seed, hash)) }),
});

/** Signs a compact token as the server does. */
function token(typ: Parameters<typeof jwsHeader>[0], seed: Uint8Array, payload: Uint8Array): string {
  const signed = `${b64(canonicalBytes(jwsHeader(typ, publicKeyOf(seed))))}.${b64(payload)}`;
  return `${signed}.${b64(sign(seed, utf8(signed)))}`;
}

/** Name, units as [building, room, kind, area]; the developer's stock is the last. */
const HOUSES = [
  ['ada', [['1栋', '101', 'dwelling', '8888']]],
  [
    'bao',
    [
      ['1栋', '102', 'dwelling', '9010'],
      ['地库', 'P1', 'parking', '1250'],
    ],
  ],
  ['chen', [['1栋', '103', 'shop', '10000']]],
  ['deng', [['2栋', '201', 'dwelling', '12000']]],
  ['emei', [['2栋', '202', 'dwelling', '10102']]],
  [
    'developer',
    [
      ['2栋', '203', 'dwelling', '10000'],
      ['2栋', '204', 'dwelling', '10000'],
    ],
  ],
] as const;

/** `bao` changes his mind once; `chen` seals an answer that does not open; the developer stays silent. */
const HONEST_CASTS: readonly Ballots[] = [
  {
    owner: 'ada',
    answers: [
      [0, 'for'],
      [1, 'for'],
    ],
  },
  {
    owner: 'bao',
    answers: [
      [0, 'against'],
      [1, 'against'],
    ],
  },
  {
    owner: 'chen',
    answers: [
      [0, 'for'],
      [1, 'garbled'],
    ],
  },
  {
    owner: 'bao',
    answers: [
      [0, 'for'],
      [1, 'for'],
    ],
  },
  { owner: 'deng', answers: [[0, 'for']] },
  { owner: 'emei', answers: [[0, 'abstain']] },
];

export function buildBundle(forge: Forge = {}): Built {
  const random = seededRandom('bundle');
  const id = (): string => newId(random);
  const nonce = (): string => b64(random(16));
  const log = storyLog(random);
  const [community, meeting, otherCommunity] = [id(), id(), id()];
  const actions: ActionLine[] = [];
  const officers = new Map<string, Officer>();

  const rootSeeds = [random(32), random(32), random(32)];
  for (const [at, seed] of rootSeeds.entries()) {
    const key = ed25519Key(seed);
    const officer = rootOfficerId(present(fromBase64Url(key.publicKey.publicKey), 'key'));
    officers.set(`root${at}`, { id: officer, role: 'root', identity: officer, key });
  }

  /** The action of an officer over an entry, with the log as he sees it now. */
  function act(step: StepName, name: string, entry: UnsignedEntry, at: string): ActionLine {
    const officer = present(officers.get(name), name);
    const isRoot = officer.role === 'root';
    const ids = entry as { community?: string; meeting?: string };
    const honest: Action = {
      v: 1,
      kind: 'action',
      action: entry.kind,
      subject: subjectOf(entry),
      community: isRoot ? '' : (ids.community ?? ''),
      meeting: isRoot ? '' : (ids.meeting ?? ''),
      officer: officer.id,
      role: officer.role,
      ...log.seen(),
      expires: plus(at, DAY_MS),
      nonce: nonce(),
    };
    const bytes = actionForm.bytes(forge.action?.(honest, step) ?? honest);
    const signature = officer.key.sign(actionHash(bytes));
    return { action: b64(bytes), signature: forge.signature?.(signature, step, officer.role) ?? signature };
  }

  function publish(at: string, step: StepName | 'cast'): void {
    log.publish(forge.time?.(at, step) ?? at, forge.cosigners?.(step));
  }

  const world: World = {
    random,
    log,
    community,
    meeting,
    officers,
    actions,
    append: (step, unsigned, signers, at) => {
      const entry = forge.entry?.(unsigned, step) ?? unsigned;
      const lines = (forge.signers?.(signers, step) ?? signers).map((name) => act(step, name, entry, at));
      actions.push(...lines);
      const honest = lines.map(({ signature }) => evidenceHash(signature));
      const index = log.append(withEvidence(entry, forge.evidence?.(honest, step) ?? honest));
      publish(at, step);
      return index;
    },
  };
  const step = (name: StepName, entry: UnsignedEntry, signers: readonly string[], at: string): number => {
    forge.before?.(world, name);
    return world.append(name, entry, signers, at);
  };

  // Root and officers.
  const rootKeys = rootSeeds.map((seed) => b64(publicKeyOf(seed)));
  step(
    'root',
    {
      v: 1,
      kind: 'root.declared',
      origin: ORIGIN,
      rpId: RP_ID,
      origins: [WEB_ORIGIN],
      roots: rootKeys,
      threshold: 2,
      demo: 'real',
    },
    ['root0', 'root2'],
    '2026-10-01T02:00:00Z',
  );
  const byTwo = ['committee', 'street'];
  for (const role of ['regulator', 'street', 'committee', 'registrar'] as const) {
    const key = role === 'street' ? softwareAuthenticator(RP_ID, WEB_ORIGIN, random) : ed25519Key(random(32));
    const officer: Officer = { id: id(), role, identity: b64(random(32)), key };
    officers.set(role, officer);
    const isHigh = role === 'regulator' || role === 'street';
    step(
      role,
      {
        v: 1,
        kind: 'officer.appointed',
        officer: officer.id,
        identity: officer.identity,
        role,
        community: isHigh ? '' : community,
        keys: [{ credential: id(), key: key.publicKey }],
        until: '2027-12-31',
      },
      isHigh ? ['root0', 'root1'] : ['regulator', 'street'],
      '2026-10-02T02:00:00Z',
    );
  }

  // Register, persons, letters.
  const owners = new Map<string, Owner>();
  const unitsOf = new Map<string, RollLeaf['units']>();
  for (const [name, rooms] of HOUSES) {
    const identity = identityHash(nonce(), { docKind: 'resident-id', number: `44200019${name}`, name });
    owners.set(name, { person: id(), identity, letter: id(), seed: letterSeed(random(16)) });
    const honest = rooms.map(([building, room, kind, areaDm2]) => ({
      unit: id(),
      building,
      stair: '',
      room,
      kind,
      areaDm2,
      areaSource: 'register' as const,
    }));
    unitsOf.set(name, forge.units?.(name, honest) ?? honest);
  }
  const ownerOf = (name: string): Owner => present(owners.get(name), name);
  step(
    'register',
    {
      v: 1,
      kind: 'register.imported',
      community,
      register: id(),
      fileHash: b64(random(32)),
      units: 8,
      heads: 6,
      persons: 6,
      areaDm2: '71250',
    },
    byTwo,
    '2026-10-10T02:00:00Z',
  );
  const batch = id();
  const honestLetters = HOUSES.map(([name]): LetterItem => {
    const { person, identity, letter, seed } = ownerOf(name);
    const units = (unitsOf.get(name) ?? []).map(({ unit }) => unit);
    return {
      v: 1,
      kind: 'letter',
      letter,
      person,
      identity,
      units,
      publicKey: b64(publicKeyOf(seed)),
      replaces: '',
    };
  });
  const letters = forge.letters?.(honestLetters) ?? honestLetters;
  step(
    'letters',
    {
      v: 1,
      kind: 'letters.issued',
      community,
      batch,
      count: letters.length,
      root: b64(rootOfHashes(letters.map((item) => leafHash(letterItemForm.bytes(item))))),
      until: '2028-12-31',
    },
    ['registrar'],
    '2026-10-12T02:00:00Z',
  );
  // Another community's life in the same log: it must parse, and needs no explanation here.
  log.append(
    withEvidence(
      {
        v: 1,
        kind: 'register.imported',
        community: otherCommunity,
        register: id(),
        fileHash: b64(random(32)),
        units: 1,
        heads: 1,
        persons: 1,
        areaDm2: '9000',
      },
      [b64(random(32)), b64(random(32))],
    ),
  );

  // The book begins with one deposit for each unit of the first building.
  const book = id();
  const fundLines: { kind: 'authorisation' | 'fund-entry'; record: string }[] = [];
  const transactions: FundEntry[] = [];
  const bank = '资产:专户存款:建行尾号0071';
  const available = (room: string): string => `负债:分户账:1栋:${room}:可用`;
  const held = (room: string): string => `负债:分户账:1栋:${room}:冻结:决议1`;
  const payable = '负债:应付:决议1:防水公司';
  const firstBuilding = ['ada', 'bao', 'chen'].map((name) => present(unitsOf.get(name)?.[0], name));
  type Line = readonly [string, FundEntry['postings'][number]['accountKind'], string, bigint];
  const bookEntry = (
    name: StepName,
    entryKind: FundEntry['entryKind'],
    on: string,
    authorisation: string,
    payeeAccount: string,
    lines: readonly Line[],
    signers: readonly string[],
  ): void => {
    forge.before?.(world, name);
    const honest: FundEntry = {
      v: 1,
      kind: 'fund-entry',
      community,
      entry: id(),
      seq: transactions.length + 1,
      entryKind,
      bookedOn: on,
      valueOn: on,
      authorisation,
      reverses: '',
      reference: `REF-${transactions.length + 1}`,
      narrative: '',
      payeeAccount,
      postings: lines.map(([account, accountKind, unit, amountFen]) => ({
        account,
        accountKind,
        unit,
        authorisation: accountKind === 'unit_held' || accountKind === 'payable' ? authorisation : '',
        amountFen: String(amountFen),
      })),
      nonce: nonce(),
    };
    const entry = forge.fund?.(honest, name) ?? honest;
    const bytes = fundEntryForm.bytes(entry);
    transactions.push(entry);
    fundLines.push({ kind: 'fund-entry', record: b64(bytes) });
    const { seq } = entry;
    const logged = { v: 1, kind: 'fund.entry', community, book, seq, entryKind: entry.entryKind } as const;
    world.append(name, { ...logged, hash: fundEntryHash(bytes) }, signers, `${on}T03:00:00Z`);
  };
  bookEntry(
    'deposit',
    'deposit',
    '2026-10-15',
    '',
    '',
    [
      [bank, 'bank', '', 15_000_000n],
      ...firstBuilding.map(({ unit, room }): Line => [available(room), 'unit_available', unit, -5_000_000n]),
    ],
    [],
  );

  // The definition.
  const parameters = { ...defaultParameters(CN_2021), letterRevote: true, ...forge.parameters };
  const texts = ['关于更新电梯的议题', '关于使用维修资金修缮屋面的议题', '业主大会会议公告'];
  const boxSecret = random(32);
  const payeeAccount = accountHash(random(16), '6217 0000 1234');
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
  const proposals: Proposal[] = [
    motion(0, '更新电梯', ['M7'], { kind: 'community', members: [] }),
    {
      ...motion(1, '修缮屋面', ['M5'], firstScope),
      fund: [
        { capFen: '10000001', payee: '某防水工程公司', payeeAccount, purpose: '屋面防水', units: firstScope },
      ],
    },
  ];
  const serverSeeds = { ballot: forge.ballotSeed ?? random(32), ack: random(32), certificate: random(32) };
  const ballotSeed = random(32);
  const entitlements = HOUSES.map(() => id()).sort(compareText);
  const rollParts = HOUSES.map(([name], at) => {
    const { person, identity } = ownerOf(name);
    const opening: RollOpening = {
      entitlement: entitlements[at] ?? '',
      holdersSalt: nonce(),
      holders: [{ person, identity }],
      voterSalt: nonce(),
      voter: name === 'ada' ? person : '',
    };
    const leaf: RollLeaf = {
      v: 1,
      kind: 'roll',
      meeting,
      entitlement: opening.entitlement,
      basis: name === 'developer' ? 'developer-stock' : 'owner-set',
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
  const rollRoot = b64(rootOfHashes(leaves.map((leaf) => leafHash(rollLeafForm.bytes(leaf)))));
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
      hash: b64(profileHash(CN_2021, parameters)),
      parameters: Object.entries(parameters).map(([name, value]) => ({ name, value: String(value) })),
    },
    notice: { textHash: textHash(texts[2] ?? ''), publishedOn: '2026-11-01' },
    window: { opens: OPENS, closes: CLOSES },
    proposals,
    rollRoot,
    rollSize: leaves.length,
    origin: ORIGIN,
    rpId: RP_ID,
    origins: [WEB_ORIGIN],
    keys: {
      ballot: b64(publicKeyOf(forge.ballotSeed === undefined ? serverSeeds.ballot : ballotSeed)),
      ack: b64(publicKeyOf(serverSeeds.ack)),
      certificate: b64(publicKeyOf(serverSeeds.certificate)),
    },
    logVkey: log.vkey,
    witnesses: [...log.witnesses],
    quorum: 2,
    boxKey: b64(boxPublicKey(boxSecret)),
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
    byTwo,
    '2026-11-01T02:00:00Z',
  );
  const totals = [
    { proposal: proposals[0]?.proposal ?? '', areaDm2: '70000', heads: 6 },
    { proposal: proposals[1]?.proposal ?? '', areaDm2: '27898', heads: 3 },
  ];
  step(
    'roll',
    { ...inMeeting, kind: 'roll.frozen', root: rollRoot, size: leaves.length, totals },
    byTwo,
    '2026-11-19T02:00:00Z',
  );
  step('open', { ...inMeeting, kind: 'meeting.opened', meetingHash: hash }, byTwo, plus(OPENS, 1000));

  // Casts.
  const ballots = new Map<string, string>();
  const castLines: Uint8Array[] = [];
  const castIndexes: number[] = [];
  const chains = new Map<string, { seq: number; prev: string }>();
  const areas = new Map<string, readonly string[]>([
    ['ada', ['8888', '8888']],
    ['bao', ['9010', '9010']],
    ['chen', ['10000', '10000']],
    ['deng', ['12000']],
    ['emei', ['10102']],
    ['developer', ['20000']],
  ]);
  const castHashes = new Map<string, string>();
  for (const [place, { owner: name, answers }] of (forge.casts ?? HONEST_CASTS).entries()) {
    forge.before?.(world, 'cast');
    const owner = ownerOf(name);
    const entitlement = present(entitlementOf.get(name), name);
    const chain = chains.get(name) ?? { seq: 1, prev: CHAIN_START };
    const ephemeral = random(32);
    const sealedAnswers = answers.map(([at, option]) => {
      const proposal = present(proposals[at], 'proposal');
      const honest: BallotClaims = {
        iss: ORIGIN,
        jti: id(),
        nbf: (parseInstant(OPENS) ?? 0) / 1000,
        meeting: hash,
        proposal: proposal.proposal,
        entitlement,
        credential: owner.letter,
        mandate: '',
        areaDm2: areas.get(name)?.[at] ?? '1',
        heads: 1,
        mode: 'open',
      };
      const claims = forge.claims?.(honest) ?? honest;
      const compact = token('owners-vote-ballot+jws', serverSeeds.ballot, ballotForm.bytes(claims));
      const ballot = ballotHash(compact);
      ballots.set(ballot, compact);
      const choice = {
        v: 1 as const,
        meeting: hash,
        // A garbled choice names another entitlement, so it does not open in its place.
        entitlement: option === 'garbled' ? id() : entitlement,
        ballot,
        proposal: proposal.proposal,
        choice: [option === 'garbled' ? 'for' : option],
        salt: nonce(),
      };
      const boxKey = present(fromBase64Url(definition.boxKey), 'box key');
      const sealed = sealChoice(choice, proposal.sealLength, boxKey, ephemeral, random(24));
      return { ballot, sealed: b64(forge.sealed?.(sealed, place) ?? sealed) };
    });
    const honest: Cast = {
      v: 1,
      kind: 'cast',
      meeting: hash,
      entitlement,
      credential: owner.letter,
      mandate: '',
      assisted: '',
      ...chain,
      ...log.seen(),
      nonce: nonce(),
      answers: sealedAnswers,
    };
    const cast = forge.cast?.(honest, place) ?? honest;
    const bytes = castForm.bytes(cast);
    const signed = castHash(bytes);
    const honestSignature: Signature = { alg: 'Ed25519', signature: b64(sign(owner.seed, signed)) };
    const signature = forge.castSignature?.(honestSignature, place) ?? honestSignature;
    castLines.push(castLineForm.bytes({ cast: b64(bytes), signature }));
    const accepted: UnsignedEntry = {
      v: 1,
      kind: 'cast.accepted',
      meeting,
      entitlement,
      seq: chain.seq,
      castHash: b64(signed),
    };
    const entry = withEvidence(forge.entry?.(accepted, 'cast') ?? accepted, [evidenceHash(signature)]);
    castIndexes.push(log.append(entry));
    publish(plus(OPENS, (place + 1) * DAY_MS), 'cast');
    chains.set(name, { seq: chain.seq + 1, prev: b64(signed) });
    castHashes.set(name, b64(signed));
  }
  // Another meeting's vote: no vote of this one, and no control of its community.
  log.append(
    withEvidence(
      { v: 1, kind: 'cast.accepted', meeting: id(), entitlement: id(), seq: 1, castHash: b64(random(32)) },
      [b64(random(32))],
    ),
  );

  // Close, box, result.
  const commitments = () => {
    const size = log.leaves.length;
    const pick = (wanted: (entry: Entry) => boolean) => {
      const found = log.entries.flatMap((bytes, at) => {
        const parsed = entryForm.parse(bytes);
        return parsed.ok && wanted(parsed.value) ? [log.leaves[at] ?? new Uint8Array()] : [];
      });
      return { size, count: found.length, root: b64(rootOfHashes(found)) };
    };
    return {
      votes: pick((entry) => entry.kind === 'cast.accepted' && entry.meeting === meeting),
      controls: pick(
        (entry) =>
          entry.kind !== 'cast.accepted' &&
          (!('community' in entry) || entry.community === '' || entry.community === community),
      ),
    };
  };
  step('close', { ...inMeeting, kind: 'meeting.closed', ...commitments() }, [], plus(CLOSES, 2000));
  const secret = b64(forge.boxSecret ?? boxSecret);
  const secretHash = h256Text('secret', forge.boxSecret ?? boxSecret);
  step('box', { ...inMeeting, kind: 'box.released', secretHash }, ['street'], plus(CLOSES, 3_600_000));
  const honestRecord: TallyRecord = {
    v: 1,
    kind: 'tally',
    meeting,
    meetingHash: hash,
    proposals: [
      {
        proposal: proposals[0]?.proposal ?? '',
        total: { areaDm2: '70000', heads: 6 },
        participating: { areaDm2: '50000', heads: 5 },
        consenting: { areaDm2: '39898', heads: 4 },
        options: [
          { option: 'for', areaDm2: '39898', heads: 4 },
          { option: 'against', areaDm2: '0', heads: 0 },
          { option: 'abstain', areaDm2: '10102', heads: 1 },
        ],
        classes: [
          {
            class: 'M7',
            outcome: 'ADOPTED',
            inequalities: [
              {
                measure: 'area',
                test: 'quorum',
                left: '150000',
                relation: '>=',
                right: '140000',
                holds: true,
              },
              { measure: 'heads', test: 'quorum', left: '15', relation: '>=', right: '12', holds: true },
              { measure: 'area', test: 'pass', left: '159592', relation: '>=', right: '150000', holds: true },
              { measure: 'heads', test: 'pass', left: '16', relation: '>=', right: '15', holds: true },
            ],
          },
        ],
        outcome: 'ADOPTED',
        elected: [],
        runOff: [],
      },
      {
        proposal: proposals[1]?.proposal ?? '',
        total: { areaDm2: '27898', heads: 3 },
        participating: { areaDm2: '27898', heads: 3 },
        consenting: { areaDm2: '17898', heads: 2 },
        options: [
          { option: 'for', areaDm2: '17898', heads: 2 },
          { option: 'against', areaDm2: '0', heads: 0 },
          { option: 'abstain', areaDm2: '0', heads: 0 },
        ],
        classes: [
          {
            class: 'M5',
            outcome: 'ADOPTED',
            inequalities: [
              { measure: 'area', test: 'quorum', left: '83694', relation: '>=', right: '55796', holds: true },
              { measure: 'heads', test: 'quorum', left: '9', relation: '>=', right: '6', holds: true },
              { measure: 'area', test: 'pass', left: '35796', relation: '>', right: '27898', holds: true },
              { measure: 'heads', test: 'pass', left: '4', relation: '>', right: '3', holds: true },
            ],
          },
        ],
        outcome: 'ADOPTED',
        elected: [],
        runOff: [],
      },
    ],
    channels: [{ channel: 'letter', areaDm2: '50000', heads: 5 }],
    malformed: [castHashes.get('chen')].flatMap((garbled) =>
      garbled === undefined
        ? []
        : [
            {
              entitlement: entitlementOf.get('chen') ?? '',
              proposal: proposals[1]?.proposal ?? '',
              castHash: garbled,
              code: 'CHOICE_CONTEXT',
            },
          ],
    ),
    voids: 0,
    refusals: [{ code: 'SIGNATURE', count: 1 }],
  };
  const record = forge.record?.(honestRecord) ?? honestRecord;
  const recordBytes = tallyRecordForm.bytes(record);
  const honestList: ParticipationList = {
    v: 1,
    kind: 'participation',
    meeting,
    took: HOUSES.flatMap(([name]) => {
      const counted = castHashes.get(name);
      const entitlement = entitlementOf.get(name) ?? '';
      return counted === undefined ? [] : [{ entitlement, channel: 'letter' as const, castHash: counted }];
    }).sort(byEntitlement),
  };
  const list = forge.participation?.(honestList) ?? honestList;
  const listBytes = participationForm.bytes(list);
  step(
    'preliminary',
    {
      ...inMeeting,
      kind: 'tally.preliminary',
      recordHash: tallyHash(recordBytes),
      participationHash: participationHash(listBytes),
    },
    [],
    '2026-11-30T04:00:00Z',
  );
  const objection = id();
  const objectionBytes = objectionForm.bytes({
    v: 1,
    kind: 'objection',
    meeting,
    objection,
    entitlement: entitlementOf.get('developer') ?? '',
    text: '通知未送达',
    nonce: nonce(),
  });
  const decisionBytes = decisionForm.bytes({
    v: 1,
    kind: 'decision',
    meeting,
    objection,
    decision: 'rejected',
    reason: '有送达记录',
    nonce: nonce(),
  });
  log.append(
    withEvidence(
      { ...inMeeting, kind: 'objection.filed', objection, objectionHash: objectionHash(objectionBytes) },
      [],
    ),
  );
  step(
    'decision',
    { ...inMeeting, kind: 'objection.decided', objection, decisionHash: decisionHash(decisionBytes) },
    ['street'],
    '2026-12-05T02:00:00Z',
  );

  const files = new Map<string, Uint8Array>();
  const usedCredentials = [...new Set((forge.casts ?? HONEST_CASTS).map(({ owner }) => owner))];
  const honestCredentials = usedCredentials.map((name): CredentialLine => {
    const { person, identity, letter, seed } = ownerOf(name);
    const publicKey = b64(publicKeyOf(seed));
    return {
      credential: letter,
      person,
      identity,
      kind: 'letter',
      alg: 'Ed25519',
      publicKey,
      webauthnId: '',
    };
  });
  const credentials = forge.credentials?.(honestCredentials) ?? honestCredentials;
  const sortedBallots = [...ballots].sort(([a], [b]) => compareText(a, b)).map(([, compact]) => compact);
  files.set('meeting.json', definitionBytes);
  files.set('roll.jsonl', linesFile(leaves.map(rollLeafForm.bytes)));
  files.set(
    'ballots.jsonl',
    linesFile(sortedBallots.map((compact) => ballotLineForm.bytes({ token: compact }))),
  );
  files.set('casts.jsonl', linesFile(castLines));
  files.set('box.json', boxForm.bytes({ v: 1, kind: 'box', meeting, secret }));
  const input = (path: string): Uint8Array => present(files.get(path), path);
  const finalIndex = step(
    'final',
    {
      ...inMeeting,
      kind: 'tally.final',
      recordHash: tallyHash(recordBytes),
      ...commitments(),
      inputsHash: inputsHash({
        'meeting.json': input('meeting.json'),
        'roll.jsonl': input('roll.jsonl'),
        'ballots.jsonl': input('ballots.jsonl'),
        'casts.jsonl': input('casts.jsonl'),
        'box.json': input('box.json'),
      }),
    },
    byTwo,
    '2026-12-08T02:00:00Z',
  );
  const honestCertificate: Certificate = {
    iss: ORIGIN,
    meeting: hash,
    recordHash: tallyHash(recordBytes),
    entry: b64(present(log.leaves[finalIndex], 'final')),
    outcomes: record.proposals.map(({ proposal, outcome }) => ({ proposal, outcome })),
  };
  const certificate = forge.certificate?.(honestCertificate) ?? honestCertificate;
  const certificateToken = token(
    'owners-vote-result+jws',
    serverSeeds.certificate,
    certificateForm.bytes(certificate),
  );

  // Money: 10,000,001 fen over 8888, 9010 and 10000 dm²; two fen are left over and go to the rooms 101 and 103.
  const honestAuthorisation: Authorisation = {
    v: 1,
    kind: 'authorisation',
    authorisation: id(),
    community,
    meeting,
    proposal: proposals[1]?.proposal ?? '',
    capFen: '10000001',
    payee: '某防水工程公司',
    payeeAccount,
    purpose: '屋面防水',
    shares: [
      { unit: firstBuilding[0]?.unit ?? '', areaDm2: '8888', amountFen: '3185892', remainder: '21770' },
      { unit: firstBuilding[1]?.unit ?? '', areaDm2: '9010', amountFen: '3229622', remainder: '14454' },
      { unit: firstBuilding[2]?.unit ?? '', areaDm2: '10000', amountFen: '3584487', remainder: '19572' },
    ],
    nonce: nonce(),
  };
  const authorisation = forge.authorisation?.(honestAuthorisation) ?? honestAuthorisation;
  const authorisationBytes = authorisationForm.bytes(authorisation);
  fundLines.unshift({ kind: 'authorisation', record: b64(authorisationBytes) });
  step(
    'authorise',
    {
      ...inMeeting,
      kind: 'fund.authorised',
      authorisation: authorisation.authorisation,
      authorisationHash: authorisationHash(authorisationBytes),
    },
    [],
    '2026-12-09T02:00:00Z',
  );
  const under = authorisation.authorisation;
  const amounts = [3_185_892n, 3_229_622n, 3_584_487n];
  const overUnits = (fromKind: 'available' | 'held'): readonly Line[] =>
    firstBuilding.flatMap(({ unit, room }, at): readonly Line[] => {
      const amountFen = amounts[at] ?? 0n;
      return fromKind === 'available'
        ? [
            [available(room), 'unit_available', unit, amountFen],
            [held(room), 'unit_held', unit, -amountFen],
          ]
        : [[held(room), 'unit_held', unit, amountFen]];
    });
  bookEntry('hold', 'hold', '2026-12-10', under, '', overUnits('available'), []);
  const whole: Line = [payable, 'payable', '', -10_000_001n];
  bookEntry('accrue', 'accrue', '2026-12-20', under, '', [...overUnits('held'), whole], []);
  bookEntry(
    'pay',
    'pay',
    '2026-12-21',
    under,
    payeeAccount,
    [
      [payable, 'payable', '', 10_000_001n],
      [bank, 'bank', '', -10_000_001n],
    ],
    byTwo,
  );

  // The rest of the bundle.
  const journal = journalOf(transactions);
  files.set(
    'profile.json',
    forge.profileFile?.(profileBytes(CN_2021, parameters)) ?? profileBytes(CN_2021, parameters),
  );
  for (const text of texts) files.set(`notice/${textHash(text)}.txt`, utf8(text));
  files.set('keys.json', canonicalBytes({ logVkey: log.vkey } as Canonical));
  files.set('holders.jsonl', linesFile(openings.map(rollOpeningForm.bytes)));
  files.set(
    'persons.jsonl',
    linesFile([...owners.values()].map(({ person, identity }) => personLineForm.bytes({ person, identity }))),
  );
  files.set(
    'officers.jsonl',
    linesFile(
      [...officers]
        .filter(([, { role }]) => role !== 'root')
        .map(([name, officer]) => officerLineForm.bytes({ officer: officer.id, name })),
    ),
  );
  files.set('actions.jsonl', linesFile(actions.map(actionLineForm.bytes)));
  const letterLines = (forge.lettersFile?.(letters) ?? letters).map((item) =>
    letterLineForm.bytes({ batch, item }),
  );
  files.set('letters.jsonl', linesFile(letterLines));
  files.set('credentials.jsonl', linesFile(credentials.map(credentialLineForm.bytes)));
  const objectionLine = { objection: b64(objectionBytes), decision: b64(decisionBytes) };
  files.set('objections.jsonl', linesFile([objectionLineForm.bytes(objectionLine)]));
  files.set('tally.json', recordBytes);
  files.set('participation.json', listBytes);
  files.set('certificate.json', certificateFileForm.bytes({ token: certificateToken }));
  files.set('fund.jsonl', linesFile(fundLines.map(fundLineForm.bytes)));
  files.set('fund.journal', utf8(forge.journal?.(journal) ?? journal));
  log.write(files);
  forge.files?.(files);
  addManifest(files, meeting, 'auditor');
  forge.folder?.(files);
  const trust: Trust = {
    v: 1,
    kind: 'trust',
    origin: ORIGIN,
    roots: rootKeys,
    threshold: 2,
    logVkey: log.vkey,
    witnesses: [...log.witnesses],
    quorum: 2,
    demo: false,
    profiles: [
      {
        id: CN_2021.id,
        hash: b64(profileHash(CN_2021, { ...defaultParameters(CN_2021), letterRevote: true })),
      },
    ],
  };
  return { files, trust, world, definition, castIndexes, receipt: log.receipt };
}

/** A root key's officer id (SPEC 2.3), written out here so that the builder does not ask the verifier. */
function rootOfficerId(publicKey: Uint8Array): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  let bits = '';
  for (const byte of sha256(publicKey).slice(0, 16)) bits += byte.toString(2).padStart(8, '0');
  return (bits.padEnd(130, '0').match(/.{5}/g) ?? [])
    .map((five) => alphabet[Number.parseInt(five, 2)])
    .join('');
}

/** Makes the manifest over the files as they are. */
export function addManifest(
  files: Map<string, Uint8Array>,
  meeting: string,
  audience: 'auditor' | 'public',
): void {
  files.delete('manifest.json');
  const listed = [...files]
    .map(([path, bytes]) => ({ path, sha256: b64(sha256(bytes)) }))
    .sort((a, b) => compareText(a.path, b.path));
  files.set('manifest.json', manifestForm.bytes({ v: 1, kind: 'bundle', meeting, audience, files: listed }));
}

/** The bundle that anybody may have: no person, no statement, no sealed byte (SPEC 9.1). */
export function publicBundle(built: Built): Built {
  const files = new Map(built.files);
  for (const path of [
    'holders.jsonl',
    'persons.jsonl',
    'letters.jsonl',
    'credentials.jsonl',
    'ballots.jsonl',
    'casts.jsonl',
    'box.json',
    'objections.jsonl',
  ]) {
    files.delete(path);
  }
  addManifest(files, built.world.meeting, 'public');
  return { ...built, files };
}

const yuan = (fen: bigint): string => {
  const size = fen < 0n ? -fen : fen;
  return `${fen < 0n ? '-' : ''}${size / 100n}.${String(size % 100n).padStart(2, '0')}`;
};

function journalOf(transactions: readonly FundEntry[]): string {
  const balances = new Map<string, bigint>();
  const parts = ['commodity CNY\n    format 1000.00 CNY\n'];
  for (const { bookedOn, seq, entryKind, postings } of transactions) {
    const lines = postings.map(({ account, amountFen }) => {
      balances.set(account, (balances.get(account) ?? 0n) + BigInt(amountFen));
      return `    ${account}  ${yuan(BigInt(amountFen))} CNY`;
    });
    parts.push(`${bookedOn} * (${seq}) ${entryKind}  ; kind:${entryKind}\n${lines.join('\n')}\n`);
  }
  const closing = [...balances].map(([account, sum]) => `    ${account}  0.00 CNY = ${yuan(sum)} CNY`);
  parts.push(`2026-12-31 * (closing) 期末余额核对\n${closing.join('\n')}\n`);
  return parts.join('\n');
}

/** Writes a bundle and its trust file into a temporary folder; `remove` takes both away. */
export function writeBundle(built: Built) {
  const root = mkdtempSync(join(tmpdir(), 'owners-vote-verify-'));
  const folder = join(root, 'bundle');
  for (const [path, bytes] of built.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  const trust = join(root, 'trust.json');
  writeFileSync(trust, trustForm.bytes(built.trust));
  return { root, folder, trust, remove: () => rmSync(root, { recursive: true, force: true }) };
}
