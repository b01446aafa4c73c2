// One valid example of every record and every kind of entry, with at least one item in each list, so that a test can change any part of it.
import type { Acknowledgement } from '../../src/record/acknowledgement.ts';
import type { Action } from '../../src/record/action.ts';
import type { ArchiveManifest } from '../../src/record/archive.ts';
import type { BallotClaims } from '../../src/record/ballot.ts';
import type { Binding, Revocation } from '../../src/record/binding.ts';
import type { Cast } from '../../src/record/cast.ts';
import { CHAIN_START } from '../../src/record/cast.ts';
import type { Choice } from '../../src/record/choice.ts';
import type { Correction } from '../../src/record/correction.ts';
import type { IdTokenEvidence } from '../../src/record/id-token.ts';
import type { RollOpening } from '../../src/record/identity.ts';
import type { LetterItem } from '../../src/record/letter.ts';
import type { Manifest } from '../../src/record/manifest.ts';
import type { Definition } from '../../src/record/meeting.ts';
import type { Decision } from '../../src/record/objection.ts';
import type { Paper } from '../../src/record/paper.ts';
import type { RollLeaf } from '../../src/record/roll.ts';
import type { Signature } from '../../src/record/signature.ts';
import type { Certificate, ParticipationList, TallyRecord } from '../../src/record/tally-record.ts';
import type { Trust } from '../../src/record/trust.ts';
import { bytesOf, community, hashOf, idOf, meeting, motion, nonce, person, unit } from './example-values.ts';
import {
  application,
  applicationAnswer,
  authorisation,
  emergency,
  fundEntry,
  fundMonth,
  refund,
  revenueEntry,
  revenuePeriod,
  topUpCall,
} from './money-examples.ts';

export const ed25519Signature: Signature = { alg: 'Ed25519', signature: bytesOf(64, 1) };
export const webauthnSignature: Signature = {
  alg: 'webauthn',
  credentialId: bytesOf(32, 1),
  clientDataJSON: bytesOf(100, 2),
  authenticatorData: bytesOf(37, 3),
  signature: bytesOf(70, 4),
};

export const definition: Definition = {
  v: 1,
  kind: 'meeting',
  suite: 'INT-1',
  meeting,
  community,
  communityName: '翠湖花园',
  convener: '翠湖花园业主委员会',
  convenerRole: 'committee',
  title: '2026年第一次业主大会',
  profile: {
    id: 'CN-2021',
    version: 1,
    hash: hashOf(3),
    parameters: [{ name: 'noticeDays', value: '15' }],
    rulesHash: hashOf(9),
  },
  notice: { textHash: hashOf(4), publishedOn: '2026-11-20', questionsHash: hashOf(10) },
  window: { opens: '2026-12-10T00:00:00Z', closes: '2026-12-20T12:00:00Z' },
  proposals: [motion],
  rollRoot: hashOf(5),
  rollSize: 8,
  origin: 'vote.example/log',
  rpId: 'vote.example',
  origins: ['https://vote.example'],
  keys: { ballot: hashOf(6), ack: hashOf(7), certificate: hashOf(8) },
  logVkey: 'vote.example/log+00000000+AAAA',
  witnesses: ['w1.example+00000000+AAAA'],
  quorum: 1,
  boxKey: hashOf(9),
  boxHolder: 'officer',
  demoRoot: false,
};

export const choice: Choice = {
  v: 1,
  meeting: hashOf(1),
  entitlement: idOf(5),
  ballot: hashOf(2),
  proposal: motion.proposal,
  choice: ['for'],
  salt: nonce,
};

export const rollLeaf: RollLeaf = {
  v: 1,
  kind: 'roll',
  meeting,
  entitlement: idOf(5),
  basis: 'owner-set',
  units: [
    {
      unit,
      building: '1号楼',
      stair: '',
      room: '101',
      kind: 'dwelling',
      areaDm2: '8976',
      areaSource: 'register',
    },
  ],
  holders: hashOf(1),
  voter: hashOf(2),
};

