/** Routes by which an owner gives, confirms, changes and removes his address of e-mail (SPEC 3.7, DESIGN §6). */
import { showInstant } from '../base/instant.ts';
import { ok } from '../base/result.ts';
import type { OwnerCaller, Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import type { EmailDeps } from './email-address.ts';
import { askEmailCode, confirmEmail, removeEmail, viewEmail } from './email-address.ts';
import type { EmailAnswer } from './email-contract.ts';
import { emailAnswer, emailBody, emailCodeBody } from './email-contract.ts';

const PATH = '/v1/identity/email';

async function answerOf(deps: EmailDeps, owner: OwnerCaller): Promise<EmailAnswer> {
  const { expiresAt, ...view } = await viewEmail(deps, owner);
  return { ...view, expiresAt: expiresAt === undefined ? '' : showInstant(expiresAt) };
}

/** Mounts them under `/v1/identity/email`. */
export function mountEmail(router: Router, deps: EmailDeps): void {
  route(
    router,
    { method: 'get', path: PATH, summary: '我的邮箱', as: 'owner', answer: emailAnswer },
    async ({ owner }) => ok(await answerOf(deps, owner)),
  );
  route(
    router,
    {
      method: 'post',
      path: PATH,
      summary: '登记邮箱,先发验证码',
      as: 'owner',
      body: emailBody,
      answer: emailAnswer,
      status: 202,
    },
    async ({ owner, body }) => {
      const asked = await askEmailCode(deps, owner, body.address);
      return asked.ok ? ok(await answerOf(deps, owner)) : asked;
    },
  );
  route(
    router,
    {
      method: 'post',
      path: `${PATH}/confirmation`,
      summary: '输入验证码,邮箱生效',
      as: 'owner',
      body: emailCodeBody,
      answer: emailAnswer,
    },
    async ({ owner, body }) => {
      const confirmed = await confirmEmail(deps, owner, body.code);
      return confirmed.ok ? ok(await answerOf(deps, owner)) : confirmed;
    },
  );
  route(
    router,
    { method: 'delete', path: PATH, summary: '删除我的邮箱', as: 'owner', answer: emailAnswer },
    async ({ owner }) => {
      await removeEmail(deps, owner);
      return ok(await answerOf(deps, owner));
    },
  );
}
