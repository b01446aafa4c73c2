// Who may call each route, in one row for each: the table that every-route.test.ts holds against the mount table. Whoever adds a
// route adds its row here (SPEC 2.2, 2.4, 3.1, 3.5; DESIGN §6).
import { toBase64Url } from '../../src/base/bytes.ts';
import { boxPublicKey } from '../../src/crypto/sealed-box.ts';
import { NUMBERS, registerFile } from '../support/registry.ts';
import type { OfficerRole, Things } from './matrix-world.ts';
import { openingOf, ROLES } from './matrix-world.ts';

type Body = (things: Things) => unknown;
type Sent = {
  /** A body of the right shape, so that it is the caller who is judged; raw bytes for an upload. */
  readonly body?: Body;
  readonly query?: (things: Things) => string;
};

export type Row = Sent &
  (
    | { readonly by: 'anyone' }
    | {
        readonly by: 'owner';
        /** What an owner of another community is told; absent where the route names no community's thing. */
        readonly outside?: string;
        /** What is told where the address names a thing of another community beside one's own. */
        readonly mixed?: string;
      }
    | {
        readonly by: 'officer';
        readonly roles: readonly OfficerRole[];
        /** What an officer of another community is told, whatever his role; absent where nothing is named. */
        readonly outside?: string;
        /** What another role of the right community is told. */
        readonly wrongRole?: string;
        /** Only for those appointed for the whole deployment. */
        readonly cityOnly?: true;
        readonly mixed?: string;
      }
  );

const bytes = (size: number): string => toBase64Url(new Uint8Array(size).fill(7));
const ID = 'a'.repeat(26);
const none: Body = () => ({});
const signature = { alg: 'Ed25519', signature: bytes(64) };
const csv: Body = () => registerFile([`1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`]);
const reason: Body = () => ({ reason: '核对登记信息' });
const nonces = { serverNonce: bytes(32), pageNonce: bytes(32) };

const all = ROLES;
const conveners = ['committee', 'street'] as const;
const supervisors = ['street', 'regulator'] as const;
const twoOffices = ['committee', 'street', 'regulator'] as const;
const deliverySides = ['clerk', 'committee', 'street', 'regulator'] as const;
const keyers = ['clerk', 'scrutineer', 'street'] as const;
const registrar = ['registrar'] as const;
/** The committee convenes the meeting of the world, so its officer does not hold the box. */
const boxHolders = ['street', 'regulator', 'registrar'] as const;

const anyone = (sent: Sent = {}): Row => ({ by: 'anyone', ...sent });
const meeting = (roles: readonly OfficerRole[], body: Body = none, wrongRole = 'NOT_ALLOWED'): Row => ({
  by: 'officer',
  roles,
  body,
  outside: 'MEETING_UNKNOWN',
  wrongRole,
});
const within = (roles: readonly OfficerRole[], sent: Sent & { readonly mixed?: string } = {}): Row => ({
  by: 'officer',
  roles,
  outside: 'NOT_ALLOWED',
  ...sent,
});

/** An officer of the first community, seen by those who may appoint. */
const office: Row = {
  by: 'officer',
  roles: supervisors,
  outside: 'OFFICER_UNKNOWN',
};

const COMMUNITY = '/v1/communities/:community';
const MEETING = '/v1/meetings/:meeting';
const FUND = `${COMMUNITY}/fund`;
const FUND_BANK = { name: '测试银行', lastDigits: '0321' };
const AUTHORISATION = `${FUND}/authorisations/:authorisation`;

