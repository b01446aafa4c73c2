// Mandates over real HTTP: a principal signs one with his letter as his page would, and an agent votes under it.
import type { z } from 'zod';
import type { PapersAnswer } from '../../src/ballot/contract.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import type { HttpClient } from '../../src/cli/demo/http-client.ts';
import type { Officer } from '../../src/cli/demo/officer.ts';
import { actTogether } from '../../src/cli/demo/officer.ts';
import { letterKey, makeCast, signInOwner } from '../../src/cli/demo/owner.ts';
import type { MeAnswer } from '../../src/identity/contract.ts';
import type { LetterCode } from '../../src/identity/domain/letter-making.ts';
import type { agentAnswer, paperMandateBody } from '../../src/identity/mandate-contract.ts';
import type { Cast } from '../../src/record/cast.ts';
import { castForm } from '../../src/record/cast.ts';
import { letterSeed } from '../../src/record/letter.ts';
import type { Mandate } from '../../src/record/mandate.ts';
import { mandateForm, mandateHash, mandateRevocationHash } from '../../src/record/mandate.ts';
import type { Signature } from '../../src/record/signature.ts';
import type { TestService } from '../support/service.ts';
import type { Answer } from './voting-world.ts';
import { castBy, newClient } from './voting-world.ts';

export type SignedIn = { readonly client: HttpClient; readonly letter: LetterCode; readonly me: MeAnswer };

export const keyOf = ({ letter }: Pick<SignedIn, 'letter'>) =>
  letterKey({ code: letter.code, number: letter.owner.number });

/** An owner who is signed in by his letter. */
export async function signIn(service: TestService, letter: LetterCode): Promise<SignedIn> {
  const client = newClient(service);
  await signInOwner(service.world, client, { code: letter.code, number: letter.owner.number });
  return { client, letter, me: await client.get<MeAnswer>('/v1/identity/me') };
}

/** An honest mandate of a principal for all his units, with one thing changed. */
export async function mandateOf(
  service: TestService,
  principal: SignedIn,
  agent: string,
  change: Partial<Mandate> = {},
): Promise<Mandate> {
  const identityOf = (code: string) =>
    principal.client.get<z.infer<typeof agentAnswer>>(`/v1/identity/agents/${code}`);
  const [by, to] = [await identityOf(principal.me.person), await identityOf(agent)];
  return {
    v: 1,
    kind: 'mandate',
    community: principal.me.community,
    meeting: '',
    mandate: newId(service.world.random),
    basis: 'mandate',
    by: { person: by.person, identity: by.identity },
    to: { person: to.person, identity: to.identity },
    units: principal.me.units.map(({ unit }) => unit),
    proposals: [],
    until: '2027-12-31',
    declares: 'agent-is-no-property-staff',
    scanHash: '',
    nonce: toBase64Url(service.world.random(16)),
    ...change,
  };
}

/** Sends a mandate under a signature, the principal's own unless another is given. */
export async function give(
  principal: SignedIn,
  mandate: Mandate,
  sign: (hash: Uint8Array) => Signature = keyOf(principal).sign,
): Promise<string> {
  const bytes = mandateForm.bytes(mandate);
  const body = { mandate: toBase64Url(bytes), signature: sign(mandateHash(bytes)) };
  return (await principal.client.post<{ mandate: string }>('/v1/identity/mandates', body)).mandate;
}

/** Takes a mandate back; `bytes` are those of the mandate whose revocation is signed. */
export const takeBack = (
  principal: SignedIn,
  mandate: Mandate,
  sign: (hash: Uint8Array) => Signature = keyOf(principal).sign,
): Promise<unknown> =>
  principal.client.post('/v1/identity/mandates/revocations', {
    mandate: mandate.mandate,
    signature: sign(mandateRevocationHash(mandateForm.bytes(mandate))),
  });

/** Enters a paper mandate by two officers. */
export async function enterPaper(
  service: TestService,
  officers: readonly [Officer, Officer],
  community: string,
  paper: z.input<typeof paperMandateBody>,
): Promise<string> {
  let mandate = '';
  await actTogether(
    service.world,
    async () => {
      const drafted = await officers[0].client.post<{ act: string; mandate: string }>(
        `/v1/communities/${community}/mandates`,
        paper,
      );
      mandate = drafted.mandate;
      return drafted;
    },
    officers,
  );
  return mandate;
}

export type Paper = PapersAnswer['papers'][number];

export const papersOf = (agent: SignedIn, meeting: string): Promise<PapersAnswer> =>
  agent.client.get<PapersAnswer>(`/v1/meetings/${meeting}/papers`);

/** The record under which a paper is an agent's; undefined for his own. */
export const mandateIn = (paper: Paper): Mandate | undefined =>
  paper.mandate === '' ? undefined : mandateForm.own(present(fromBase64Url(paper.mandate), 'served bytes'));

/** Those of the served papers that are under a mandate of this principal, or (none named) one's own. */
export const papersFor = (served: PapersAnswer, principal: string): readonly Paper[] =>
  served.papers.filter((paper) => (mandateIn(paper)?.by.person ?? '') === principal);

/** A cast of an option on each proposal of one paper, with one thing changed. */
export async function castOn(
  service: TestService,
  agent: SignedIn,
  served: PapersAnswer,
  paper: Paper,
  change: Partial<Cast> = {},
): Promise<Cast> {
  const bytes = await makeCast(service.world, agent.client, served, paper, () => ['for']);
  return { ...castForm.own(bytes), ...change };
}

/** Signs by the letter and posts; the code of a refusal, or the status. */
export async function post(
  service: TestService,
  meeting: string,
  agent: SignedIn,
  cast: Cast,
): Promise<string> {
  const answer: Answer = await castBy(service, meeting, { seed: letterSeed(agent.letter.code) }, cast);
  return answer.code === '' ? String(answer.status) : answer.code;
}

/** Votes for a principal, or (none named) for himself, with papers fetched anew. */
export async function vote(
  service: TestService,
  meeting: string,
  voter: SignedIn,
  principal = '',
): Promise<string> {
  const served = await papersOf(voter, meeting);
  const [paper] = papersFor(served, principal);
  return paper === undefined
    ? 'no paper'
    : post(service, meeting, voter, await castOn(service, voter, served, paper));
}