const letter: LetterItem = {
  v: 1,
  kind: 'letter',
  letter: idOf(6),
  person,
  identity: hashOf(1),
  units: [unit],
  publicKey: hashOf(2),
  replaces: '',
};

export const ack: Acknowledgement = {
  iss: 'vote.example/log',
  iat: 1_780_000_000,
  entry: hashOf(1),
  meeting: hashOf(2),
  castHash: hashOf(3),
  seq: 1,
  includeBy: 1_780_000_060,
};

const refusalClaims = {
  iss: 'vote.example/log',
  iat: 1_780_000_000,
  meeting: hashOf(2),
  castHash: hashOf(3),
  code: 'CAST_AFTER_CLOSE',
};

export const action: Action = {
  v: 1,
  kind: 'action',
  action: 'meeting.opened',
  subject: hashOf(1),
  community,
  meeting,
  officer: idOf(7),
  role: 'committee',
  size: 17,
  root: hashOf(2),
  expires: '2026-12-10T00:00:00Z',
  nonce,
};

export const ballotClaims: BallotClaims = {
  iss: 'vote.example/log',
  jti: idOf(8),
  nbf: 1_780_000_000,
  meeting: hashOf(1),
  proposal: motion.proposal,
  entitlement: idOf(5),
  credential: idOf(9),
  mandate: '',
  areaDm2: '8976',
  heads: 1,
  mode: 'open',
};

const cast: Cast = {
  v: 1,
  kind: 'cast',
  meeting: hashOf(1),
  entitlement: idOf(5),
  credential: idOf(9),
  mandate: '',
  assisted: '',
  seq: 1,
  prev: CHAIN_START,
  size: 17,
  root: hashOf(2),
  nonce,
  answers: [{ ballot: hashOf(3), sealed: bytesOf(472, 1) }],
};

export const paper: Paper = {
  v: 1,
  kind: 'paper',
  meeting: hashOf(1),
  entitlement: idOf(5),
  signer: person,
  mandate: '',
  seq: 1,
  prev: CHAIN_START,
  serial: idOf(44),
  scanHash: hashOf(4),
  nonce,
  answers: [{ proposal: motion.proposal, sealed: bytesOf(472, 1) }],
};

const rollOpening: RollOpening = {
  entitlement: idOf(5),
  holdersSalt: nonce,
  holders: [{ person, identity: hashOf(1) }],
  voterSalt: nonce,
  voter: '',
};

const manifest: Manifest = {
  v: 1,
  kind: 'bundle',
  meeting,
  audience: 'auditor',
  files: [{ path: 'log/checkpoint', sha256: hashOf(1) }],
};

const archiveManifest: ArchiveManifest = {
  v: 1,
  kind: 'archive',
  community,
  meeting,
  stage: 'final',
  origin: 'vote.example/log',
  size: 40,
  root: hashOf(1),
  index: 39,
  entry: hashOf(2),
  files: [{ path: 'tables/result.csv', sha256: 'ab'.repeat(32) }],
};

const objection = {
  v: 1,
  kind: 'objection',
  meeting,
  objection: idOf(12),
  entitlement: '',
  text: '面积有误。',
  nonce,
};

const decision: Decision = {
  v: 1,
  kind: 'decision',
  meeting,
  objection: idOf(12),
  decision: 'rejected',
  condemns: [],
  reason: '与登记一致。',
  nonce,
};