const meetings: Readonly<Record<string, Row>> = {
  'GET /v1/meetings': anyone(),
  [`GET ${MEETING}`]: anyone(),
  [`GET ${MEETING}/turnout`]: anyone(),
  [`GET ${MEETING}/result`]: anyone(),
  [`GET ${MEETING}/participation`]: anyone(),
  [`GET ${MEETING}/casts/:castHash/receipt`]: anyone(),
  [`POST ${MEETING}/restorations`]: anyone({
    body: () => ({ cast: bytes(40), signature, acknowledgement: 'a.b.c' }),
  }),
  [`GET ${MEETING}/restorations`]: { by: 'officer', roles: twoOffices, outside: 'MEETING_UNKNOWN' },
  [`POST ${MEETING}/restorations/:castHash`]: meeting(twoOffices),
  [`POST ${MEETING}/casts`]: anyone({ body: () => ({ cast: bytes(40), signature }) }),
  [`GET ${MEETING}/papers`]: { by: 'owner', outside: 'MEETING_UNKNOWN' },
  [`POST ${MEETING}/objections`]: { by: 'owner', outside: 'MEETING_UNKNOWN', body: () => ({ text: '异议' }) },
  [`GET ${COMMUNITY}/meetings`]: { by: 'officer', roles: all, outside: 'COMMUNITY_UNKNOWN' },
  [`POST ${COMMUNITY}/meetings`]: {
    by: 'officer',
    roles: conveners,
    outside: 'COMMUNITY_UNKNOWN',
    body: ({ meetingBody }) => meetingBody,
  },
  [`GET ${COMMUNITY}/rules`]: anyone(),
  [`POST ${COMMUNITY}/rules`]: {
    by: 'officer',
    roles: conveners,
    outside: 'COMMUNITY_UNKNOWN',
    body: () => ({
      base: 'DEMO-CN-2021',
      parameters: { proxyCap: 2 },
      text: '一名代理人最多接受两名业主委托。',
      adoptedOn: '2026-01-01',
      meeting: '',
      proposal: '',
      document: bytes(32),
    }),
  },
  'GET /v1/requisitions': { by: 'owner' },
  'POST /v1/requisitions': {
    by: 'owner',
    body: () => ({ requisition: bytes(40), support: bytes(40), signature }),
  },
  'POST /v1/requisitions/:requisition/supports': {
    by: 'owner',
    body: () => ({ support: bytes(40), signature }),
  },
  [`GET ${COMMUNITY}/requisitions`]: within(twoOffices),
  [`POST ${COMMUNITY}/requisitions/:requisition/answer`]: within(conveners, {
    body: () => ({ answer: 'refused', meeting: '', reason: '理由' }),
  }),
  [`POST ${COMMUNITY}/timetable`]: {
    by: 'officer',
    roles: conveners,
    outside: 'COMMUNITY_UNKNOWN',
    body: () => ({
      profile: 'DEMO-CN-2021',
      parameters: {},
      publishedOn: '2030-01-01',
      opens: '2030-02-01T00:00:00Z',
      closes: '2030-02-10T00:00:00Z',
    }),
  },
  [`POST ${MEETING}/notice`]: meeting(conveners),
  [`POST ${MEETING}/roll`]: meeting(conveners),
  [`POST ${MEETING}/opening`]: meeting(conveners),
  [`POST ${MEETING}/cancellation`]: meeting(conveners, () => ({ reason: '不开了' })),
  [`POST ${MEETING}/box`]: meeting(
    boxHolders,
    () => ({ boxKey: toBase64Url(boxPublicKey(new Uint8Array(32).fill(9))) }),
    'BOX_HOLDER_ROLE',
  ),
  [`POST ${MEETING}/box/release`]: meeting(boxHolders, () => ({ secret: bytes(32) }), 'BOX_NOT_HOLDER'),
  [`POST ${MEETING}/objections/:objection/decision`]: meeting(conveners, () => ({
    decision: 'rejected',
    reason: '理由',
  })),
  [`GET ${MEETING}/objections`]: { by: 'officer', roles: twoOffices, outside: 'MEETING_UNKNOWN' },
  [`GET ${MEETING}/objections/own`]: { by: 'owner', outside: 'MEETING_UNKNOWN' },
  [`POST ${MEETING}/objections/:objection/voids`]: meeting(twoOffices, () => ({
    unit: 'aaaaaaaaaaaaaaaaaaaaaaaaaa',
    reason: 'FORGED_PAPER',
  })),
  [`POST ${MEETING}/extension`]: meeting(conveners, () => ({ closes: '2030-01-01T00:00:00Z' })),
  [`GET ${MEETING}/follow-ups`]: anyone(),
  [`POST ${MEETING}/follow-ups`]: meeting(conveners, () => ({
    proposal: ID,
    step: '',
    state: 'planned',
    dueOn: '2030-03-01',
    text: '业委会与施工单位签约',
  })),
  'GET /v1/consultations': { by: 'owner' },
  [`POST ${MEETING}/questions`]: {
    by: 'owner',
    outside: 'MEETING_UNKNOWN',
    body: () => ({ proposal: ID, text: '费用怎样分摊？' }),
  },
  // The committee convenes the meeting of the world.
  [`POST ${MEETING}/consultation`]: meeting(['committee']),
  [`GET ${MEETING}/questions`]: {
    by: 'officer',
    roles: twoOffices,
    outside: 'MEETING_UNKNOWN',
    wrongRole: 'NOT_ALLOWED',
  },
  [`POST ${MEETING}/questions/:question/answer`]: meeting(['committee'], () => ({
    outcome: 'answered',
    answer: '按专有部分面积。',
  })),
  [`POST ${MEETING}/pause`]: meeting(['regulator'], () => ({ reason: '核实举报' })),
  [`POST ${MEETING}/resumption`]: meeting(['regulator']),
  [`POST ${MEETING}/final`]: meeting(conveners),
  [`POST ${MEETING}/paper-ballots`]: meeting(['committee', 'street', 'clerk'], () => ({ units: [] })),
  [`GET ${MEETING}/paper-ballots/:serial`]: { by: 'officer', roles: keyers, outside: 'MEETING_UNKNOWN' },
  [`POST ${MEETING}/paper-ballots/keyed`]: meeting(keyers, () => ({
    paper: bytes(40),
    scan: '',
    handIn: false,
  })),
  [`GET ${MEETING}/roll/corrections`]: { by: 'officer', roles: twoOffices, outside: 'MEETING_UNKNOWN' },
  [`GET ${MEETING}/roll`]: { by: 'officer', roles: all, outside: 'MEETING_UNKNOWN' },
  [`GET ${MEETING}/roll/requests`]: { by: 'officer', roles: conveners, outside: 'MEETING_UNKNOWN' },
  [`POST ${MEETING}/roll/requests/:request/answer`]: meeting(conveners, () => ({
    outcome: 'refused',
    reason: '与登记一致',
  })),
  [`POST ${MEETING}/reminders`]: meeting(['committee', 'street']),
  [`POST ${MEETING}/absent-units`]: meeting(['clerk', 'committee'], () => ({ reason: '上门收票' })),
  [`POST ${MEETING}/notice/readings`]: { by: 'owner', outside: 'MEETING_UNKNOWN' },
  [`GET ${MEETING}/deliveries`]: { by: 'officer', roles: deliverySides, outside: 'MEETING_UNKNOWN' },
  [`POST ${MEETING}/deliveries`]: meeting(['clerk', 'committee', 'street'], ({ unit }) => ({
    state: 'handed',
    units: [unit],
    documentHash: bytes(32),
  })),
  [`GET ${MEETING}/roll/drawn`]: { by: 'owner', outside: 'MEETING_UNKNOWN' },
  [`GET ${MEETING}/roll/own-requests`]: { by: 'owner', outside: 'MEETING_UNKNOWN' },
  [`POST ${MEETING}/roll/own-requests`]: {
    by: 'owner',
    outside: 'MEETING_UNKNOWN',
    body: () => ({ about: 'missing', unit: '', text: '漏了一套' }),
  },
  [`GET ${MEETING}/roll/entry`]: { by: 'owner', outside: 'MEETING_UNKNOWN' },
  [`POST ${MEETING}/roll/corrections`]: meeting(['committee', 'street', 'regulator'], ({ unit }) => ({
    unit,
    ground: 'sale',
    reference: '不动产权证',
  })),
};

