/** A demo officer: enrols a software passkey, signs in, and signs acts after checking the log, all over HTTP (SPEC 2). */

import { present } from '../../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import type { Clock, Random } from '../../base/clock.ts';
import { showInstant } from '../../base/instant.ts';
import { sign } from '../../crypto/ed25519.ts';
import type { ActAnswer } from '../../officers/contract.ts';
import type { Role } from '../../record/action.ts';
import { actionForm, actionHash, subjectHash } from '../../record/action.ts';
import { verifyCheckpoint } from '../../record/checkpoint.ts';
import { loginHash } from '../../record/login.ts';
import { EMPTY_ROOT } from '../../record/merkle.ts';
import type { Signature } from '../../record/signature.ts';
import type { HttpClient } from './http-client.ts';

export type Officer = {
  readonly officer: string;
  readonly role: Exclude<Role, 'root'>;
  readonly client: HttpClient;
  /** Raw Ed25519 key of a key file in base64url, empty for a passkey. */
  readonly publicKey: string;
  readonly sign: (challenge: Uint8Array) => Signature;
};

/** What the clients of a demo share. */
export type DemoWorld = {
  readonly origin: string;
  readonly logVkey: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Runs a beat of the service, so that the demo need not wait for one. */
  readonly beatNow: () => Promise<void>;
};

const HOUR_MS = 3_600_000;
const ACTION_LIFE_MS = 48 * HOUR_MS;

/** The newest checkpoint, verified under the log's key. */
async function newestCheckpoint(
  world: DemoWorld,
  client: HttpClient,
): Promise<{ size: number; root: string }> {
  const note = await client.text('/log/checkpoint').catch(() => '');
  if (note === '') return { size: 0, root: toBase64Url(EMPTY_ROOT) };
  const checkpoint = verifyCheckpoint(note, world.logVkey);
  if (!checkpoint.ok) throw new Error(`the checkpoint does not verify: ${checkpoint.refusal.code}`);
  return { size: checkpoint.value.size, root: toBase64Url(checkpoint.value.root) };
}

/** Bytes of the action on an act, its subject computed from the bytes that the officer was shown. */
export async function actionOn(
  world: DemoWorld,
  client: HttpClient,
  act: ActAnswer,
  signer: { readonly officer: string; readonly role: Role },
): Promise<Uint8Array> {
  const subject = subjectHash(present(fromBase64Url(act.entry), 'served bytes'));
  if (subject !== act.subject) throw new Error(`the act ${act.act} shows other bytes than it names`);
  return actionForm.bytes({
    v: 1,
    kind: 'action',
    action: act.kind,
    subject,
    community: signer.role === 'root' ? '' : act.community,
    meeting: signer.role === 'root' ? '' : act.meeting,
    officer: signer.officer,
    role: signer.role,
    ...(await newestCheckpoint(world, client)),
    expires: showInstant(world.clock() + ACTION_LIFE_MS),
    nonce: toBase64Url(world.random(16)),
  });
}

/** Signs an act with a root key file's seed. */
export async function signAsRoot(
  world: DemoWorld,
  client: HttpClient,
  act: ActAnswer,
  root: { readonly officer: string; readonly seed: Uint8Array },
): Promise<void> {
  const action = await actionOn(world, client, act, { officer: root.officer, role: 'root' });
  const signature: Signature = {
    alg: 'Ed25519',
    signature: toBase64Url(sign(root.seed, actionHash(action))),
  };
  await client.post(`/v1/acts/${act.act}/actions`, { action: toBase64Url(action), signature });
}

/** Signs in with the passkey. */
export async function signInOfficer(
  world: DemoWorld,
  { client, publicKey, sign: signWith }: Officer,
): Promise<void> {
  const { serverNonce } = await client.post<{ serverNonce: string }>('/v1/officers/challenges');
  const pageNonce = world.random(32);
  const challenge = loginHash(world.origin, present(fromBase64Url(serverNonce), 'served bytes'), pageNonce);
  await client.post('/v1/officers/sessions', {
    origin: world.origin,
    serverNonce,
    pageNonce: toBase64Url(pageNonce),
    publicKey,
    signature: signWith(challenge),
  });
}

/** Each officer reads the act and signs it. */
export async function signBy(world: DemoWorld, actId: string, officers: readonly Officer[]): Promise<void> {
  for (const officer of officers) {
    const act = await officer.client.get<ActAnswer>(`/v1/acts/${actId}`);
    const action = await actionOn(world, officer.client, act, officer);
    await officer.client.post(`/v1/acts/${actId}/actions`, {
      action: toBase64Url(action),
      signature: officer.sign(actionHash(action)),
    });
  }
}

const PATIENCE_MS = 20_000;
const PAUSE_MS = 100;

/** Lets the service execute a signed act and insists that it is done; one that opens at a time may wait for its second. */
export async function untilDone(world: DemoWorld, actId: string, officer: Officer): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
    await world.beatNow();
    const act = await officer.client.get<ActAnswer>(`/v1/acts/${actId}`);
    if (act.state === 'done') return;
    if (act.state !== 'signed' || waitedMs >= PATIENCE_MS) {
      throw new Error(`the act ${act.kind} is ${act.state} ${act.refusal}`);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Drafts an act by a POST, has it signed and executed. */
export async function actTogether(
  world: DemoWorld,
  draft: () => Promise<{ readonly act: string }>,
  officers: readonly [Officer, ...Officer[]],
): Promise<string> {
  const { act } = await draft();
  await signBy(world, act, officers);
  await untilDone(world, act, officers[0]);
  return act;
}
