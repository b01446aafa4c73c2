/** The definition of a meeting: everything that was decided before the first vote, under one hash (SPEC 5). */
import { toBase64Url } from '../base/bytes.ts';
import { h256, h256Text } from '../crypto/frame.ts';
import type { Of } from './schema.ts';
import { boolean, closed, exactly, integer, list, oneOf, recordForm, text } from './schema.ts';
import { civilDate, decimal, hash, hashOrNone, id, instant, label, webOrigin } from './shapes.ts';

export const MATTER_CLASSES = ['M1', 'M2', 'M3', 'M4', 'M5', 'M6', 'M7', 'M8', 'M9'] as const;

export const scope = closed({
  kind: oneOf('community', 'buildings', 'units'),
  /** Building names or unit ids, sorted; empty for the whole community. */
  members: list(label, 20_000),
});

/** What begins with `invalid-` is reserved for papers whose mark is invalid (SPEC 6.4). */
const option = closed({ id: text(20, /^(?!invalid-)[a-z0-9-]+$/), text: label });

const fundUse = closed({
  capFen: decimal,
  payee: label,
  /** `H256("account", salt, account number)`. */
  payeeAccount: hash,
  purpose: text(500),
  /** Units that bear the cost: a scope like that of the proposal. */
  units: scope,
});

const proposal = closed({
  proposal: id,
  title: label,
  textHash: hash,
  classes: list(oneOf(...MATTER_CLASSES), 9, 1),
  /** Why these classes: what of the matter falls under which item of Civil Code §278. */
  basis: text(500),
  scope,
  mode: oneOf('open', 'secret'),
  form: oneOf('motion', 'election'),
  options: list(option, 60, 2),
  seats: integer(0, 60),
  min: integer(1, 60),
  max: integer(1, 60),
  sealLength: integer(64, 16_384),
  /** None or one: what a resolution opens of the fund. */
  fund: list(fundUse, 1),
});

const parameters = (value: unknown, at: string) =>
  list(closed({ name: text(60), value: text(200) }), 100)(value, at);

const definition = closed({
  v: exactly(1),
  kind: oneOf('meeting'),
  suite: oneOf('INT-1'),
  meeting: id,
  community: id,
  communityName: label,
  convener: label,
  convenerRole: oneOf('committee', 'street'),
  title: label,
  profile: closed({
    id: text(40),
    version: integer(1, 1_000_000),
    hash,
    parameters,
    /** The community's own rules that these parameters follow; empty where it has none. */
    rulesHash: hashOrNone,
  }),
  /** `questionsHash`: what owners asked before the notice, with the answers; empty where nobody was asked. */
  notice: closed({ textHash: hash, publishedOn: civilDate, questionsHash: hashOrNone }),
  window: closed({ opens: instant, closes: instant }),
  proposals: list(proposal, 40, 1),
  rollRoot: hash,
  rollSize: integer(0, 1_000_000),
  origin: text(200),
  rpId: text(200),
  origins: list(webOrigin, 10, 1),
  keys: closed({ ballot: hash, ack: hash, certificate: hash }),
  logVkey: text(300),
  witnesses: list(text(300), 20),
  /** How many of the witnesses make a quorum. */
  quorum: integer(0, 20),
  boxKey: hash,
  boxHolder: oneOf('officer', 'server'),
  demoRoot: boolean,
});

export type Scope = Of<typeof scope>;
export type Proposal = Of<typeof proposal>;
export type FundUse = Of<typeof fundUse>;
export type Definition = Of<typeof definition>;
export const definitionForm = recordForm(definition, 'meeting', 1024 * 1024);

/** What exists only when the meeting opens: zero bytes and zero in the noticed form (SPEC 5). */
const NONE = toBase64Url(new Uint8Array(32));

/** The definition as it was noticed: roll, keys and box key not yet known. */
export const asNoticed = (opened: Definition): Definition => ({
  ...opened,
  rollRoot: NONE,
  rollSize: 0,
  keys: { ballot: NONE, ack: NONE, certificate: NONE },
  boxKey: NONE,
});

/** `H256("notice", definition as noticed)`. */
export const noticeHash = (definition: Definition): string =>
  h256Text('notice', definitionForm.bytes(asNoticed(definition)));

/** `H256("meeting", bytes)` of the opened definition. */
export const meetingHash = (bytes: Uint8Array): string => toBase64Url(h256('meeting', bytes));

/** Hash of a text that people read: the notice, a proposal's text, a decision on an objection. */
export const textHash = (body: string): string => h256Text('definition-text', body);

/** `H256("account", salt, number)` of a payee's bank account. */
export const accountHash = (salt: Uint8Array, number: string): string => h256Text('account', salt, number);

/** A motion always offers for, against, abstain, in this order (SPEC 5). */
export const MOTION_OPTIONS = [
  { id: 'for', text: '同意' },
  { id: 'against', text: '反对' },
  { id: 'abstain', text: '弃权' },
] as const;

/** Whether the rules of a meeting count those who were served and say nothing: they must be told before (SPEC 8.1). */
export const countsSilence = ({ profile }: Definition): boolean =>
  profile.parameters.some(({ name, value }) => name === 'silenceRule' && value !== 'NONE');
