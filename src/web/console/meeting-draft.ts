/** From the form's texts to the body that drafts a meeting; the refusal names the field that is missing (SPEC 5). Pure. */
import type { z } from 'zod';
import type { meetingBody } from '../../assembly/contract.ts';
import { compareText, toBase64Url } from '../../base/bytes.ts';
import type { Random } from '../../base/clock.ts';
import { parseYuan } from '../../base/fen.ts';
import { parseInstant, showInstant } from '../../base/instant.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import { accountHash } from '../../record/meeting.ts';

export type MeetingBody = z.input<typeof meetingBody>;
type ProposalBody = MeetingBody['proposals'][number];

/** A proposal as it is typed. */
export type ProposalForm = {
  readonly id: number;
  readonly kind: 'motion' | 'fund' | 'election';
  readonly title: string;
  readonly text: string;
  readonly matter: string;
  /** Further classes, which must all pass. */
  readonly others: readonly string[];
  readonly basis: string;
  /** Names of buildings, the scope and, of a use of the fund, who bears it; empty for the whole community. */
  readonly buildings: string;
  readonly candidates: string;
  readonly seats: string;
  readonly cap: string;
  readonly payee: string;
  readonly accountNumber: string;
  readonly purpose: string;
  /** Who bears the cost and so votes on it: everybody, unless an application names others. */
  readonly units: ProposalBody['scope'];
};

/** A proposal that begins as what somebody applied for. */
export type ProposalStart = Omit<ProposalForm, 'id'>;

export const EMPTY_PROPOSAL: Omit<ProposalForm, 'id' | 'kind'> = {
  title: '',
  text: '',
  matter: 'M9',
  others: [],
  basis: '',
  buildings: '',
  candidates: '',
  seats: '1',
  cap: '',
  payee: '',
  accountNumber: '',
  purpose: '',
  units: { kind: 'community', members: [] },
};

/** A meeting as it is typed; times are Beijing's, as `datetime-local` gives them. */
export type MeetingForm = {
  readonly title: string;
  readonly convener: string;
  readonly profile: string;
  readonly publishedOn: string;
  readonly opens: string;
  readonly closes: string;
  readonly noticeText: string;
  readonly boxHolder: string;
  readonly proposals: readonly ProposalForm[];
};

/** What opens a payee's account hash again; the one who will pay keeps it. */
export type AccountOpening = { readonly payee: string; readonly salt: string; readonly number: string };

export type DraftedBody = { readonly body: MeetingBody; readonly accounts: readonly AccountOpening[] };

export type FormRefusal = Refusal<'FORM_INCOMPLETE' | 'FORM_AMOUNT'>;

const SHANGHAI_MS = 8 * 3_600_000;

/** The instant of a Beijing time such as `2026-12-10T18:00`. */
export function beijingInstant(local: string): string | undefined {
  const at = parseInstant(`${local.length === 16 ? `${local}:00` : local}Z`);
  return at === undefined ? undefined : showInstant(at - SHANGHAI_MS);
}

const clean = (text: string): string => text.normalize('NFC').trim();

function scopeOf({ buildings, units }: ProposalForm): ProposalBody['scope'] {
  if (units.kind !== 'community') return units;
  const names = new Set(
    buildings
      .split(/[、，,；;\n]/)
      .map(clean)
      .filter((name) => name !== ''),
  );
  return names.size === 0
    ? { kind: 'community', members: [] }
    : { kind: 'buildings', members: [...names].sort(compareText) };
}

/** The classes in the order of the statute. */
const classesOf = (first: string, others: readonly string[]): ProposalBody['classes'] =>
  [...new Set([first, ...others])].sort(compareText) as ProposalBody['classes'];

function fundBody(
  form: ProposalForm,
  random: Random,
): Result<readonly [ProposalBody['fund'], AccountOpening], FormRefusal> {
  const cap = parseYuan(clean(form.cap));
  if (!cap.ok || cap.value === 0n) return refuse('FORM_AMOUNT', 'cap');
  for (const field of ['payee', 'accountNumber', 'purpose'] as const)
    if (clean(form[field]) === '') return refuse('FORM_INCOMPLETE', field);
  const salt = random(16);
  const payee = clean(form.payee);
  const number = clean(form.accountNumber).replace(/\s/g, '');
  const use = {
    capFen: String(cap.value),
    payee,
    payeeAccount: accountHash(salt, number),
    purpose: clean(form.purpose),
    units: scopeOf(form),
  };
  return ok([[use], { payee, salt: toBase64Url(salt), number }]);
}

function proposalBody(
  form: ProposalForm,
  random: Random,
): Result<readonly [ProposalBody, readonly AccountOpening[]], FormRefusal> {
  const [title, text] = [clean(form.title), form.text.normalize('NFC')];
  if (title === '') return refuse('FORM_INCOMPLETE', 'proposalTitle');
  if (text.trim() === '') return refuse('FORM_INCOMPLETE', 'proposalText');
  const basis = form.basis.normalize('NFC').trim();
  const common = {
    title,
    text,
    ...(basis === '' ? {} : { basis }),
    scope: scopeOf(form),
    candidates: [],
    seats: 0,
    fund: [],
  };
  if (form.kind === 'motion')
    return ok([{ ...common, form: 'motion', classes: classesOf(form.matter, form.others) }, []]);
  if (form.kind === 'fund') {
    const fund = fundBody(form, random);
    if (!fund.ok) return fund;
    const [use, account] = fund.value;
    return ok([{ ...common, form: 'motion', classes: classesOf('M5', form.others), fund: use }, [account]]);
  }
  const names = form.candidates
    .split('\n')
    .map(clean)
    .filter((name) => name !== '');
  if (names.length < 2) return refuse('FORM_INCOMPLETE', 'candidates');
  const candidates = names.map((name, at) => ({ id: `c${at + 1}`, text: name }));
  const seats = Number(form.seats);
  if (!Number.isSafeInteger(seats) || seats < 1) return refuse('FORM_INCOMPLETE', 'seats');
  return ok([{ ...common, form: 'election', classes: ['M3'], candidates, seats }, []]);
}

/** The body, and the account openings that must be kept. */
export function meetingBodyOf(form: MeetingForm, random: Random): Result<DraftedBody, FormRefusal> {
  for (const field of ['title', 'convener', 'publishedOn', 'noticeText'] as const)
    if (clean(form[field]) === '') return refuse('FORM_INCOMPLETE', field);
  const [opens, closes] = [beijingInstant(form.opens), beijingInstant(form.closes)];
  if (opens === undefined) return refuse('FORM_INCOMPLETE', 'opens');
  if (closes === undefined) return refuse('FORM_INCOMPLETE', 'closes');
  if (form.proposals.length === 0) return refuse('FORM_INCOMPLETE', 'proposalMotion');
  const proposals: ProposalBody[] = [];
  const accounts: AccountOpening[] = [];
  for (const each of form.proposals) {
    const drafted = proposalBody(each, random);
    if (!drafted.ok) return drafted;
    proposals.push(drafted.value[0]);
    accounts.push(...drafted.value[1]);
  }
  const body = {
    title: clean(form.title),
    convener: clean(form.convener),
    profile: form.profile,
    parameters: {},
    publishedOn: form.publishedOn,
    opens,
    closes,
    noticeText: form.noticeText.normalize('NFC'),
    boxHolder: form.boxHolder === 'server' ? ('server' as const) : ('officer' as const),
    proposals,
  };
  return ok({ body, accounts });
}
