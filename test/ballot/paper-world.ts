// Clerks at a meeting with papers: the ballots that are printed, what each officer keys as his page does it, and the two who sign.
import type { KeyedAnswer, PaperSheetAnswer, PrintAnswer } from '../../src/ballot/keying-contract.ts';
import { present } from '../../src/base/assert.ts';
import { concat, fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { makeOfficer } from '../../src/cli/demo/founding.ts';
import type { Officer } from '../../src/cli/demo/officer.ts';
import { signBy } from '../../src/cli/demo/officer.ts';
import { seal } from '../../src/crypto/sealed-box.ts';
import type { ActAnswer } from '../../src/officers/contract.ts';
import { definitionForm } from '../../src/record/meeting.ts';
import type { Keyed, Paper } from '../../src/record/paper.ts';
import { paperBytes, paperForm, paperSalt, paperScanHash } from '../../src/record/paper.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { newClient } from './voting-world.ts';

export type Clerks = { readonly clerk: Officer; readonly scrutineer: Officer; readonly street: Officer };

/** A clerk and a scrutineer beside the street office. */
export async function appointClerks(service: TestService, settled: TestCommunity): Promise<Clerks> {
  const { community, officers } = settled;
  const signers = { officers: [officers.regulator, officers.street] as const };
  const make = (role: 'clerk' | 'scrutineer', number: string) =>
    makeOfficer(
      service.world,
      service.service.deps,
      newClient(service),
      { role, community, name: `演示${role}`, number },
      signers,
    );
  return {
    clerk: await make('clerk', '442000198505050055'),
    scrutineer: await make('scrutineer', '442000198606060064'),
    street: officers.street,
  };
}

export const print = async (
  { clerk }: Clerks,
  meeting: string,
  units: readonly string[] = [],
): Promise<PrintAnswer['ballots']> =>
  (await clerk.client.post<PrintAnswer>(`/v1/meetings/${meeting}/paper-ballots`, { units })).ballots;

export const sheetOf = (officer: Officer, meeting: string, serial: string): Promise<PaperSheetAnswer> =>
  officer.client.get<PaperSheetAnswer>(`/v1/meetings/${meeting}/paper-ballots/${serial}`);

/** What an officer reads off a paper; `bend` changes the record as a faulty page would. */
export type Reading = {
  readonly code: Uint8Array;
  readonly option?: string;
  readonly signer?: string;
  readonly handIn?: boolean;
  readonly file?: Uint8Array;
  /** Which of the pictures that others brought; his own where there is none. */
  readonly picture?: number | 'own';
  readonly bend?: (paper: Paper) => Paper;
};

const FILE = new TextEncoder().encode('a picture of a paper');

/** Keys a paper as the page does. */
export async function key(
  service: TestService,
  officer: Officer,
  meeting: string,
  serial: string,
  { code, option = 'for', signer, handIn = false, file = FILE, picture = 0, bend }: Reading,
): Promise<KeyedAnswer> {
  const sheet = await sheetOf(officer, meeting, serial);
  const parsed = definitionForm.parse(present(fromBase64Url(sheet.definition), 'bytes'));
  if (!parsed.ok) throw new Error('the definition is malformed');
  const definition = parsed.value;
  const boxKey = present(fromBase64Url(definition.boxKey), 'box key');
  const known = picture === 'own' ? undefined : sheet.scanHashes[picture];
  const read: Keyed = {
    meeting: sheet.meetingHash,
    entitlement: sheet.entitlement,
    signer: signer ?? present(sheet.signers[0], 'a holder').person,
    mandate: '',
    seq: sheet.seq,
    prev: sheet.prev,
    serial,
    scanHash: known ?? paperScanHash(code, file),
    marks: definition.proposals.flatMap((proposal) =>
      sheet.proposals.includes(proposal.proposal) ? [{ proposal, choice: [option] }] : [],
    ),
  };
  const honest = paperBytes(read, code, boxKey);
  const bytes = bend === undefined ? honest : paperForm.bytes(bend(paperForm.own(honest)));
  const salt = present(fromBase64Url(paperSalt(code, 'scan')), 'own salt');
  const scan =
    known === undefined && file.length > 0
      ? seal(concat(salt, file), boxKey, service.world.random(32), service.world.random(24))
      : new Uint8Array();
  return officer.client.post<KeyedAnswer>(`/v1/meetings/${meeting}/paper-ballots/keyed`, {
    paper: toBase64Url(bytes),
    scan: toBase64Url(scan),
    handIn,
  });
}

/** Clerk and scrutineer key a paper alike; gives the act that waits for both. */
export async function keyAlike(
  service: TestService,
  { clerk, scrutineer }: Clerks,
  meeting: string,
  serial: string,
  reading: Partial<Reading> = {},
): Promise<string> {
  const code = service.world.random(16);
  const first = await key(service, clerk, meeting, serial, { code, ...reading });
  const second = await key(service, scrutineer, meeting, serial, { code, ...reading });
  if (first.became !== 'drafted' || second.became !== 'equal' || second.act !== first.act)
    throw new Error(`${first.became}, ${second.became}`);
  return first.act;
}

/** What became of an act, once the service has looked at it. */
export async function outcomeOf(service: TestService, officer: Officer, act: string): Promise<string> {
  for (let looks = 0; looks < 100; looks += 1) {
    await service.world.beatNow();
    const { state, refusal } = await officer.client.get<ActAnswer>(`/v1/acts/${act}`);
    if (state !== 'signed') return refusal === '' ? state : refusal;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return 'still signed';
}

/** Both sign the act. */
export async function enterBy(
  service: TestService,
  act: string,
  signers: readonly Officer[],
): Promise<string> {
  await signBy(service.world, act, signers);
  return outcomeOf(service, present(signers[0], 'a signer'), act);
}