/** Who sees an owner's document at the counter, and who may sign besides. */
const receivers = ['registrar', 'clerk'] as const;
const COUNTER = `${COMMUNITY}/counter`;
const offered: Body = () => ({
  credential: ID,
  credentialKind: 'device',
  alg: 'Ed25519',
  publicKey: bytes(32),
  webauthnId: '',
  nonce: bytes(16),
});
const counter: Readonly<Record<string, Row>> = {
  'POST /v1/identity/counter-requests': anyone({ body: offered }),
  'GET /v1/identity/counter-requests/:request': anyone(),
  'POST /v1/identity/counter-requests/:request/signature': anyone({ body: () => ({ signature }) }),
  [`POST ${COUNTER}/persons`]: within(receivers, {
    body: () => ({ building: '1栋', stair: '', room: '101', name: '陈大文', numberTail: '000000' }),
  }),
  [`GET ${COUNTER}/requests`]: within([...receivers, ...supervisors]),
  [`POST ${COUNTER}/requests`]: within(receivers, {
    body: () => ({ code: '00000000', person: ID, vouchedBy: 'counter' }),
  }),
  [`POST ${COUNTER}/revocations`]: within(receivers, {
    body: () => ({ credential: ID, reason: '手机遗失' }),
  }),
};

const providers: Readonly<Record<string, Row>> = {
  [`GET ${COMMUNITY}/providers`]: anyone(),
  [`POST ${COMMUNITY}/providers`]: within(supervisors, { body: () => ({ providers: [] }) }),
  'GET /v1/identity/providers': anyone(),
  'POST /v1/identity/provider-sign-ins': anyone({
    body: (it) => ({
      community: it.community,
      iss: 'https://id.example',
      drawn: bytes(32),
      key: offered(it),
    }),
  }),
  'POST /v1/identity/provider-sign-ins/:request/return': anyone({
    body: () => ({ state: bytes(32), code: 'x' }),
  }),
  'POST /v1/identity/provider-sign-ins/:request/signature': anyone({ body: () => ({ signature }) }),
};

