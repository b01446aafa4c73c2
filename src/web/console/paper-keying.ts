/** What an officer's page makes of a paper: the bytes of the statement and the sealed picture, both from the code (SPEC 6.4). */
import type { PaperSheetAnswer } from '../../ballot/keying-contract.ts';
import { concat, fromBase32, fromBase64Url } from '../../base/bytes.ts';
import { seal } from '../../crypto/sealed-box.ts';
import type { InvalidChoice } from '../../record/choice.ts';
import type { Definition, Proposal } from '../../record/meeting.ts';
import { definitionForm, meetingHash } from '../../record/meeting.ts';
import { PAPER_CODE_BYTES, paperBytes, paperSalt } from '../../record/paper.ts';
import { draw } from '../kit/draw.ts';

/** The 26 characters of an id or a code as somebody types or scans them; undefined where they are none. */
export function readTyped(text: string): string | undefined {
  const typed = text.replace(/[\s-]/g, '').toLowerCase();
  return typed.length === 26 && fromBase32(typed)?.length === PAPER_CODE_BYTES ? typed : undefined;
}

/** In groups, to be copied by hand. */
export const grouped = (text: string): string => text.match(/.{1,4}/g)?.join(' ') ?? text;

const bytesOf = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();

/** The definition that a sheet serves, where its bytes have the hash that the paper will name. */
export function definitionIn(sheet: PaperSheetAnswer): Definition | undefined {
  const bytes = bytesOf(sheet.definition);
  const parsed = definitionForm.parse(bytes);
  return parsed.ok && meetingHash(bytes) === sheet.meetingHash ? parsed.value : undefined;
}

/** Proposals that this home answers. */
export const proposalsOf = (sheet: PaperSheetAnswer, { proposals }: Definition): readonly Proposal[] =>
  proposals.filter(({ proposal }) => sheet.proposals.includes(proposal));

/** How one proposal is marked: options, blank, or one of the reserved words. */
export type Mark = {
  readonly validity: '' | 'yes' | 'blank' | InvalidChoice;
  readonly chosen: readonly string[];
};
export const UNMARKED: Mark = { validity: '', chosen: [] };

export const isMarked = ({ min }: Proposal, { validity, chosen }: Mark): boolean =>
  validity === 'yes' ? chosen.length >= min : validity !== '';

/** The statement's bytes. */
export function paperFrom(
  sheet: PaperSheetAnswer,
  definition: Definition,
  read: {
    readonly signer: PaperSheetAnswer['signers'][number];
    readonly scanHash: string;
    readonly marks: ReadonlyMap<string, Mark>;
  },
  code: Uint8Array,
): Uint8Array {
  const marks = proposalsOf(sheet, definition).flatMap((proposal) => {
    const { validity, chosen } = read.marks.get(proposal.proposal) ?? UNMARKED;
    if (validity === 'yes') return [{ proposal, choice: chosen }];
    return validity === 'blank' || validity === '' ? [] : [{ proposal, choice: [validity] as const }];
  });
  const { serial, entitlement, seq, prev } = sheet;
  const { person, mandate } = read.signer;
  return paperBytes(
    {
      meeting: sheet.meetingHash,
      entitlement,
      signer: person,
      mandate,
      seq,
      prev,
      serial,
      scanHash: read.scanHash,
      marks,
    },
    code,
    bytesOf(definition.boxKey),
  );
}

/** `salt ‖ file`, sealed so that nobody reads it before the box is opened. */
export const sealScan = (code: Uint8Array, file: Uint8Array, { boxKey }: Definition): Uint8Array =>
  seal(concat(bytesOf(paperSalt(code, 'scan')), file), bytesOf(boxKey), draw(32), draw(24));
