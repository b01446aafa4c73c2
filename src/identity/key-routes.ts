/** Routes of the keys that an owner binds to himself: signing in with a passkey, binding, seeing and taking back (SPEC 1.7, 3.4). */
import { z } from 'zod';
import { fromBase64Url } from '../base/bytes.ts';
import { ok, refuse } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import { idText } from '../officers/contract.ts';
import { readSignature } from '../officers/signature-body.ts';
import { bindKey, ownKeys, revokeKey } from './binding.ts';
import {
  bindingBody,
  boundAnswer,
  keysAnswer,
  ownerAnswer,
  passkeyLoginBody,
  revocationBody,
} from './contract.ts';
import type { BindingDeps } from './identity-deps.ts';
import { ownKeyUses } from './key-shares.ts';
import { signInByPasskey } from './signing-in.ts';

const bytes = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();

/** Mounts them under `/v1/identity`. */
export function mountKeys(router: Router, deps: BindingDeps): void {
  mountPasskeySignIn(router, deps);
  route(
    router,
    {
      method: 'get',
      path: '/v1/identity/credentials',
      summary: '我的表决凭证',
      as: 'owner',
      answer: keysAnswer,
    },
    async ({ owner }) => {
      const { identity, keys } = await ownKeys(deps, owner);
      const uses = await ownKeyUses(deps.db, owner);
      return ok({
        origin: deps.deployment.origin,
        rpId: deps.rpId,
        community: owner.community,
        person: owner.person,
        identity,
        credentials: keys.map(({ credential, kind, boundAt = 0, isInForce }) => ({
          credential,
          kind,
          boundAt,
          inForce: isInForce,
          ...(uses.get(credential) ?? { lastUsedAt: 0, pin: 'none' as const }),
        })),
      });
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/identity/credentials',
      summary: '登记通行密钥或本机密钥,由信函作证',
      as: 'owner',
      body: bindingBody,
      answer: boundAnswer,
      status: 201,
    },
    async ({ body, owner }) => {
      const [byLetter, byKey] = [readSignature(body.byLetter), readSignature(body.byKey)];
      if (byLetter === undefined || byKey === undefined) return refuse('BINDING_MALFORMED', 'signature');
      return bindKey(deps, owner, { binding: bytes(body.binding), evidence: [byLetter, byKey] });
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/identity/credentials/revocations',
      summary: '停用一把密钥',
      as: 'owner',
      body: revocationBody,
      answer: z.strictObject({ credential: idText }),
      status: 201,
    },
    async ({ body, owner }) => {
      const signature = readSignature(body.signature);
      if (signature === undefined) return refuse('REVOCATION_MALFORMED', 'signature');
      return revokeKey(deps, owner, { revocation: bytes(body.revocation), signature });
    },
  );
}

function mountPasskeySignIn(router: Router, deps: BindingDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/identity/passkey-sessions',
      summary: '业主凭通行密钥登录',
      as: 'anyone',
      body: passkeyLoginBody,
      answer: ownerAnswer,
      status: 201,
      perAddress: { perMinute: 120, counted: ['REQUEST_MALFORMED', 'IDENTITY_REFUSED'] },
    },
    async ({ body, setSession }) => {
      const signature = readSignature(body.signature);
      if (signature?.alg !== 'webauthn') return refuse('IDENTITY_REFUSED');
      const opened = await signInByPasskey(deps, {
        serverNonce: bytes(body.serverNonce),
        pageNonce: bytes(body.pageNonce),
        signature,
      });
      if (!opened.ok) return opened;
      const { token, session, expiresAt } = opened.value;
      setSession('owner', token, Math.floor((expiresAt - deps.clock()) / 1000));
      return ok(session);
    },
  );
}
