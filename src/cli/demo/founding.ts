/** Founding a demo deployment: a demo root, officers with passkeys, a community with register and letters (SPEC 2, 3, 4). */

import { present } from '../../base/assert.ts';
import { compareText, fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import { addDays, civilDateAt } from '../../base/civil-date.ts';
import type { Random } from '../../base/clock.ts';
import { showInstant } from '../../base/instant.ts';
import { taken } from '../../base/result.ts';
import { publicKeyOf, sign } from '../../crypto/ed25519.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { LetterCode } from '../../identity/domain/letter-making.ts';
import { makeLetters } from '../../identity/domain/letter-making.ts';
import type { LetterRoster } from '../../identity/letter-roster.ts';
import { readAct } from '../../officers/acts.ts';
import type { ActAnswer } from '../../officers/contract.ts';
import { enrol, invite } from '../../officers/enrolling.ts';
import type { IdentitySalts, OfficerDeps } from '../../officers/officer-deps.ts';
import { declareRoot, rootOfficerId } from '../../officers/root.ts';
import type { Role } from '../../record/action.ts';
import { actionForm, actionHash } from '../../record/action.ts';
import type { UnsignedEntry } from '../../record/entry.ts';
import { subjectOf } from '../../record/entry.ts';
import { loginHash } from '../../record/login.ts';
import { EMPTY_ROOT } from '../../record/merkle.ts';
import { createCommunity } from '../../registry/importing.ts';
import type { RegistryDeps } from '../../registry/registry-deps.ts';
import { openRegister } from '../letters.ts';
import { softwareAuthenticator } from './authenticator.ts';
import type { HttpClient } from './http-client.ts';
import { httpClient } from './http-client.ts';
import { draftFile } from './importing-file.ts';
import type { DemoWorld, Officer } from './officer.ts';
import { actTogether, signAsRoot, signInOfficer, untilDone } from './officer.ts';

export type RootKey = { readonly seed: Uint8Array; readonly officer: string; readonly publicKey: string };

/** The root of a seed. */
export function rootKeyOf(seed: Uint8Array): RootKey {
  const publicKey = publicKeyOf(seed);
  return { seed, officer: rootOfficerId(publicKey), publicKey: toBase64Url(publicKey) };
}

/** Declares a demo root as the first entry of an empty log; every report will say `demo root`. */
export async function declareDemoRoot(deps: OfficerDeps, logOrigin: string, root: RootKey): Promise<void> {
  const entry: UnsignedEntry<'root.declared'> = {
    v: 1,
    kind: 'root.declared',
    origin: logOrigin,
    rpId: deps.rpId,
    origins: [...deps.origins],
    roots: [root.publicKey],
    threshold: 1,
    demo: 'demo',
  };
  const action = actionForm.bytes({
    v: 1,
    kind: 'action',
    action: 'root.declared',
    subject: subjectOf(entry),
    community: '',
    meeting: '',
    officer: root.officer,
    role: 'root',
    size: 0,
    root: toBase64Url(EMPTY_ROOT),
    expires: showInstant(deps.clock() + 48 * 3_600_000),
    nonce: toBase64Url(deps.random(16)),
  });
  const signature = { alg: 'Ed25519', signature: toBase64Url(sign(root.seed, actionHash(action))) } as const;
  const declared = await declareRoot(deps, entry, [{ action, signature }]);
  if (!declared.ok) throw new Error(`the demo root is refused: ${declared.refusal.code}`);
}

const TERM_DAYS = 1800;

/** Who is to become an officer. */
export type OfficerWish = {
  readonly role: Exclude<Role, 'root'>;
  readonly community: string;
  readonly name: string;
  readonly number: string;
  /** The seed of a key file instead of a passkey. */
  readonly keyFile?: Uint8Array;
};

type Enrolled = Pick<Officer, 'officer' | 'publicKey' | 'sign'> & { readonly act: string };

/** As an officer does it in his browser. */
async function enrolPasskey(
  world: DemoWorld,
  deps: OfficerDeps & IdentitySalts,
  client: HttpClient,
  wish: OfficerWish,
): Promise<Enrolled> {
  const { enrolment, code } = taken(await invite(deps, { ...wish, docKind: 'resident-id' }));
  const authenticator = softwareAuthenticator(deps.rpId, world.origin, world.random);
  const { serverNonce } = await client.post<{ serverNonce: string }>('/v1/officers/enrolment-challenges');
  const pageNonce = world.random(32);
  const challenge = loginHash(world.origin, present(fromBase64Url(serverNonce), 'served bytes'), pageNonce);
  const { act, officer } = await client.post<{ act: string; officer: string }>('/v1/officers/enrolments', {
    enrolment,
    code,
    origin: world.origin,
    serverNonce,
    pageNonce: toBase64Url(pageNonce),
    until: addDays(civilDateAt(world.clock()), TERM_DAYS),
    response: authenticator.register(challenge),
  });
  return { act, officer, publicKey: '', sign: authenticator.sign };
}

/** An officer's key file, as `owners-vote sign` uses it. */
export const keyFileOfficer = (seed: Uint8Array): Pick<Officer, 'publicKey' | 'sign'> => ({
  publicKey: toBase64Url(publicKeyOf(seed)),
  sign: (challenge) => ({ alg: 'Ed25519', signature: toBase64Url(sign(seed, challenge)) }),
});

/** On the server's own console, with a key file. */
async function enrolKeyFile(
  world: DemoWorld,
  deps: OfficerDeps & IdentitySalts,
  wish: OfficerWish,
  seed: Uint8Array,
): Promise<Enrolled> {
  const { enrolment, code } = taken(await invite(deps, { ...wish, docKind: 'resident-id' }));
  const until = addDays(civilDateAt(world.clock()), TERM_DAYS);
  const enrolled = await enrol(
    deps,
    enrolment,
    code,
    { kind: 'key-file', publicKey: publicKeyOf(seed) },
    until,
  );
  if (!enrolled.ok) throw new Error(`the enrolment is refused: ${enrolled.refusal.code}`);
  return { ...enrolled.value, ...keyFileOfficer(seed) };
}

/** Invites, enrols and appoints an officer: regulator and street by the root, others by regulator and street. */
export async function makeOfficer(
  world: DemoWorld,
  deps: OfficerDeps & IdentitySalts,
  client: HttpClient,
  wish: OfficerWish,
  signers: { readonly root: RootKey } | { readonly officers: readonly [Officer, ...Officer[]] },
): Promise<Officer> {
  const enrolled =
    wish.keyFile === undefined
      ? await enrolPasskey(world, deps, client, wish)
      : await enrolKeyFile(world, deps, wish, wish.keyFile);
  const { act } = enrolled;
  const officer: Officer = {
    officer: enrolled.officer,
    role: wish.role,
    client,
    publicKey: enrolled.publicKey,
    sign: enrolled.sign,
  };
  if ('root' in signers) {
    const drafted = await draftedAct(deps, act);
    await signAsRoot(world, client, drafted, signers.root);
    await world.beatNow();
    await signInOfficer(world, officer);
    await untilDone(world, act, officer);
  } else {
    await actTogether(world, async () => ({ act }), signers.officers);
    await signInOfficer(world, officer);
  }
  return officer;
}

/** Before anybody can sign in, the root's operator reads the act on the server itself. */
async function draftedAct(deps: OfficerDeps, actId: string): Promise<ActAnswer> {
  const { act } = present(await readAct(deps, actId), 'just drafted');
  return {
    act: actId,
    kind: act.kind,
    community: act.community_id,
    meeting: act.meeting_id ?? '',
    entry: toBase64Url(act.entry),
    subject: toBase64Url(act.subject),
    state: 'open',
    refusal: '',
    details: {},
    signatures: [],
    missing: [],
  };
}

export type Officers = {
  readonly regulator: Officer;
  readonly street: Officer;
  readonly committee: Officer;
  readonly registrar: Officer;
};

/** A community and its officers. */
export async function foundCommunity(
  world: DemoWorld,
  deps: RegistryDeps & IdentitySalts,
  baseUrl: string,
  root: RootKey,
  name: string,
  keyFiles: { readonly regulator?: Uint8Array; readonly street?: Uint8Array } = {},
): Promise<{ readonly community: string; readonly officers: Officers }> {
  const client = (): HttpClient => httpClient(baseUrl, () => toBase64Url(world.random(16)));
  const community = await inTransaction(deps.db, (tx) => createCommunity(tx, deps, { name }));
  const byRoot = { root };
  const make = (wish: OfficerWish, signers: Parameters<typeof makeOfficer>[4]): Promise<Officer> =>
    makeOfficer(world, deps, client(), wish, signers);
  const withKey = (seed: Uint8Array | undefined) => (seed === undefined ? {} : { keyFile: seed });
  const first = {
    role: 'regulator',
    community: '',
    name: '演示监管员 甲',
    number: '442000197001010014',
  } as const;
  const second = {
    role: 'street',
    community: '',
    name: '演示街道干部 乙',
    number: '442000197202020022',
  } as const;
  const regulator = await make({ ...first, ...withKey(keyFiles.regulator) }, byRoot);
  const street = await make({ ...second, ...withKey(keyFiles.street) }, byRoot);
  const two = { officers: [regulator, street] as const };
  const committee = await make(
    { role: 'committee', community, name: '演示业委会主任 丙', number: '442000197503030031' },
    two,
  );
  const registrar = await make(
    { role: 'registrar', community, name: '演示登记员 丁', number: '44200019800404004X' },
    two,
  );
  return { community, officers: { regulator, street, committee, registrar } };
}

/** Imports a register file by the committee and the street. */
export async function importFile(
  world: DemoWorld,
  officers: Officers,
  community: string,
  csv: Uint8Array,
): Promise<void> {
  const { committee, street } = officers;
  await actTogether(world, () => draftFile(world, committee.client, community, csv), [committee, street]);
}

/** Makes the letters offline from the file, uploads their public halves and has the registrar sign the batch. */
export async function issueDemoLetters(
  world: DemoWorld,
  registrar: Officer,
  community: string,
  csv: Uint8Array,
  random: Random,
): Promise<readonly LetterCode[]> {
  const roster = await registrar.client.get<LetterRoster>(`/v1/communities/${community}/roster`);
  const register = await openRegister(csv, roster, world.clock);
  if (!register.ok) throw new Error(`the register file does not open: ${register.refusal.code}`);
  const made = await makeLetters({ roster, register: register.value, random });
  if (!made.ok) throw new Error(`letters are refused: ${made.refusal.code}`);
  const items = [...made.value.items].sort((a, b) => compareText(a.letter, b.letter));
  const body = { batch: made.value.batch, madeIn: 'command', until: '', items };
  const path = `/v1/communities/${community}/letters`;
  await actTogether(world, () => registrar.client.post(path, body), [registrar]);
  return made.value.codes;
}