/** Whoever makes letters and the offices that supervise see what is announced; the last draw accesses for monitors. */
const printers = ['registrar', 'street', 'regulator'] as const;
const notices: Readonly<Record<string, Row>> = {
  [`GET ${COMMUNITY}/announcements`]: within(printers),
  [`POST ${COMMUNITY}/print-runs`]: within(printers),
  [`GET ${COMMUNITY}/print-runs/:run`]: within(printers),
  [`POST ${COMMUNITY}/print-runs/:run/posted`]: within(printers),
  [`GET ${COMMUNITY}/monitor-accesses`]: within(supervisors),
  [`POST ${COMMUNITY}/monitor-accesses`]: within(supervisors),
  [`POST ${COMMUNITY}/monitor-accesses/:access/end`]: within(supervisors),
  'POST /v1/log-explanations': anyone({ body: () => ({ token: bytes(32), index: 0, from: 0 }) }),
};

const officers: Readonly<Record<string, Row>> = {
  'POST /v1/officers/challenges': anyone({ body: none }),
  'POST /v1/officers/sessions': anyone({
    body: () => ({ origin: 'https://vote.example', ...nonces, publicKey: bytes(32), signature }),
  }),
  'DELETE /v1/officers/sessions': { by: 'officer', roles: all },
  'GET /v1/officers/me': { by: 'officer', roles: all },
  'GET /v1/officers': within(all, { query: ({ community }) => `?community=${community}` }),
  'POST /v1/officers/me/proofs': {
    by: 'officer',
    roles: all,
    body: () => ({ origin: 'https://vote.example', ...nonces, publicKey: bytes(32), signature }),
  },
  'GET /v1/officers/me/sessions': { by: 'officer', roles: all },
  'DELETE /v1/officers/me/sessions': { by: 'officer', roles: all },
  'DELETE /v1/officers/me/sessions/:session': { by: 'officer', roles: all },
  'GET /v1/officers/me/keys': { by: 'officer', roles: all },
  'POST /v1/officers/me/keys': { by: 'officer', roles: all, body: () => ({ kept: [], added: [] }) },
  'POST /v1/officers/me/recovery-code': { by: 'officer', roles: all, body: none },
  'GET /v1/officers/me/signatures': { by: 'officer', roles: all },
  'POST /v1/officers/:officer/removal': { ...office, body: none },
  'POST /v1/officers/:officer/recoveries': { ...office, body: none },
  'POST /v1/officers/invitations': within(supervisors, {
    body: ({ community }) => ({
      community,
      role: 'clerk',
      name: '某人',
      docKind: 'resident-id',
      number: NUMBERS.li,
    }),
  }),
  'POST /v1/officers/enrolment-challenges': anyone({ body: none }),
  'POST /v1/officers/enrolments': anyone({
    body: () => ({
      enrolment: ID,
      code: 'x',
      origin: 'https://vote.example',
      ...nonces,
      until: '2027-01-01',
      response: { id: 'x', rawId: 'x', type: 'public-key' },
    }),
  }),
  'GET /v1/acts': within(all, { query: ({ community }) => `?community=${community}` }),
  // The act of the world waits for committee and street office, and is of a kind that has nothing to open.
  [`GET ${COMMUNITY}/acts/:act/openings`]: {
    by: 'officer',
    roles: ['committee', 'street'],
    outside: 'ACT_UNKNOWN',
    wrongRole: 'NOT_ALLOWED',
    mixed: 'ACT_UNKNOWN',
  },
  'GET /v1/acts/:act': { by: 'officer', roles: all, outside: 'ACT_UNKNOWN' },
  'POST /v1/acts/:act/actions': anyone({ body: () => ({ action: bytes(40), signature }) }),
  'POST /v1/acts/:act/withdrawal': { by: 'officer', roles: conveners, outside: 'ACT_UNKNOWN', body: none },
};

