/** Emergencies and their declaration as they are typed; who bears the cost is looked up in the register by place. Pure (SPEC 8.3). */
import type { Random } from '../../../base/clock.ts';
import type { DeclarationBody, EmergenciesAnswer, EmergencyBody } from '../../../fund/emergency-routes.ts';
import type { EmergencyCategory } from '../../../record/emergency.ts';
import type { UnitsAnswer } from '../../../registry/contract.ts';
import { hexGroups } from '../../kit/fingerprint.ts';
import { unitWords } from '../../kit/unit-words.ts';
import { t as signedWord } from '../emergency-words.ts';
import { t as draftingWord } from './drafting-words.ts';
import type { Draft, KeptOpening, OwnFile } from './drafts.ts';
import {
  accountNumberOf,
  amountWords,
  cleanPlace,
  cleanText,
  errorsOf,
  fenOf,
  fileWords,
  isAccountNumber,
  numberWords,
  openingOf,
  textError,
} from './drafts.ts';
import { t } from './emergency-desk-words.ts';

export type Unit = Pick<UnitsAnswer['units'][number], 'unit' | 'building' | 'stair' | 'room'>;
type Scope = EmergencyBody['units'];

/** A declaration, over a file that the one in force does not name for the same: the service would refuse it. */
export function declarationDraft(
  emergencies: DeclarationBody['emergencies'],
  rules: OwnFile | undefined,
  inForce: EmergenciesAnswer['rule'],
): Draft<'rules', DeclarationBody> {
  if (rules === undefined) return { ok: false, errors: { rules: draftingWord('file') } };
  if (inForce?.emergencies === emergencies && inForce.documentHash === rules.sha256)
    return { ok: false, errors: { rules: t('sameRules') } };
  return {
    ok: true,
    body: { emergencies, documentHash: rules.sha256 },
    facts: [
      signedWord(emergencies),
      t('rulesFact', { file: fileWords(rules) }),
      ...(inForce?.emergencies === emergencies
        ? [t('inForceFact', { hash: hexGroups(inForce.documentHash, 4).join(' ') })]
        : []),
    ],
  };
}

export type EmergencyForm = {
  /** Empty until it is chosen. */
  readonly category: EmergencyCategory | '';
  readonly text: string;
  readonly amount: string;
  readonly payee: string;
  readonly number: string;
  readonly purpose: string;
  readonly report: OwnFile | undefined;
  readonly quotation: OwnFile | undefined;
  readonly scope: Scope['kind'];
  /** Names of buildings, or places of units line by line. */
  readonly members: string;
};
export const EMPTY_EMERGENCY: EmergencyForm = {
  category: '',
  text: '',
  amount: '',
  payee: '',
  number: '',
  purpose: '',
  report: undefined,
  quotation: undefined,
  scope: 'community',
  members: '',
};

type Found = { readonly scope: Scope; readonly words: string } | { readonly error: string };

/** What each place names in the register: names of buildings, or ids of units. Two homes may read alike where stair and room run together. */
export function membersByPlace(
  units: readonly Unit[],
  isBuildings: boolean,
): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Map<string, Set<string>>();
  for (const unit of units) {
    const [words, member] = isBuildings ? [unit.building, unit.building] : [unitWords(unit), unit.unit];
    const place = cleanPlace(words);
    known.set(place, (known.get(place) ?? new Set()).add(member));
  }
  return known;
}

/** The scope that was typed, by the register in force; undefined units could not be read. */
function scopeOf(
  { scope, members }: Pick<EmergencyForm, 'scope' | 'members'>,
  units: readonly Unit[] | undefined,
): Found {
  if (scope === 'community') return { scope: { kind: scope, members: [] }, words: t('community') };
  if (units === undefined) return { error: t('registerMissing') };
  const isBuildings = scope === 'buildings';
  const typed = members
    .split(isBuildings ? /[、，,；;\n]/ : '\n')
    .map(cleanPlace)
    .filter((place) => place !== '');
  if (typed.length === 0) return { error: draftingWord('empty') };
  const known = membersByPlace(units, isBuildings);
  const unknown = typed.filter((place) => !known.has(place));
  if (unknown.length > 0) return { error: t('unknownPlaces', { places: unknown.join('、') }) };
  const unclear = typed.filter((place) => (known.get(place)?.size ?? 0) > 1);
  if (unclear.length > 0) return { error: t('unclearPlaces', { places: unclear.join('、') }) };
  const repeated = typed.filter((place, at) => typed.indexOf(place) !== at);
  if (repeated.length > 0) return { error: t('repeatedPlaces', { places: repeated.join('、') }) };
  return {
    scope: { kind: scope, members: typed.flatMap((place) => [...(known.get(place) ?? [])]) },
    words: typed.join('、'),
  };
}

type Field = Exclude<keyof EmergencyForm, 'scope'>;

/** The texts of a form that has no fault. */
function factsOf(form: EmergencyForm, amountFen: bigint, scope: string): readonly string[] {
  const { category, text, payee, purpose, number, report, quotation } = form;
  return [
    t('categoryFact', { category: category === '' ? '' : signedWord(category) }),
    t('amountFact', { amount: amountWords(amountFen) }),
    t('payeeFact', { payee: cleanText(payee), purpose: cleanText(purpose) }),
    t('numberFact', { number: numberWords(accountNumberOf(number)) }),
    t('scopeFact', { scope }),
    ...(report === undefined ? [] : [t('reportFact', { file: fileWords(report) })]),
    ...(quotation === undefined ? [] : [t('quotationFact', { file: fileWords(quotation) })]),
    t('textFact', { text: cleanText(text) }),
  ];
}

export function emergencyDraft(
  form: EmergencyForm,
  units: readonly Unit[] | undefined,
  kept: readonly KeptOpening[],
  random: Random,
): Draft<Field, EmergencyBody> {
  const { category, report, quotation } = form;
  const amountFen = fenOf(form.amount);
  const number = accountNumberOf(form.number);
  const found = scopeOf(form, units);
  const errors = errorsOf<Field>({
    category: category === '' ? draftingWord('choose') : undefined,
    text: textError(form.text, 4000),
    amount: amountFen === undefined ? draftingWord('amount') : undefined,
    payee: textError(form.payee, 200),
    number: isAccountNumber(number) ? undefined : draftingWord('account'),
    purpose: textError(form.purpose, 500),
    report: report === undefined ? draftingWord('file') : undefined,
    quotation: quotation === undefined ? draftingWord('file') : undefined,
    members: 'error' in found ? found.error : undefined,
  });
  const isWhole =
    category !== '' && amountFen !== undefined && report !== undefined && quotation !== undefined;
  if (errors !== undefined || !isWhole || 'error' in found) return { ok: false, errors: errors ?? {} };
  return {
    ok: true,
    body: {
      category,
      text: cleanText(form.text),
      capFen: String(amountFen),
      payee: cleanText(form.payee),
      payeeOpening: openingOf(number, kept, random),
      purpose: cleanText(form.purpose),
      reportHash: report.sha256,
      quotationHash: quotation.sha256,
      units: found.scope,
    },
    facts: factsOf(form, amountFen, found.words),
  };
}
