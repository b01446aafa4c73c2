/** Routes of identity providers: officers declare them, and an owner without letter binds his phone by one (SPEC 3.4). */
import { ok, refuse } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import { readSignature } from '../officers/signature-body.ts';
import { isProvider } from '../record/provider.ts';
import { communityParams } from './contract.ts';
import { requestParams } from './counter-contract.ts';
import type { BindingDeps } from './identity-deps.ts';
import {
  declaredAnswer,
  everyProviderAnswer,
  providerSignatureBody,
  providersAnswer,
  providersBody,
  returnBody,
  returnedAnswer,
  signInBody,
  wayAnswer,
} from './provider-contract.ts';
import { beginSignIn, returnFromProvider, signForProvider } from './provider-signing-in.ts';
import { declareProviders, providersByCommunity, usableProviders } from './providers.ts';

/** Mounts them under `/v1/communities/:community/providers` and `/v1/identity/provider-sign-ins`. */
export function mountProviders(router: Router, deps: BindingDeps): void {
  mountDeclarations(router, deps);
  mountSignIns(router, deps);
}

function mountDeclarations(router: Router, deps: BindingDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/communities/:community/providers',
      summary: '可用来登记手机的身份提供方',
      as: 'anyone',
      params: communityParams,
      answer: providersAnswer,
    },
    async ({ params }) => ok({ providers: [...(await usableProviders(deps, params.community))] }),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/providers',
      summary: '声明身份提供方及其密钥,由监管部门和街道办签署后生效',
      as: 'officer',
      params: communityParams,
      body: providersBody,
      answer: declaredAnswer,
      status: 201,
      timeMs: 60_000,
    },
    async ({ params, body, officer }) => {
      for (const wish of body.providers)
        if (!isProvider({ ...wish, aud: '-' })) return refuse('PROVIDER_FORM', 'providers');
      const declared = await declareProviders(deps, officer, { community: params.community, ...body });
      if (!declared.ok) return declared;
      const { act, providers } = declared.value;
      return ok({ act, providers: providers.map(({ iss, aud, keys }) => ({ iss, aud, keys: [...keys] })) });
    },
  );
}

function mountSignIns(router: Router, deps: BindingDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/identity/providers',
      summary: '哪些小区可用哪些身份提供方登记手机',
      as: 'anyone',
      answer: everyProviderAnswer,
    },
    async () => ok({ communities: await providersByCommunity(deps) }),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/identity/provider-sign-ins',
      summary: '登记一把还不属于任何人的密钥,并前往身份提供方',
      as: 'anyone',
      body: signInBody,
      answer: wayAnswer,
      status: 201,
      perAddress: { perMinute: 6, counted: 'every call' },
    },
    async ({ body }) => beginSignIn(deps, body),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/identity/provider-sign-ins/:request/return',
      summary: '从身份提供方返回',
      as: 'anyone',
      params: requestParams,
      body: returnBody,
      answer: returnedAnswer,
      timeMs: 30_000,
      perAddress: { perMinute: 30, counted: 'every call' },
    },
    async ({ params, body }) => returnFromProvider(deps, { request: params.request, ...body }),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/identity/provider-sign-ins/:request/signature',
      summary: '用新密钥签署登记内容,并再次前往身份提供方',
      as: 'anyone',
      params: requestParams,
      body: providerSignatureBody,
      answer: wayAnswer,
      status: 201,
      perAddress: { perMinute: 30, counted: 'every call' },
    },
    async ({ params, body }) => {
      const signature = readSignature(body.signature);
      return signature === undefined
        ? refuse('BINDING_MALFORMED', 'signature')
        : signForProvider(deps, params.request, signature);
    },
  );
}