const tally: TallyRecord = {
  v: 1,
  kind: 'tally',
  meeting,
  meetingHash: hashOf(1),
  proposals: [
    {
      proposal: motion.proposal,
      total: { areaDm2: '100', heads: 1 },
      participating: { areaDm2: '100', heads: 1 },
      consenting: { areaDm2: '100', heads: 1 },
      options: [{ option: 'for', areaDm2: '100', heads: 1 }],
      classes: [
        {
          class: 'M6',
          outcome: 'ADOPTED',
          inequalities: [
            { measure: 'area', test: 'quorum', left: '300', relation: '>=', right: '200', holds: true },
          ],
        },
      ],
      outcome: 'ADOPTED',
      silence: [],
      elected: ['a'],
      runOff: ['b'],
    },
  ],
  channels: [{ channel: 'letter', areaDm2: '100', heads: 1 }],
  malformed: [{ entitlement: idOf(5), proposal: motion.proposal, castHash: hashOf(2), code: 'CHOICE_FORM' }],
  voids: 0,
  restored: 0,
  corrections: [{ entitlement: idOf(5), entry: hashOf(3) }],
  lateLetters: 1,
  counterBindings: 2,
  lettersFrom: 'browser',
  refusals: [{ code: 'CAST_AFTER_CLOSE', count: 1 }],
};

const idTokenEvidence: IdTokenEvidence = {
  token: 'aGVhZA.Ym9keQ.c2lnbg',
  key: { kty: 'EC', crv: 'P-256', x: hashOf(11), y: hashOf(12) },
  salt: nonce,
};

const correction: Correction = {
  v: 1,
  kind: 'correction',
  community,
  meeting,
  entitlement: idOf(5),
  ground: 'sale',
  documentHash: hashOf(4),
  nonce,
};

const participation: ParticipationList = {
  v: 1,
  kind: 'participation',
  meeting,
  took: [{ entitlement: idOf(5), channel: 'letter', castHash: hashOf(1) }],
};

const binding: Binding = {
  v: 1,
  kind: 'bind',
  vouchedBy: 'letter',
  origin: 'vote.example/log',
  community,
  person,
  identity: hashOf(1),
  credential: idOf(9),
  credentialKind: 'passkey',
  alg: 'webauthn',
  publicKey: bytesOf(77, 1),
  webauthnId: bytesOf(32, 1),
  rpId: 'vote.example',
  nonce: bytesOf(16, 1),
};

const revocation: Revocation = {
  v: 1,
  kind: 'revocation',
  community,
  credential: idOf(9),
  reason: '手机遗失',
  nonce: bytesOf(16, 2),
};

const certificate: Certificate = {
  iss: 'vote.example/log',
  meeting: hashOf(1),
  recordHash: hashOf(2),
  entry: hashOf(3),
  outcomes: [{ proposal: motion.proposal, outcome: 'ADOPTED' }],
};

const trust: Trust = {
  v: 1,
  kind: 'trust',
  origin: 'vote.example/log',
  roots: [hashOf(1)],
  threshold: 1,
  logVkey: 'vote.example/log+00000000+AAAA',
  witnesses: ['w1.example+00000000+AAAA'],
  quorum: 1,
  demo: false,
  profiles: [{ id: 'CN-2021', hash: hashOf(2) }],
};

