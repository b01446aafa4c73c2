// Acts as they really go: officers with keys, signed actions, and the execution in one transaction that a refusal undoes.

import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { showInstant } from '../../src/base/instant.ts';
import type { Refusal, Result } from '../../src/base/result.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import type { Tx } from '../../src/db/transaction.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import type { SignedAct } from '../../src/officers/acts.ts';
import { enterAct, readAct, refuseAct, signAct, takeSignedAct } from '../../src/officers/acts.ts';
import type { OfficerDeps } from '../../src/officers/officer-deps.ts';
import { insertOfficer } from '../../src/officers/store.ts';
import type { Role } from '../../src/record/action.ts';
import { actionForm, actionHash } from '../../src/record/action.ts';
import { EMPTY_ROOT } from '../../src/record/merkle.ts';

/** An officer with the seed of his Ed25519 key. */
export type TestOfficer = {
  readonly officer: string;
  readonly role: Exclude<Role, 'root'>;
  readonly community: string;
  readonly seed: Uint8Array;
};

/** Appoints an officer by his rows alone; how appointments come about is tested elsewhere. */
export async function appoint(
  deps: OfficerDeps,
  role: TestOfficer['role'],
  community: string,
): Promise<TestOfficer> {
  const [officer, seed] = [newId(deps.random), deps.random(32)];
  await inTransaction(deps.db, (tx) =>
    insertOfficer(
      tx,
      {
        officer_id: officer,
        community_id: community,
        role,
        name: `测试${role}`,
        identity: sha256(seed),
        until_on: '2099-12-31',
        appointed_entry_id: 0n,
      },
      [
        {
          credential_id: newId(deps.random),
          officer_id: officer,
          alg: 'Ed25519',
          public_key: publicKeyOf(seed),
          webauthn_id: new Uint8Array(),
        },
      ],
    ),
  );
  return { officer, role, community, seed };
}

/** Signs an act by these officers, one after the other. */
export async function signBy(
  deps: OfficerDeps,
  actId: string,
  officers: readonly TestOfficer[],
): Promise<void> {
  const found = present(await readAct(deps, actId), 'the act exists').act;
  for (const { officer, role, seed } of officers) {
    const bytes = actionForm.bytes({
      v: 1,
      kind: 'action',
      action: found.kind,
      subject: toBase64Url(found.subject),
      community: found.community_id,
      meeting: found.meeting_id ?? '',
      officer,
      role,
      size: 0,
      root: toBase64Url(EMPTY_ROOT),
      expires: showInstant(deps.clock() + 3_600_000),
      nonce: toBase64Url(deps.random(16)),
    });
    const signature = toBase64Url(sign(seed, actionHash(bytes)));
    const signed = await signAct(deps, actId, bytes, { alg: 'Ed25519', signature });
    if (!signed.ok) throw new Error(`signing was refused: ${signed.refusal.code}`);
  }
}

class Undo extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** Executes a signed act as the job does: entry and feature rows together, or neither. */
export async function executeAct<D extends OfficerDeps>(
  deps: D,
  actId: string,
  apply: (tx: Tx, deps: D, act: SignedAct, entryId: bigint) => Promise<Result<undefined>>,
): Promise<Result<bigint>> {
  try {
    return await inTransaction(deps.db, async (tx) => {
      const act = present(await takeSignedAct(tx, actId), 'the act is signed');
      const entryId = await enterAct(tx, deps, act);
      const applied = await apply(tx, deps, act, entryId);
      if (!applied.ok) throw new Undo(applied.refusal);
      return { ok: true, value: entryId };
    });
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
    await refuseAct(deps, actId, error.refusal.code);
    return { ok: false, refusal: error.refusal };
  }
}
