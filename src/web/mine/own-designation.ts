/** Designations as an owner's page reads them: from their own bytes, held against the head that he holds with others (SPEC 3.6). */
import { fromBase64Url, toBase32, toBase64Url } from '../../base/bytes.ts';
import type { DesignationsAnswer } from '../../identity/designation-contract.ts';
import type { Designation } from '../../record/designation.ts';
import { designationForm, isDesignationSound } from '../../record/designation.ts';
import { draw } from '../kit/draw.ts';

export type Head = DesignationsAnswer['heads'][number];
type Listed = DesignationsAnswer['designations'][number];

/** One that is of this head: who votes and until when come from the bytes that are signed. */
export type HeadDesignation = {
  readonly given: Designation;
  readonly bytes: Uint8Array;
  readonly signed: readonly string[];
  readonly isRecorded: boolean;
};

const sorted = (ids: readonly string[]): string => [...ids].sort().join(' ');

/** Whether the record names exactly the head's holders with their identities, and its units. */
function isOf({ units, holders }: Head, given: Designation): boolean {
  const parties = [...given.by, given.to];
  const known = new Map(holders.map(({ person, identity }) => [person, identity]));
  return (
    isDesignationSound(given) &&
    parties.length === holders.length &&
    parties.every(({ person, identity }) => known.get(person) === identity) &&
    sorted(given.units) === sorted(units.map(({ unit }) => unit))
  );
}

function readListed(
  head: Head,
  community: string,
  { record, ...listed }: Listed,
): HeadDesignation | undefined {
  const bytes = fromBase64Url(record) ?? new Uint8Array();
  const read = designationForm.parse(bytes);
  if (!read.ok || read.value.community !== community || !isOf(head, read.value)) return undefined;
  return { given: read.value, bytes, signed: listed.signed, isRecorded: listed.isRecorded };
}

/** Those of a head, the newest first; what the service lists beside them is none of this head's. */
export const designationsOf = (
  head: Head,
  community: string,
  listed: DesignationsAnswer['designations'],
): readonly HeadDesignation[] => listed.flatMap((each) => readListed(head, community, each) ?? []);

/** A new one, for every meeting until its last day. */
export function proposalOf(
  { units, holders }: Head,
  { community, to, until }: { readonly community: string; readonly to: string; readonly until: string },
): Uint8Array | undefined {
  const parties = holders.map(({ person, identity }) => ({ person, identity }));
  const designee = parties.find(({ person }) => person === to);
  if (designee === undefined) return undefined;
  return designationForm.bytes({
    v: 1,
    kind: 'designation',
    community,
    meeting: '',
    designation: toBase32(draw(16)),
    units: units.map(({ unit }) => unit),
    by: parties.filter(({ person }) => person !== to),
    to: designee,
    until,
    scanHash: '',
    nonce: toBase64Url(draw(16)),
  });
}
