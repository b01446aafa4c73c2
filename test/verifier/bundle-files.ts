// The story as an auditor gets it: every file of the bundle by its path, before the manifest is made over them (SPEC 9.1).
import { CN_2021, profileBytes } from '../../src/assembly/domain/profile.ts';
import { utf8 } from '../../src/base/bytes.ts';
import type { Canonical } from '../../src/base/canonical.ts';
import { canonicalBytes } from '../../src/base/canonical.ts';
import type {
  CredentialLine,
  DeliveryLine,
  DesignationLine,
  FreezeLine,
  MergeLine,
  RequisitionLine,
  TopUpsLine,
} from '../../src/record/bundle-lines.ts';
import {
  actionLineForm,
  bindingLineForm,
  certificateFileForm,
  correctionLineForm,
  credentialLineForm,
  deliveryLineForm,
  designationLineForm,
  formerTallyLineForm,
  freezeLineForm,
  fundLineForm,
  letterLineForm,
  linesFile,
  mandateEndLineForm,
  mandateLineForm,
  mergeLineForm,
  objectionLineForm,
  officerLineForm,
  personLineForm,
  requisitionLineForm,
  revocationLineForm,
  topUpsLineForm,
} from '../../src/record/bundle-lines.ts';
import { rollOpeningForm } from '../../src/record/identity.ts';
import { textHash } from '../../src/record/meeting.ts';
import type { Story } from './story.ts';
import type { AgentLines } from './story-agents.ts';
import type { Keys } from './story-bindings.ts';
import type { Book } from './story-book.ts';
import { journalOf } from './story-book.ts';
import { HONEST_CASTS } from './story-casts.ts';
import type { Certified } from './story-certificate.ts';
import type { Corrections } from './story-corrections.ts';
import type { Mandates } from './story-mandates.ts';
import type { Convened } from './story-meeting.ts';
import type { Owners } from './story-owners.ts';
import type { Counted } from './story-tally.ts';
import type { Recounted } from './story-voids.ts';

/** Each part of a story that has been told to its end. */
export type Told = {
  readonly story: Story;
  readonly owners: Owners;
  readonly keys: Keys;
  readonly freezes: readonly FreezeLine[];
  readonly merges: readonly MergeLine[];
  readonly mandates: Mandates;
  readonly topUps: readonly TopUpsLine[];
  readonly agent: AgentLines;
  readonly designations: readonly DesignationLine[];
  readonly requisitions: readonly RequisitionLine[];
  readonly book: Book;
  readonly convened: Convened;
  readonly deliveries: readonly DeliveryLine[];
  readonly corrections: Corrections;
  readonly counted: Counted;
  readonly recounted: Recounted | undefined;
  readonly certified: Certified;
};

function credentialsOf({ forge }: Story, { ownerOf }: Owners): readonly CredentialLine[] {
  const usedCredentials = [
    ...new Set(
      (forge.casts ?? HONEST_CASTS).flatMap(({ owner, by = owner, paper }) =>
        paper === undefined ? [by] : [],
      ),
    ),
  ];
  const honestCredentials = usedCredentials.map((name): CredentialLine => {
    const { person, identity, vote } = ownerOf(name);
    const { alg, publicKey, webauthnId } = vote.publicKey;
    return {
      credential: vote.credential,
      person,
      identity,
      kind: vote.kind,
      alg,
      publicKey,
      webauthnId,
    };
  });
  return forge.credentials?.(honestCredentials) ?? honestCredentials;
}

/** The bundle's files, without a manifest. */
export function bundleFiles({
  story,
  owners,
  keys,
  freezes,
  merges,
  mandates,
  topUps,
  agent,
  designations,
  requisitions,
  book,
  convened,
  deliveries,
  corrections,
  counted,
  recounted,
  certified,
}: Told): Map<string, Uint8Array> {
  const { forge, world } = story;
  const { log, officers, actions } = world;
  const { parameters, texts, roll } = convened;
  const files = new Map(certified.inputs);
  const journal = journalOf(book.transactions);
  files.set(
    'profile.json',
    forge.profileFile?.(profileBytes(CN_2021, parameters)) ?? profileBytes(CN_2021, parameters),
  );
  for (const text of texts) files.set(`notice/${textHash(text)}.txt`, utf8(text));
  files.set('keys.json', canonicalBytes({ logVkey: log.vkey } as Canonical));
  files.set('deliveries.jsonl', linesFile(deliveries.map(deliveryLineForm.bytes)));
  files.set('holders.jsonl', linesFile(roll.openings.map(rollOpeningForm.bytes)));
  files.set(
    'persons.jsonl',
    linesFile(
      [...owners.owners.values()].map(({ person, identity }) => personLineForm.bytes({ person, identity })),
    ),
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
  const letterLines = (forge.lettersFile?.(owners.letters) ?? owners.letters).map((item) =>
    letterLineForm.bytes({ batch: owners.batch, item }),
  );
  files.set('letters.jsonl', linesFile([...letterLines, ...agent.letters]));
  files.set('corrections.jsonl', linesFile(corrections.lines.map(correctionLineForm.bytes)));
  files.set('reissues.jsonl', linesFile(agent.reissues));
  files.set('credentials.jsonl', linesFile(credentialsOf(story, owners).map(credentialLineForm.bytes)));
  files.set('bindings.jsonl', linesFile(keys.bindings.map(bindingLineForm.bytes)));
  files.set('revocations.jsonl', linesFile(keys.revocations.map(revocationLineForm.bytes)));
  files.set('freezes.jsonl', linesFile(freezes.map(freezeLineForm.bytes)));
  files.set('merges.jsonl', linesFile(merges.map(mergeLineForm.bytes)));
  files.set('mandates.jsonl', linesFile(mandates.lines.map(mandateLineForm.bytes)));
  files.set('mandate-revocations.jsonl', linesFile(mandates.ends.map(mandateEndLineForm.bytes)));
  files.set('top-ups.jsonl', linesFile(topUps.map(topUpsLineForm.bytes)));
  files.set('designations.jsonl', linesFile(designations.map(designationLineForm.bytes)));
  files.set('requisitions.jsonl', linesFile(requisitions.map(requisitionLineForm.bytes)));
  const objections = [recounted?.objectionLine ?? [], certified.objectionLine].flat();
  files.set('objections.jsonl', linesFile(objections.map(objectionLineForm.bytes)));
  if (recounted !== undefined && forge.voids?.uncounted !== true)
    files.set('former-tallies.jsonl', linesFile([formerTallyLineForm.bytes(recounted.former)]));
  if (counted.promise !== undefined) files.set('promises.jsonl', linesFile([counted.promise]));
  files.set('tally.json', counted.recordBytes);
  files.set('participation.json', counted.listBytes);
  files.set('certificate.json', certificateFileForm.bytes({ token: certified.certificateToken }));
  files.set('fund.jsonl', linesFile(book.fundLines.map(fundLineForm.bytes)));
  files.set('fund.journal', utf8(forge.journal?.(journal) ?? journal));
  log.write(files);
  return files;
}
