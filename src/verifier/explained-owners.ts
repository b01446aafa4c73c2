/** LOG-01 of what owners are given and give: letters, keys, mandates, and the corrections of the roll (SPEC 9.1). */
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { bindHash, revocationHash } from '../record/binding.ts';
import { correctionHash } from '../record/correction.ts';
import { designationHash } from '../record/designation.ts';
import { freezeHash } from '../record/freeze.ts';
import { mandateForm, mandateHash } from '../record/mandate.ts';
import { mergeHash } from '../record/merge.ts';
import { reissueHash } from '../record/reissue.ts';
import { entriesOf } from './entry-scope.ts';
import { compare, missing } from './explained-lines.ts';
import { letterBatches } from './letter-checks.ts';
import type { Verification } from './verification.ts';

const bytesOf = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();

/** Makes the check of these files. */
export function explainOwners(the: Verification): void {
  explainLetters(the);
  explainKeys(the);
  explainMerges(the);
  explainMandates(the);
  explainDesignations(the);
  explainCorrections(the);
}

function explainLetters(the: Verification): void {
  const { contents, definition, log, notebook } = the;
  compare(
    the,
    'reissues.jsonl',
    entriesOf(log, 'letters.reissued', { community: definition.community }).map(({ index, entry }) => ({
      index,
      hash: entry.reissueHash,
    })),
    contents.reissues?.map(({ where, value }) => ({ where, hash: reissueHash(bytesOf(value.reissue)) })),
  );
  const batches = letterBatches(log, definition.community);
  if (contents.letters === undefined) {
    if (batches.length > 0) missing(the, 'letters.jsonl');
    return;
  }
  const [held, named] = [
    new Set(contents.letters.map(({ value }) => value.batch)),
    new Set(batches.map(({ entry }) => entry.batch)),
  ];
  for (const { index, entry } of batches) {
    notebook.holds(
      'LOG-01',
      `log ${index}`,
      held.has(entry.batch),
      `letters of batch ${entry.batch}`,
      'none',
    );
  }
  for (const { where, value } of contents.letters) {
    notebook.holds('LOG-01', where, named.has(value.batch), 'a batch of the log', value.batch);
  }
}

function explainKeys(the: Verification): void {
  const { contents, definition, log } = the;
  const { community } = definition;
  compare(
    the,
    'bindings.jsonl',
    entriesOf(log, 'credential.bound', { community }).map(({ index, entry }) => ({
      index,
      hash: entry.bindHash,
    })),
    contents.bindings?.map(({ where, value }) => ({
      where,
      hash: toBase64Url(bindHash(bytesOf(value.binding))),
    })),
  );
  compare(
    the,
    'revocations.jsonl',
    entriesOf(log, 'credential.revoked', { community }).map(({ index, entry }) => ({
      index,
      hash: entry.revocationHash,
    })),
    contents.revocations?.map(({ where, value }) => ({
      where,
      hash: toBase64Url(revocationHash(bytesOf(value.revocation))),
    })),
  );
  compare(
    the,
    'freezes.jsonl',
    entriesOf(log, 'voting.frozen', { community }).map(({ index, entry }) => ({
      index,
      hash: entry.freezeHash,
    })),
    contents.freezes?.map(({ where, value }) => ({
      where,
      hash: toBase64Url(freezeHash(bytesOf(value.freeze))),
    })),
  );
}

function explainMerges(the: Verification): void {
  const { contents, definition, log } = the;
  compare(
    the,
    'merges.jsonl',
    entriesOf(log, 'persons.merged', { community: definition.community }).map(({ index, entry }) => ({
      index,
      hash: entry.mergeHash,
    })),
    contents.merges?.map(({ where, value }) => ({ where, hash: mergeHash(bytesOf(value.merge)) })),
  );
}

/** Grants and ends of mandates; both entries name the hash of the mandate. */
function explainMandates(the: Verification): void {
  const { contents, definition, log } = the;
  const { community } = definition;
  const named = <E extends { readonly mandateHash: string }>(
    entries: readonly { readonly index: number; readonly entry: E }[],
  ) => entries.map(({ index, entry }) => ({ index, hash: entry.mandateHash }));
  const mandates = contents.mandates?.map(({ where, value }) => {
    const bytes = bytesOf(value.mandate);
    const parsed = mandateForm.parse(bytes);
    return { where, hash: toBase64Url(mandateHash(bytes)), mandate: parsed.ok ? parsed.value.mandate : '' };
  });
  compare(the, 'mandates.jsonl', named(entriesOf(log, 'mandate.granted', { community })), mandates);
  const hashes = new Map(mandates?.map(({ mandate, hash }) => [mandate, hash]));
  compare(
    the,
    'mandate-revocations.jsonl',
    named(entriesOf(log, 'mandate.revoked', { community })),
    contents.mandateEnds?.map(({ where, value }) => ({ where, hash: hashes.get(value.mandate) ?? '' })),
  );
}

function explainDesignations(the: Verification): void {
  const { contents, definition, log } = the;
  compare(
    the,
    'designations.jsonl',
    entriesOf(log, 'designation.recorded', { community: definition.community }).map(({ index, entry }) => ({
      index,
      hash: entry.designationHash,
    })),
    contents.designations?.map(({ where, value }) => ({
      where,
      hash: toBase64Url(designationHash(bytesOf(value.designation))),
    })),
  );
}

function explainCorrections(the: Verification): void {
  const { contents, definition, log } = the;
  compare(
    the,
    'corrections.jsonl',
    entriesOf(log, 'roll.corrected', { meeting: definition.meeting }).map(({ index, entry }) => ({
      index,
      hash: entry.correctionHash,
    })),
    contents.corrections?.map(({ where, value }) => ({
      where,
      hash: correctionHash(bytesOf(value.correction)),
    })),
  );
}
