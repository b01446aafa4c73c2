/**
 * The exported names of accounts: codes only, never a person's name, in a charset that plain-text accounting tools read as
 * one account (no `:` inside a part, no `;`, no space, no leading bracket); DESIGN §7 "Fund".
 */
import { assert } from '../../base/assert.ts';

/** Where a unit is. */
export type Place = { readonly building: string; readonly stair: string; readonly room: string };

const PART_LENGTH = 40;

/** A part of a name: letters, digits and hyphens. */
function part(text: string): string {
  const plain = text
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}-]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return plain === '' ? '-' : [...plain].slice(0, PART_LENGTH).join('').normalize('NFC');
}

/** The special account at a bank, by the bank's short name and the last digits of its number. */
export const bankName = (bank: string, lastDigits: string): string =>
  `资产:专户存款:${part(bank)}尾号${part(lastDigits)}`;

/** A household's subtree: 〈幢〉:〈室〉, the staircase in front of the room where there is one. */
export const householdName = ({ building, stair, room }: Place): string =>
  `负债:分户账:${part(building)}:${stair === '' ? part(room) : `${part(stair)}-${part(room)}`}`;

/** An authorisation whose work is held and paid: its kind tells people whether anybody voted on it. */
export type Charge = { readonly kind: 'authorisation' | 'emergency'; readonly authorisation: string };

/** The short form of an authorisation's id. */
export const chargeCode = ({ kind, authorisation }: Charge): string =>
  `${kind === 'emergency' ? '急修' : '决议'}${authorisation.slice(0, 8)}`;

/** What a household can dispose of. */
export const availableName = (household: string): string => `${household}:可用`;

/** What is held of a household for a resolution or an emergency. */
export const heldName = (household: string, charge: Charge): string =>
  `${household}:冻结:${chargeCode(charge)}`;

/** What is owed to the payee of a resolution or an emergency. */
export const payableName = (charge: Charge, payee: string): string =>
  `负债:应付:${chargeCode(charge)}:${part(payee)}`;

/** What the developer owes for a unit under a resolution or an emergency; `home` is its household's name, or its id. */
export const claimName = (charge: Charge, home: string): string =>
  `资产:应收建设单位:${chargeCode(charge)}:${home.split(':').slice(-2).join(':')}`;

/** What answers the developer's claims under a resolution or an emergency, so that they are no money. */
export const claimContraName = (charge: Charge): string => `负债:待收建设单位:${chargeCode(charge)}`;

/** What is owed to the owner of a unit that is no more: by the home, never by a name. */
export const refundName = (authorisation: string, household: string): string =>
  `负债:应付:返还${authorisation.slice(0, 8)}:${part(household.split(':').slice(2).join('-'))}`;

/** Accounts of which a book has one each; both must return to zero. */
export const SINGLE_NAMES = {
  interest_undistributed: '负债:待分配利息',
  deposit_unidentified: '负债:待查收款',
} as const;

/** The household of an account that `availableName` or `heldName` made. */
export function householdOf(accountName: string): string {
  const household = accountName.split(':').slice(0, 4).join(':');
  assert(household.startsWith('负债:分户账:'), 'a unit account stands in its household');
  return household;
}

/** The name, or one told apart by the unit's id where another unit's spelling came to the same codes. */
export const freeHousehold = (wanted: string, unit: string, taken: ReadonlySet<string>): string =>
  taken.has(wanted) ? `${wanted}-${unit.slice(0, 8)}` : wanted;
