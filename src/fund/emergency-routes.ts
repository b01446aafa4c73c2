/** Emergencies over HTTP: where the community allows them, who drafts them, and what anybody reads of them (SPEC 8.3; who may sign, SPEC 2.4). */
import { z } from 'zod';
import { ok } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import { freeText, lineText } from '../officers/contract.ts';
import { EMERGENCY_CATEGORIES } from '../record/emergency.ts';
import { accountOfAct } from './account-opening.ts';
import type { ShownAnnulment } from './annulling.ts';
import { draftEmergencyAnnulment, readEmergencyAnnulments } from './annulling-emergencies.ts';
import {
  accountOpening,
  actParams,
  authorisationParams,
  communityParams,
  fenText,
  hashText,
  idText,
} from './contract.ts';
import { draftDeclaration, emergencyRule } from './declaring.ts';
import { draftEmergency } from './emergencies.ts';
import type { SealingDeps } from './fund-deps.ts';
import { listEmergencies } from './listing-emergencies.ts';
import { BASE, mayAnnul, mayPrepare } from './route-answers.ts';
import { scopeBody } from './scope-contract.ts';

/** `documentHash` is SHA-256 of the owners' rules or the city's. */
const declarationBody = z.strictObject({
  emergencies: z.enum(['allowed', 'barred']),
  documentHash: hashText,
});
/** `reportHash` is SHA-256 of the report of the danger, `quotationHash` of the quotation; `text` is public. */
const emergencyBody = z.strictObject({
  category: z.enum(EMERGENCY_CATEGORIES),
  text: freeText(4000),
  capFen: fenText,
  payee: lineText(200),
  payeeOpening: accountOpening,
  purpose: lineText(500),
  reportHash: hashText,
  quotationHash: hashText,
  units: scopeBody,
});
/** `documentHash` is SHA-256 of the order that finds the emergency unlawful. */
const annulmentBody = z.strictObject({ documentHash: hashText });
export type DeclarationBody = z.input<typeof declarationBody>;
export type EmergencyBody = z.input<typeof emergencyBody>;
export type EmergencyAnnulmentBody = z.input<typeof annulmentBody>;
const actAnswer = z.strictObject({ act: idText });

const place = z.number().int().nullable();
/** `rule` is null where nothing was ever declared: then emergencies are barred. */
const emergenciesAnswer = z.strictObject({
  rule: z
    .strictObject({
      emergencies: z.enum(['allowed', 'barred']),
      documentHash: hashText,
      logIndex: place,
    })
    .nullable(),
  emergencies: z.array(
    z.strictObject({
      authorisation: idText,
      category: z.enum(EMERGENCY_CATEGORIES),
      text: z.string(),
      state: z.enum(['open', 'closed', 'revoked']),
      capFen: fenText,
      payee: z.string(),
      payeeAccount: hashText,
      purpose: z.string(),
      reportHash: hashText,
      quotationHash: hashText,
      units: z.number().int(),
      logIndex: place,
      annulment: z.strictObject({ documentHash: hashText, logIndex: place }).nullable(),
    }),
  ),
});
export type EmergenciesAnswer = z.infer<typeof emergenciesAnswer>;

const shownAnnulment = (one: ShownAnnulment | undefined) =>
  one === undefined ? null : { ...one, logIndex: one.logIndex ?? null };

const SCOPE_LIMIT = 1024 * 1024;
const drafting = {
  method: 'post',
  as: 'officer',
  params: communityParams,
  answer: actAnswer,
  status: 201,
  creates: true,
} as const;

function mountReading(router: Router, deps: SealingDeps): void {
  route(
    router,
    {
      method: 'get',
      path: `${BASE}/emergencies`,
      summary: '紧急维修是否开通，以及各项紧急维修',
      as: 'anyone',
      params: communityParams,
      answer: emergenciesAnswer,
    },
    async ({ params: { community } }) => {
      const rule = await emergencyRule(deps.db, community);
      const emergencies = await listEmergencies(deps.db, community);
      const annulments = await readEmergencyAnnulments(deps.db, community);
      return ok({
        rule: rule === undefined ? null : { ...rule, logIndex: rule.logIndex ?? null },
        emergencies: emergencies.map(({ record, capFen, state, logIndex }) => ({
          authorisation: record.authorisation,
          category: record.category,
          text: record.text,
          state,
          capFen: String(capFen),
          payee: record.payee,
          payeeAccount: record.payeeAccount,
          purpose: record.purpose,
          reportHash: record.reportHash,
          quotationHash: record.quotationHash,
          units: record.shares.length,
          logIndex: logIndex ?? null,
          annulment: shownAnnulment(annulments.get(record.authorisation)),
        })),
      });
    },
  );
}

/** What both who sign an emergency, a refund or a payment are shown of its account. */
function mountAccounts(router: Router, deps: SealingDeps): void {
  route(
    router,
    {
      method: 'get',
      path: `${BASE}/acts/:act/account`,
      summary: '待签的紧急维修、返还或拨付的收款账号,供签署人核对,调取留痕',
      as: 'officer',
      params: actParams,
      answer: accountOpening,
    },
    ({ params, officer }) => accountOfAct(deps, officer, params),
  );
}

/** Mounts the routes. */
export function mountEmergencies(router: Router, deps: SealingDeps): void {
  route(
    router,
    {
      ...drafting,
      path: `${BASE}/emergency-declarations`,
      summary: '拟写紧急维修的开通或停用，待两人签署',
      body: declarationBody,
    },
    async ({ params: { community }, body, officer }) => {
      const allowed = mayAnnul(officer, community);
      return allowed.ok ? draftDeclaration(deps, { ...body, community }, officer.officer) : allowed;
    },
  );
  route(
    router,
    {
      ...drafting,
      path: `${BASE}/emergencies`,
      summary: '拟写紧急维修，待两人签署',
      body: emergencyBody,
      limit: SCOPE_LIMIT,
    },
    async ({ params: { community }, body, officer }) => {
      const allowed = mayPrepare(officer, community);
      if (!allowed.ok) return allowed;
      const request = { ...body, community, capFen: BigInt(body.capFen) };
      return draftEmergency(deps, request, officer.officer);
    },
  );
  route(
    router,
    {
      ...drafting,
      path: `${BASE}/emergencies/:authorisation/annulments`,
      summary: '拟写紧急维修的撤销，待监管部门和另一人签署',
      params: authorisationParams,
      body: annulmentBody,
    },
    async ({ params, body, officer }) => {
      const allowed = mayAnnul(officer, params.community);
      return allowed.ok ? draftEmergencyAnnulment(deps, { ...params, ...body }, officer.officer) : allowed;
    },
  );
  mountReading(router, deps);
  mountAccounts(router, deps);
}
