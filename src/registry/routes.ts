/** Routes of communities, registers and units; for officers only (DESIGN §6, SPEC 3.1). */
import { Router } from 'express';
import { toBase64Url } from '../base/bytes.ts';
import { showInstant } from '../base/instant.ts';
import { ok, refuse } from '../base/result.ts';
import { inTransaction } from '../db/transaction.ts';
import { route } from '../http/mount.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { CheckAnswer, CommunityAnswer, UnitsAnswer } from './contract.ts';
import {
  accessBody,
  accessesAnswer,
  checkAnswer,
  communitiesAnswer,
  communityAnswer,
  communityBody,
  communityParams,
  fileAnswer,
  importAnswer,
  REGISTER_LIMIT,
  REGISTER_TYPES,
  registerParams,
  registerQuery,
  unitsAnswer,
} from './contract.ts';
import type { DifferenceCounts } from './domain/differences.ts';
import type { Finding } from './domain/findings.ts';
import type { RegisterSummary } from './domain/import-check.ts';
import type { OperatorSettings } from './importing.ts';
import { checkFile, createCommunity, importRegister, mayImport } from './importing.ts';
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

const checkOf = (found: {
  readonly findings: readonly Finding[];
  readonly summary: RegisterSummary;
  readonly differences?: DifferenceCounts | undefined;
}): Omit<CheckAnswer, 'accepted'> => ({
  findings: [...found.findings],
  summary: { ...found.summary, areaDm2: found.summary.areaDm2.toString() },
  differences: found.differences ?? null,
});

const settingsOf = (query: {
  readonly rounding?: 'half-up' | 'down' | undefined;
  readonly apart?: string | undefined;
}): OperatorSettings => ({
  ...(query.rounding === undefined ? {} : { areaRounding: query.rounding }),
  ...(query.apart === undefined ? {} : { buildingsApart: query.apart.split(',') }),
});

const planOf = ({ plan }: { readonly plan?: string | undefined }): { readonly plan?: string } =>
  plan === undefined ? {} : { plan };

/** Routes under `/v1/communities`. */
export function registryRouter(deps: RegistryDeps): Router {
  const router = Router();
  mountCommunities(router, deps);
  mountRegisters(router, deps);
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

function mountRegisters(router: Router, deps: RegistryDeps): void {
  const upload = {
    method: 'post',
    as: 'officer',
    params: communityParams,
    query: registerQuery,
    rawTypes: REGISTER_TYPES,
    limit: REGISTER_LIMIT,
    timeMs: 60_000,
  } as const;
  route(
    router,
    {
      ...upload,
      path: '/v1/communities/:community/registers/check',
      summary: '检查业主名册,不导入',
      answer: checkAnswer,
    },
    async ({ params, query, raw, officer }) => {
      if (!mayImport(officer, params.community)) return refuse('NOT_ALLOWED');
      const { community } = params;
      const request = { community, file: raw, settings: settingsOf(query), ...planOf(query) };
      const check = await checkFile(deps, request);
      if (!check.ok) return check;
      const { accepted, comparison } = check.value;
      return ok({ accepted, ...checkOf({ ...check.value, differences: comparison?.counts }) });
    },
  );
  route(
    router,
    {
      ...upload,
      path: '/v1/communities/:community/registers',
      summary: '导入业主名册,由两名人员签署后生效',
      answer: importAnswer,
      status: 201,
      creates: true,
    },
    async ({ params, query, raw, officer }) => {
      const drafted = await importRegister(deps, officer, {
        community: params.community,
        file: raw,
        settings: settingsOf(query),
        ...planOf(query),
        confirmed: query.confirmed === 'true',
      });
      if (drafted.ok) {
        const { register, act } = drafted.value;
        return ok({ register, act, ...checkOf(drafted.value) });
      }
      const { refusal } = drafted;
      return 'findings' in refusal ? { ok: false, refusal, extras: { findings: refusal.findings } } : drafted;
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
      summary: '名册原始文件的调取记录',
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
