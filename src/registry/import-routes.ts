/** Routes of the register import: template, upload, standing, annotated workbook, draft; for officers only (DESIGN §6, SPEC 3.1). */
import { showInstant } from '../base/instant.ts';
import { ok } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import { communityParams } from './contract.ts';
import type { ImportOutcome, UploadSettings } from './import-checking.ts';
import type { ImportAnswer, OutcomeAnswer } from './import-contract.ts';
import {
  draftAnswer,
  draftBody,
  endedAnswer,
  importAnswer,
  importParams,
  importsAnswer,
  REGISTER_LIMIT,
  REGISTER_TYPES,
  submittedAnswer,
  uploadQuery,
  workbookAnswer,
  XLSX_TYPE,
} from './import-contract.ts';
import { draftImport } from './import-drafting.ts';
import type { ImportStanding, ShownImport } from './imports.ts';
import { annotatedImport, listImports, readImport, submitImport, withdrawImport } from './imports.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { registerTemplate } from './template.ts';

const settingsOf = (query: {
  readonly rounding?: 'half-up' | 'down' | undefined;
  readonly apart?: string | undefined;
  readonly plan?: string | undefined;
}): UploadSettings => ({
  ...(query.rounding === undefined ? {} : { areaRounding: query.rounding }),
  ...(query.apart === undefined ? {} : { buildingsApart: query.apart.split(',') }),
  ...(query.plan === undefined ? {} : { plan: query.plan }),
});

const listed = ({ importId, submittedAt, officer, state }: ShownImport) => ({
  import: importId,
  officer,
  state,
  submittedAt: showInstant(submittedAt),
});

const outcomeOf = (outcome: ImportOutcome, wantsTick: readonly string[]): OutcomeAnswer => {
  const { groups, summary, sheet, view, differences } = outcome;
  return {
    groups: groups.map((group) => ({ ...group, places: [...group.places] })),
    summary: { ...summary, areaDm2: summary.areaDm2.toString() },
    sheet,
    view:
      view === undefined
        ? null
        : {
            columns: [...view.columns],
            preview: view.preview.map(({ row, cells }) => ({ row, cells: [...cells] })),
            buildings: view.buildings.map((each) => ({ ...each, names: [...each.names] })),
            buildingCount: view.buildingCount,
          },
    differences: differences ?? null,
    wantsTick: [...wantsTick],
  };
};

const answerOf = (standing: ImportStanding): ImportAnswer => {
  const { ahead, rowsRead, rowsTotal, settings, act, outcome, wantsTick } = standing;
  return {
    ...listed(standing),
    ahead,
    rowsRead,
    rowsTotal,
    percent: outcome !== undefined ? 100 : rowsTotal === 0 ? 0 : Math.floor((rowsRead * 100) / rowsTotal),
    settings: {
      rounding: settings.areaRounding ?? '',
      apart: [...(settings.buildingsApart ?? [])],
      plan: settings.plan ?? '',
    },
    act,
    outcome: outcome === undefined ? null : outcomeOf(outcome, wantsTick),
  };
};

const placeOf = (params: { readonly community: string; readonly import: string }) => ({
  community: params.community,
  importId: params.import,
});

/** Mounts the import's routes. */
export function mountImports(router: Router, deps: RegistryDeps): void {
  mountUpload(router, deps);
  mountStanding(router, deps);
  mountWorkbooks(router, deps);
  mountEndings(router, deps);
}

function mountUpload(router: Router, deps: RegistryDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/imports',
      summary: '上传业主名册,排队检查;每人的新文件取代自己未拟定的旧文件',
      as: 'officer',
      params: communityParams,
      query: uploadQuery,
      rawTypes: REGISTER_TYPES,
      limit: REGISTER_LIMIT,
      timeMs: 60_000,
      answer: submittedAnswer,
      status: 202,
      creates: true,
    },
    async ({ params, query, raw, officer }) => {
      const request = { community: params.community, file: raw, settings: settingsOf(query) };
      const taken = await submitImport(deps, officer, request);
      return taken.ok ? ok({ import: taken.value.importId, ahead: taken.value.ahead }) : taken;
    },
  );
}

function mountStanding(router: Router, deps: RegistryDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/communities/:community/imports',
      summary: '最近的名册导入',
      as: 'officer',
      params: communityParams,
      answer: importsAnswer,
    },
    async ({ params, officer }) => {
      const found = await listImports(deps, officer, params.community);
      return found.ok ? ok({ imports: found.value.map(listed) }) : found;
    },
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/communities/:community/imports/:import',
      summary: '名册导入的进度与检查结果',
      as: 'officer',
      params: importParams,
      answer: importAnswer,
    },
    async ({ params, officer }) => {
      const found = await readImport(deps, officer, placeOf(params));
      return found.ok ? ok(answerOf(found.value)) : found;
    },
  );
}

function mountWorkbooks(router: Router, deps: RegistryDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/registers/template',
      summary: '空白名册模板',
      as: 'officer',
      answer: workbookAnswer,
      fileType: XLSX_TYPE,
    },
    async () =>
      ok({ file: await registerTemplate(), name: 'register-template.xlsx', nameZh: '业主名册模板.xlsx' }),
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/communities/:community/imports/:import/annotated',
      summary: '标注了问题的名册,只给上传者本人',
      as: 'officer',
      params: importParams,
      timeMs: 60_000,
      answer: workbookAnswer,
      fileType: XLSX_TYPE,
    },
    async ({ params, officer }) => {
      const annotated = await annotatedImport(deps, officer, placeOf(params));
      if (!annotated.ok) return annotated;
      return ok({
        file: annotated.value,
        name: 'register-annotated.xlsx',
        nameZh: '业主名册（已标注问题）.xlsx',
      });
    },
  );
}

function mountEndings(router: Router, deps: RegistryDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/imports/:import/draft',
      summary: '拟定名册导入,由两名人员签署后生效',
      as: 'officer',
      params: importParams,
      body: draftBody,
      answer: draftAnswer,
      status: 201,
      creates: true,
    },
    ({ params, body, officer }) => draftImport(deps, officer, placeOf(params), body.confirmed),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/imports/:import/withdrawal',
      summary: '放弃导入,立即删除上传的文件',
      as: 'officer',
      params: importParams,
      answer: endedAnswer,
    },
    async ({ params, officer }) => {
      const ended = await withdrawImport(deps, officer, placeOf(params));
      return ended.ok ? ok({ state: 'withdrawn' }) : ended;
    },
  );
}