const registry: Readonly<Record<string, Row>> = {
  'POST /v1/communities': {
    by: 'officer',
    roles: supervisors,
    cityOnly: true,
    body: () => ({ name: '新花园' }),
  },
  'GET /v1/communities': { by: 'officer', roles: all },
  [`GET ${COMMUNITY}/units`]: within(all),
  'GET /v1/registers/template': { by: 'officer', roles: all },
  [`GET ${COMMUNITY}/imports`]: within(conveners),
  [`POST ${COMMUNITY}/imports`]: within(conveners, { body: csv }),
  [`GET ${COMMUNITY}/imports/:import`]: within(conveners, { mixed: 'IMPORT_UNKNOWN' }),
  [`GET ${COMMUNITY}/imports/:import/annotated`]: within(conveners, { mixed: 'IMPORT_UNKNOWN' }),
  [`POST ${COMMUNITY}/imports/:import/draft`]: within(conveners, {
    body: () => ({ confirmed: [] }),
    mixed: 'IMPORT_UNKNOWN',
  }),
  [`POST ${COMMUNITY}/imports/:import/withdrawal`]: within(conveners, {
    body: none,
    mixed: 'IMPORT_UNKNOWN',
  }),
  [`POST ${COMMUNITY}/registers/:register/file`]: within(supervisors, {
    body: reason,
    mixed: 'REGISTER_UNKNOWN',
  }),
  [`GET ${COMMUNITY}/personal-accesses`]: within(supervisors),
};

