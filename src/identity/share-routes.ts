/** Routes of key shares: what a device key with a PIN asks of the service (SPEC 3.3). */
import { z } from 'zod';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { ok } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import { bytesText, idText } from '../officers/contract.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { makeShare, releaseShare, unlockShare } from './key-shares.ts';

const nothing = z.strictObject({});
const shareAnswer = z.strictObject({ share: bytesText(43) });
const releaseBody = z.strictObject({ handle: bytesText(43), proof: bytesText(43) });
const shareBody = releaseBody.extend({ credential: idText });
const shareParams = z.strictObject({ credential: idText });

const proofOf = (body: { readonly handle: string; readonly proof: string }) => ({
  handle: fromBase64Url(body.handle) ?? new Uint8Array(),
  proof: fromBase64Url(body.proof) ?? new Uint8Array(),
});

/** Mounts them under `/v1/identity/key-shares`. */
export function mountShares(router: Router, deps: IdentityDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/identity/key-shares',
      summary: '为本机密钥设密码',
      as: 'owner',
      body: shareBody,
      answer: shareAnswer,
      status: 201,
    },
    async ({ body, owner }) => {
      const made = await makeShare(deps, owner, { credential: body.credential, ...proofOf(body) });
      return made.ok ? ok({ share: toBase64Url(made.value.share) }) : made;
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/identity/key-shares/releases',
      summary: '凭密码取回本机密钥的另一半',
      as: 'anyone',
      body: releaseBody,
      answer: shareAnswer,
      perAddress: { perMinute: 120, counted: ['REQUEST_MALFORMED', 'SHARE_REFUSED', 'SHARE_LOCKED'] },
    },
    async ({ body }) => {
      const released = await releaseShare(deps, proofOf(body));
      return released.ok ? ok({ share: toBase64Url(released.value.share) }) : released;
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/identity/key-shares/:credential/unlocking',
      summary: '用信函解锁本机密钥的密码',
      as: 'owner',
      params: shareParams,
      answer: nothing,
    },
    async ({ params, owner }) => {
      const unlocked = await unlockShare(deps, owner, params.credential);
      return unlocked.ok ? ok({}) : unlocked;
    },
  );
}