/** By the name of the form that reads it. */
export const RECORD_EXAMPLES: Readonly<Record<string, readonly unknown[]>> = {
  acknowledgementForm: [ack],
  refusalForm: [refusalClaims],
  actionForm: [action],
  ballotForm: [ballotClaims],
  actionLineForm: [{ action: bytesOf(300, 1), signature: ed25519Signature }],
  castLineForm: [{ cast: bytesOf(900, 1), signature: webauthnSignature }],
  ballotLineForm: [{ token: 'a.b.c' }],
  letterLineForm: [{ batch: idOf(13), item: letter }],
  reissueForm: [{ v: 1, kind: 'reissue', community, batch: idOf(13), reason: '信函丢失', nonce }],
  reissueLineForm: [{ reissue: bytesOf(200, 1) }],
  credentialLineForm: [
    {
      credential: idOf(9),
      person,
      identity: hashOf(1),
      kind: 'letter',
      alg: 'Ed25519',
      publicKey: hashOf(2),
      webauthnId: '',
    },
  ],
  bindingForm: [binding],
  idTokenEvidenceForm: [
    idTokenEvidence,
    { ...idTokenEvidence, key: { kty: 'RSA', n: bytesOf(256, 200), e: 'AQAB' } },
    { ...idTokenEvidence, key: { kty: 'OKP', crv: 'Ed25519', x: hashOf(13) } },
  ],
  revocationForm: [revocation],
  bindingLineForm: [
    {
      letter: idOf(6),
      provider: [],
      binding: bytesOf(400, 1),
      evidence: [ed25519Signature, webauthnSignature],
    },
    { letter: '', provider: [], binding: bytesOf(400, 1), evidence: [webauthnSignature] },
    { letter: '', provider: [idTokenEvidence], binding: bytesOf(400, 1), evidence: [webauthnSignature] },
  ],
  revocationLineForm: [
    { by: idOf(9), revocation: bytesOf(200, 1), evidence: [webauthnSignature] },
    { by: '', revocation: bytesOf(200, 1), evidence: [] },
  ],
  mandateForm: [
    {
      v: 1,
      kind: 'mandate',
      community,
      meeting,
      mandate: idOf(40),
      basis: 'mandate',
      by: { person, identity: hashOf(1) },
      to: { person: idOf(41), identity: hashOf(2) },
      units: [unit],
      proposals: [motion.proposal],
      until: '2027-12-31',
      declares: 'agent-is-no-property-staff',
      scanHash: '',
      nonce,
    },
    {
      v: 1,
      kind: 'mandate',
      community,
      meeting: '',
      mandate: idOf(42),
      basis: 'guardian',
      by: { person, identity: hashOf(1) },
      to: { person: idOf(41), identity: hashOf(2) },
      units: [unit],
      proposals: [],
      until: '2032-05-01',
      declares: 'agent-is-no-property-staff',
      scanHash: hashOf(3),
      nonce,
    },
  ],
  mandateLineForm: [
    { mandate: bytesOf(500, 1), by: idOf(9), evidence: [ed25519Signature] },
    { mandate: bytesOf(500, 1), by: '', evidence: [] },
  ],
  mandateEndLineForm: [
    { mandate: idOf(40), by: idOf(9), evidence: [webauthnSignature] },
    { mandate: idOf(40), by: '', evidence: [] },
  ],
  designationForm: [
    {
      v: 1,
      kind: 'designation',
      community,
      meeting: '',
      designation: idOf(43),
      units: [unit],
      by: [{ person, identity: hashOf(1) }],
      to: { person: idOf(41), identity: hashOf(2) },
      until: '2027-12-31',
      scanHash: hashOf(3),
      nonce,
    },
  ],
  designationLineForm: [
    { designation: bytesOf(500, 1), signed: [{ by: idOf(9), signature: ed25519Signature }] },
    { designation: bytesOf(500, 1), signed: [] },
  ],
  requisitionForm: [
    {
      v: 1,
      kind: 'requisition',
      community,
      requisition: idOf(15),
      title: '更换物业服务企业',
      text: '请召开临时会议。',
      nonce,
    },
  ],
  supportForm: [
    {
      v: 1,
      kind: 'support',
      community,
      requisition: idOf(15),
      requisitionHash: hashOf(1),
      person,
      stands: 'joined',
      nonce,
    },
  ],
  requisitionCountForm: [
    {
      v: 1,
      kind: 'requisition-count',
      community,
      requisition: idOf(15),
      register: idOf(16),
      heads: [{ units: [{ unit, areaDm2: '8000', counts: true }], supporters: [person] }],
      nonce,
    },
  ],
  requisitionAnswerForm: [
    {
      v: 1,
      kind: 'requisition-answer',
      community,
      requisition: idOf(15),
      answer: 'convened',
      meeting,
      reason: '已起草会议。',
      nonce,
    },
  ],
  requisitionLineForm: [
    { kind: 'support', record: bytesOf(300, 1), by: idOf(9), evidence: [ed25519Signature] },
    { kind: 'requisition', record: bytesOf(300, 1), by: '', evidence: [] },
  ],
  correctionForm: [correction],
  holdersLineForm: [
    {
      v: 1,
      kind: 'holders',
      leaf: bytesOf(300, 2),
      index: 3,
      proof: [hashOf(7)],
      holdersSalt: nonce,
      holders: [{ person, identity: hashOf(5) }],
    },
  ],
  correctionLineForm: [{ correction: bytesOf(200, 1), leaf: bytesOf(300, 2), opening: rollOpening }],
  freezeForm: [{ v: 1, kind: 'freeze', community, person, nonce }],
  mergeForm: [
    {
      v: 1,
      kind: 'merge',
      community,
      keeps: { person, identity: hashOf(1) },
      merged: { person: idOf(9), identity: hashOf(2) },
      reason: '同一人，旧护照与身份证',
      nonce,
    },
  ],
  communityRulesForm: [
    {
      v: 1,
      kind: 'rules',
      community,
      rules: idOf(3),
      base: 'CN-2021',
      version: 1,
      parameters: [{ name: 'letterRevote', value: 'true' }],
      text: '第十条 凭信函可以改票。',
      adoptedOn: '2026-10-01',
      meeting: '',
      proposal: '',
      document: hashOf(8),
    },
  ],
  rulesLineForm: [{ rules: bytesOf(300, 2) }],
  deliveryForm: [
    {
      v: 1,
      kind: 'delivery',
      community,
      meeting,
      moment: 'opening',
      deliveries: [
        {
          entitlement: idOf(5),
          channel: 'hand',
          state: 'handed',
          at: '2026-11-21T02:00:00Z',
          officer: idOf(7),
          proof: hashOf(1),
        },
      ],
      nonce,
    },
  ],
  deliveryLineForm: [{ delivery: bytesOf(400, 1) }],
  mergeLineForm: [{ merge: bytesOf(200, 1) }],
  freezeLineForm: [{ by: idOf(9), freeze: bytesOf(200, 1), signature: webauthnSignature }],
  personLineForm: [{ person, identity: hashOf(1) }],
  officerLineForm: [{ officer: idOf(7), name: '陈主任' }],
  formerTallyLineForm: [{ tally: bytesOf(400, 1), participation: bytesOf(300, 1) }],
  objectionLineForm: [{ objection: bytesOf(200, 1), decision: '' }],
  fundLineForm: [{ kind: 'authorisation', record: bytesOf(300, 1) }],
  boxForm: [{ v: 1, kind: 'box', meeting, secret: hashOf(1) }],
  certificateFileForm: [{ token: 'a.b.c' }],
  castForm: [cast],
  paperForm: [paper],
  paperLineForm: [{ paper: bytesOf(900, 1) }],
  promiseLineForm: [{ acknowledgement: 'aGVhZA.Ym9keQ.c2ln' }],
  choiceForm: [choice, { ...choice, ballot: paper.serial, choice: ['invalid-both'] }],
  authorisationForm: [authorisation],
  refundForm: [refund],
  emergencyForm: [emergency],
  revenueEntryForm: [revenueEntry],
  revenuePeriodForm: [revenuePeriod],
  topUpCallForm: [topUpCall],
  topUpsLineForm: [{ record: 'AQI' }],
  applicationForm: [application],
  applicationAnswerForm: [applicationAnswer],
  fundMonthForm: [fundMonth],
  fundEntryForm: [fundEntry],
  rollOpeningForm: [rollOpening],
  letterItemForm: [letter],
  archiveManifestForm: [archiveManifest],
  manifestForm: [manifest],
  definitionForm: [definition],
  objectionForm: [objection],
  decisionForm: [decision],
  rollLeafForm: [rollLeaf],
  signatureForm: [ed25519Signature, webauthnSignature],
  tallyRecordForm: [tally],
  participationForm: [participation],
  certificateForm: [certificate],
  trustForm: [trust],
};

export const evidence = [hashOf(30)];
export const commitment = { size: 20, count: 3, root: hashOf(31) };