const identity: Readonly<Record<string, Row>> = {
  'POST /v1/identity/challenge': anyone({ body: none }),
  'POST /v1/identity/sessions': anyone({
    body: () => ({ publicKey: bytes(32), ...nonces, signature: bytes(64), numberTail: '000000' }),
  }),
  'POST /v1/identity/passkey-sessions': anyone({ body: () => ({ ...nonces, signature }) }),
  'DELETE /v1/identity/sessions': { by: 'owner' },
  'GET /v1/identity/me': { by: 'owner' },
  'GET /v1/identity/email': { by: 'owner' },
  'POST /v1/identity/email': { by: 'owner', body: () => ({ address: 'chen@mail.example' }) },
  'POST /v1/identity/email/confirmation': { by: 'owner', body: () => ({ code: '12345678' }) },
  'DELETE /v1/identity/email': { by: 'owner' },
  'GET /v1/identity/credentials': { by: 'owner' },
  'POST /v1/identity/credentials': {
    by: 'owner',
    body: () => ({ binding: bytes(40), byLetter: signature, byKey: signature }),
  },
  'POST /v1/identity/freezes': anyone({ body: () => ({ credential: ID, freeze: bytes(40), signature }) }),
  'GET /v1/identity/freezes': { by: 'owner' },
  [`GET ${COMMUNITY}/freezes`]: within(['registrar', 'street']),
  [`POST ${COMMUNITY}/freezes/:freeze/lifting`]: within(['registrar', 'street'], { body: none }),
  [`GET ${COMMUNITY}/merges`]: within(['registrar', 'street', 'regulator']),
  [`GET ${COMMUNITY}/merges/candidates`]: within(['registrar', 'street', 'regulator']),
  [`POST ${COMMUNITY}/merges`]: within(['registrar', 'street', 'regulator'], {
    body: () => ({ keeps: ID, merged: ID, reason: '同一人' }),
  }),
  [`POST ${COMMUNITY}/merges/:merge/separation`]: within(['registrar', 'street', 'regulator'], {
    body: none,
  }),
  'POST /v1/identity/key-shares': {
    by: 'owner',
    body: () => ({ credential: ID, handle: bytes(32), proof: bytes(32) }),
  },
  'POST /v1/identity/key-shares/releases': anyone({ body: () => ({ handle: bytes(32), proof: bytes(32) }) }),
  'POST /v1/identity/key-shares/:credential/unlocking': { by: 'owner', body: none },
  'POST /v1/identity/credentials/revocations': {
    by: 'owner',
    body: () => ({ revocation: bytes(40), signature }),
  },
  'GET /v1/identity/mandates': { by: 'owner' },
  'POST /v1/identity/mandates': { by: 'owner', body: () => ({ mandate: bytes(40), signature }) },
  'POST /v1/identity/mandates/revocations': { by: 'owner', body: () => ({ mandate: ID, signature }) },
  'GET /v1/identity/agents/:code': { by: 'owner' },
  'GET /v1/identity/designations': { by: 'owner' },
  'POST /v1/identity/designations': { by: 'owner', body: () => ({ designation: bytes(40), signature }) },
  [`POST ${COMMUNITY}/designations`]: within(twoOffices, {
    body: ({ unit }) => ({ meeting: '', unit, to: ID, until: '2099-12-31', file: bytes(40) }),
  }),
  [`GET ${COMMUNITY}/mandates`]: within(all),
  [`POST ${COMMUNITY}/mandates`]: within(twoOffices, {
    body: ({ unit }) => ({
      meeting: '',
      basis: 'mandate',
      principal: ID,
      agent: ID,
      units: [unit],
      proposals: [],
      until: '2099-12-31',
      file: bytes(40),
    }),
  }),
  [`POST ${COMMUNITY}/mandates/:mandate/end`]: within(twoOffices, { body: none }),
  [`POST ${COMMUNITY}/agents`]: within(twoOffices, {
    body: () => ({ number: NUMBERS.wang, name: '王小二' }),
  }),
  [`GET ${COMMUNITY}/units/:unit/holders`]: within(twoOffices),
  [`POST ${COMMUNITY}/property-staff`]: within(['street'], {
    body: () => ({ number: NUMBERS.wang, isStaff: true }),
  }),
  [`GET ${COMMUNITY}/roster`]: within(registrar),
  [`POST ${COMMUNITY}/letters`]: within(registrar, {
    body: () => ({ batch: ID, madeIn: 'command', until: '', items: [] }),
  }),
  [`POST ${COMMUNITY}/letters/reissues`]: within(registrar, {
    body: () => ({ batch: ID, madeIn: 'command', until: '', items: [], reason: '信函丢失' }),
  }),
  [`GET ${COMMUNITY}/letters`]: within(['registrar', 'committee', 'street', 'regulator']),
  [`GET ${COMMUNITY}/letters/at`]: within(registrar, { query: () => '?place=1' }),
  [`GET ${COMMUNITY}/letters/locked`]: within(registrar),
  [`POST ${COMMUNITY}/letters/:letter/revocation`]: within(registrar, {
    body: none,
    mixed: 'LETTER_UNKNOWN',
  }),
  [`POST ${COMMUNITY}/letters/:letter/unlocking`]: within(registrar, { body: none, mixed: 'LETTER_UNKNOWN' }),
};

