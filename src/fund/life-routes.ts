/** The course of work that the fund pays for, over HTTP: how it is closed (SPEC 8.3; who may sign, SPEC 2.4). */
import { z } from 'zod';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';
import { draftClosing } from './closing.ts';
import { authorisationParams, hashText, idText } from './contract.ts';
import { BASE, mayPrepare } from './route-answers.ts';

/** `documentHash` is SHA-256 of the document of acceptance, or of the one that says why the work is not done. */
const closingBody = z.strictObject({ documentHash: hashText });
const actAnswer = z.strictObject({ act: idText });

/** Mounts the routes. */
export function mountLife(router: Router, deps: OfficerDeps): void {
  route(
    router,
    {
      method: 'post',
      path: `${BASE}/authorisations/:authorisation/closings`,
      summary: '拟写结清，待两人签署',
      as: 'officer',
      params: authorisationParams,
      body: closingBody,
      answer: actAnswer,
      status: 201,
      creates: true,
    },
    async ({ params, body, officer }) => {
      const allowed = mayPrepare(officer, params.community);
      return allowed.ok ? draftClosing(deps, { ...params, ...body }, officer.officer) : allowed;
    },
  );
}
