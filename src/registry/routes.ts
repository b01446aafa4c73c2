/** Routes of communities, registers and units; for officers only (DESIGN §6, SPEC 3.1). */
import { Router } from 'express';
import { toBase64Url } from '../base/bytes.ts';
import { showInstant } from '../base/instant.ts';
import { ok, refuse } from '../base/result.ts';
import { inTransaction } from '../db/transaction.ts';
import { route } from '../http/mount.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { CommunityAnswer, UnitsAnswer } from './contract.ts';
import {
  accessBody,
  accessesAnswer,
  communitiesAnswer,
  communityAnswer,
  communityBody,
  communityParams,
  fileAnswer,
  registerParams,
  unitsAnswer,
} from './contract.ts';
import { mountImports } from './import-routes.ts';
import { createCommunity } from './importing.ts';
import { personalAccesses, readRegisterFile } from './raw-files.ts';
import type { RegistryDeps } from './registry-deps.ts';
import type { CommunityRow } from './store/communities.ts';
import { listCommunities } from './store/communities.ts';
import { registryUnits } from './units.ts';

const communityOf = (row: CommunityRow): CommunityAnswer => ({
  community: row.community_id,
  name: row.name,
  register: row.register_id ?? '',
});

/** Routes under `/v1/communities`. */
export function registryRouter(deps: RegistryDeps): Router {
  const router = Router();
  mountCommunities(router, deps);
  mountImports(router, deps);
  mountFiles(router, deps);
  return router;
}

function mountCommunities(router: Router, deps: RegistryDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities',
      summary: '新建小区',
      as: 'officer',
      body: communityBody,
      answer: communityAnswer,
      status: 201,
      creates: true,
    },
    async ({ body, officer }) => {
      const isOfCity = officer.community === '' && ['regulator', 'street'].includes(officer.role);
      if (!isOfCity) return refuse('NOT_ALLOWED');
      const community = await inTransaction(deps.db, (tx) => createCommunity(tx, deps, body));
      return ok({ community, name: body.name, register: '' });
    },
  );
  route(
    router,
    { method: 'get', path: '/v1/communities', summary: '小区', as: 'officer', answer: communitiesAnswer },
    async ({ officer }) =>
      ok({ communities: (await listCommunities(deps.db, officer.community)).map(communityOf) }),
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/communities/:community/units',
      summary: '专有部分',
      as: 'officer',
      params: communityParams,
      answer: unitsAnswer,
    },
    async ({ params, officer }) => {
      if (!actsIn(officer, params.community)) return refuse('NOT_ALLOWED');
      const units = await registryUnits(deps.db, params.community);
      const answer: UnitsAnswer = {
        units: units.map((unit) => ({
          ...unit,
          areaDm2: unit.areaDm2.toString(),
          owners: unit.owners.length,
        })),
      };
      return ok(answer);
    },
  );
}

function mountFiles(router: Router, deps: RegistryDeps): void {
  route(
    router,
    {
      // No GET: whoever reads the file leaves a record.
      method: 'post',
      path: '/v1/communities/:community/registers/:register/file',
      summary: '调取业主名册的原始文件,须写明理由,调取记录不可删改',
      as: 'officer',
      proved: true,
      params: registerParams,
      body: accessBody,
      answer: fileAnswer,
    },
    async ({ params, body, officer }) => {
      const file = await readRegisterFile(deps, officer, { ...params, ...body });
      return file.ok ? ok({ register: params.register, file: toBase64Url(file.value) }) : file;
    },
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/communities/:community/personal-accesses',
      summary: '名册原始文件和待签事项身份信息的调取记录',
      as: 'officer',
      params: communityParams,
      answer: accessesAnswer,
    },
    async ({ params, officer }) => {
      const found = await personalAccesses(deps, officer, params.community);
      if (!found.ok) return found;
      return ok({
        accesses: found.value.map((each) => ({ ...each, accessedAt: showInstant(each.accessedAt) })),
      });
    },
  );
}
