/** Routes of designations: co-owners see their heads and sign, officers enter a paper (SPEC 3.6). */
import { ok, refuse } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import { readSignature } from '../officers/signature-body.ts';
import { communityParams } from './contract.ts';
import {
  designationAnswer,
  designationBody,
  designationsAnswer,
  paperDesignationAnswer,
  paperDesignationBody,
} from './designation-contract.ts';
import { designationsOfOwner } from './designation-views.ts';
import { signDesignation } from './designations.ts';
import { MANDATE_LIMIT, SCAN_LIMIT } from './mandate-contract.ts';
import type { MandateDeps } from './mandate-rules.ts';
import { wireBytes } from './mandates.ts';
import { draftDesignation } from './paper-designations.ts';

/** Mounts them under `/v1/identity` and `/v1/communities/:community`. */
export function mountDesignations(router: Router, deps: MandateDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/identity/designations',
      summary: '我与他人共有的户,以及由谁表决的指定',
      as: 'owner',
      answer: designationsAnswer,
    },
    async ({ owner }) => ok(await designationsOfOwner(deps, owner)),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/identity/designations',
      summary: '签署由另一位共有人表决的指定',
      as: 'owner',
      body: designationBody,
      answer: designationAnswer,
      status: 201,
      limit: MANDATE_LIMIT,
    },
    async ({ body, owner }) => {
      const signature = readSignature(body.signature);
      if (signature === undefined) return refuse('DESIGNATION_MALFORMED', 'signature');
      return signDesignation(deps, owner, { designation: wireBytes(body.designation), signature });
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/designations',
      summary: '登记纸质指定书,由两名人员签署后生效',
      as: 'officer',
      params: communityParams,
      body: paperDesignationBody,
      answer: paperDesignationAnswer,
      status: 201,
      limit: SCAN_LIMIT,
    },
    async ({ params, body, officer }) =>
      draftDesignation(deps, officer, { ...body, community: params.community, file: wireBytes(body.file) }),
  );
}