const REVENUE_FACTS = {
  bookedOn: '2026-11-01',
  amountFen: '100',
  text: '地面车位',
  documentHash: bytes(32),
};
const OPENING = { salt: toBase64Url(new Uint8Array(16)), number: '44200001234567890071' };
const fund: Readonly<Record<string, Row>> = {
  [`GET ${FUND}`]: anyone(),
  [`POST ${FUND}/opening-balances`]: within(conveners, { body: ({ unit }) => openingOf(unit) }),
  [`POST ${FUND}/opening-files`]: within(conveners, { body: csv }),
  [`POST ${FUND}/receipts`]: within(conveners, {
    body: ({ unit }) => ({
      bank: FUND_BANK,
      receipts: [{ receipt: '甲1', unit, amountFen: '100', valueOn: '2026-12-01' }],
    }),
  }),
  [`POST ${FUND}/receipt-files`]: within(conveners, {
    body: () => ({
      bank: FUND_BANK,
      csv: '回单号,日期,金额\n甲2,2026-12-01,1.00\n',
      unknownAsUnidentified: false,
    }),
  }),
  [`GET ${FUND}/movements`]: within(all),
  [`GET ${FUND}/deposits`]: within(all, { query: () => '?find=1' }),
  [`GET ${FUND}/anomalies`]: within(['regulator']),
  [`GET ${FUND}/buildings`]: within(twoOffices),
  [`GET ${FUND}/buildings/file`]: within(twoOffices),
  'GET /v1/funds': { by: 'officer', roles: ['regulator'] },
  [`GET ${FUND}/months`]: anyone(),
  [`POST ${FUND}/months`]: within(conveners, { body: () => ({ month: '2026-10' }) }),
  [`GET ${FUND}/reconciliations`]: within(all),
  [`POST ${FUND}/reconciliations`]: within(conveners, {
    body: () => ({
      bank: FUND_BANK,
      from: '2026-11-01',
      to: '2026-11-30',
      closingFen: '0',
      csv: '流水号,日期,收入,支出\n',
    }),
  }),
  [`POST ${FUND}/reconciliations/:reconciliation/explanations`]: within(conveners, {
    body: () => ({ no: 1, reason: '银行次日入账' }),
    mixed: 'FUND_DIFFERENCE_UNKNOWN',
  }),
  [`POST ${FUND}/interest`]: within(conveners, {
    body: () => ({ bank: FUND_BANK, receipt: '息1', amountFen: '100', valueOn: '2026-12-01' }),
  }),
  [`POST ${FUND}/interest/distributions`]: within(conveners, { body: () => ({ until: '2026-12-02' }) }),
  [`POST ${FUND}/identifications`]: within(conveners, {
    body: ({ unit }) => ({ items: [{ unit, amountFen: '100' }], seq: '1', reference: '认领' }),
  }),
  [`POST ${FUND}/bank-moves`]: within(conveners, {
    body: () => ({ from: FUND_BANK, to: { name: '工行', lastDigits: '88' }, amountFen: '1', reference: '' }),
  }),
  [`POST ${FUND}/annulments`]: within(['committee', 'street', 'regulator'], {
    body: () => ({ meeting: ID, proposal: ID, documentHash: bytes(32) }),
  }),
  [`POST ${FUND}/refunds`]: within(['committee', 'street', 'regulator'], {
    body: ({ unit }) => ({ unit, payeeOpening: OPENING, documentHash: bytes(32) }),
  }),
  [`GET ${FUND}/refunds`]: within(all),
  [`POST ${FUND}/emergency-declarations`]: within(['committee', 'street', 'regulator'], {
    body: () => ({ emergencies: 'allowed', documentHash: bytes(32) }),
  }),
  [`POST ${FUND}/emergencies`]: within(conveners, {
    body: () => ({
      category: 'lift',
      text: '电梯钢丝绳断股，已停梯。',
      capFen: '100',
      payee: '电梯公司',
      payeeOpening: OPENING,
      purpose: '更换钢丝绳',
      reportHash: bytes(32),
      quotationHash: bytes(32),
      units: { kind: 'community', members: [] },
    }),
  }),
  [`GET ${FUND}/emergencies`]: anyone(),
  [`POST ${FUND}/emergencies/:authorisation/annulments`]: within(['committee', 'street', 'regulator'], {
    body: () => ({ documentHash: bytes(32) }),
    mixed: 'FUND_EMERGENCY_UNKNOWN',
  }),
  [`GET ${FUND}/acts/:act/account`]: {
    by: 'officer',
    roles: ['committee', 'street'],
    outside: 'ACT_UNKNOWN',
    wrongRole: 'NOT_ALLOWED',
    mixed: 'ACT_UNKNOWN',
  },
  [`POST ${FUND}/applications`]: within(['clerk', 'committee', 'street'], {
    body: () => ({
      company: '某某物业服务有限公司',
      creditCode: '91350100M000100Y43',
      project: '屋面防水翻修',
      plan: '重做防水层。',
      budgetFen: '100',
      payee: '',
      units: { kind: 'community', members: [] },
      emergencyPlan: '先搭雨棚。',
      documentHash: bytes(32),
      attachments: [],
    }),
  }),
  [`GET ${FUND}/applications`]: anyone(),
  [`POST ${FUND}/top-up-lists`]: within(conveners, { body: () => ({ csv: '', targetPercent: 30 }) }),
  [`POST ${FUND}/top-up-calls`]: within(conveners, {
    body: () => ({
      ...{ csv: '', targetPercent: 30, meeting: '', proposal: '' },
      ...{ documentHash: bytes(32), dueOn: '2027-03-31', text: '请到专户银行柜台续交。' },
    }),
  }),
  [`GET ${FUND}/top-up-calls`]: anyone(),
  [`GET ${FUND}/top-up-calls/:call`]: within(twoOffices, { mixed: 'FUND_TOP_UP_UNKNOWN' }),
  [`POST ${FUND}/top-up-calls/:call/withdrawals`]: within(conveners, {
    body: () => ({ documentHash: bytes(32) }),
    mixed: 'FUND_TOP_UP_UNKNOWN',
  }),
  [`GET ${COMMUNITY}/revenue`]: anyone(),
  [`POST ${COMMUNITY}/revenue/incomes`]: within(conveners, {
    body: () => ({ ...REVENUE_FACTS, heading: 'parking' }),
  }),
  [`POST ${COMMUNITY}/revenue/spendings`]: within(conveners, {
    body: () => ({ ...REVENUE_FACTS, entryKind: 'transfer' }),
  }),
  [`POST ${COMMUNITY}/revenue/reversals`]: within(conveners, {
    body: () => ({ reverses: ID, text: '记错', documentHash: bytes(32) }),
  }),
  [`POST ${COMMUNITY}/revenue/periods`]: within(conveners, { body: () => ({ period: '2026-H1' }) }),
  [`POST ${FUND}/applications/:application/answers`]: within(conveners, {
    body: () => ({ decision: 'refused', reason: '仍在保修期内。' }),
    mixed: 'FUND_APPLICATION_UNKNOWN',
  }),
  [`POST ${FUND}/reversals`]: within(conveners, { body: () => ({ seq: '1', reference: '退回' }) }),
  [`POST ${FUND}/accrual-cancellations`]: within(conveners, {
    body: () => ({ seq: '1', reason: '验收有误' }),
  }),
  [`POST ${FUND}/payment-returns`]: within(conveners, {
    body: () => ({ seq: '1', receipt: '退1', valueOn: '2026-12-01' }),
  }),
  [`POST ${AUTHORISATION}/claim`]: within(conveners, { body: none }),
  [`POST ${AUTHORISATION}/hold`]: within(conveners, { body: none }),
  [`POST ${AUTHORISATION}/release`]: within(conveners, { body: none }),
  [`POST ${AUTHORISATION}/closings`]: within(conveners, { body: () => ({ documentHash: bytes(32) }) }),
  [`POST ${AUTHORISATION}/accruals`]: within(conveners, {
    body: () => ({ amountFen: '100', stage: 'final', acceptanceHash: bytes(32) }),
  }),
  [`POST ${AUTHORISATION}/payments`]: within(conveners, {
    body: () => ({ amountFen: '100', payeeAccount: bytes(32), reference: '第1笔' }),
  }),
  [`GET ${FUND}/payments`]: within(all),
  [`GET ${FUND}/journal`]: within(all),
  [`GET ${FUND}/units/:unit`]: within(all, { mixed: 'FUND_UNIT_UNKNOWN' }),
  'GET /v1/owners/me/fund/accounts': { by: 'owner' },
  'GET /v1/owners/me/fund/units/:unit': { by: 'owner', outside: 'FUND_UNIT_UNKNOWN' },
};

/** One row for each route, by method and address. */
export const ROUTE_TABLE: Readonly<Record<string, Row>> = {
  'GET /v1/deployment': anyone(),
  ...meetings,
  ...officers,
  ...notices,
  ...registry,
  ...counter,
  ...providers,
  ...identity,
  ...fund,
};
