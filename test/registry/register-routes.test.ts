// Goal: over HTTP an upload tells its differences, comes back annotated, a signer reads their numbers on the act, and a file is handed out to a
// supervising officer alone, with its record. Method: the whole service, officers signed in by their keys, a second register.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { checkedImport } from '../../src/cli/demo/importing-file.ts';
import { checkRegisterFile } from '../../src/registry/file-check.ts';
import { XLSX_TYPE } from '../../src/registry/import-contract.ts';
import { registerTemplate } from '../../src/registry/template.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';

let service: TestService;
let settled: TestCommunity;
beforeAll(async () => {
  service = await startTestService();
  settled = await settle(service, 24);
});
afterAll(async () => service.close());

const codeOf = async (asked: Promise<unknown>): Promise<string> => {
  try {
    await asked;
    return '';
  } catch (error) {
    return String(error);
  }
};
/** The register in force without its last unit. */
const shorter = (): Uint8Array => {
  const lines = new TextDecoder().decode(settled.generated.csv).trimEnd().split('\n');
  return new TextEncoder().encode(`${lines.slice(0, -1).join('\n')}\n`);
};

describe('an upload', () => {
  it('tells its differences, and its act shows their numbers to the signer', async () => {
    const { community, officers } = settled;
    const { committee, street } = officers;
    const path = `/v1/communities/${community}/imports`;
    const malformed = committee.client.postBytes(`${path}?plan=101`, shorter(), 'text/csv');
    expect(await codeOf(malformed)).toContain('BUILDING_PLAN_MALFORMED');
    const checked = await checkedImport(service.world, committee.client, community, shorter());
    const { outcome } = checked;
    expect(checked).toMatchObject({ state: 'checked', percent: 100, act: '' });
    expect(outcome?.differences).toMatchObject({ unitsBefore: 24, disappeared: 1, appeared: 0 });
    expect(outcome?.wantsTick).toContain('REG-D601');
    const draft = `${path}/${checked.import}/draft`;
    expect(await codeOf(committee.client.post(draft, { confirmed: [] }))).toContain('REGISTER_UNCONFIRMED');
    expect(await codeOf(committee.client.post(draft, { confirmed: ['REG-X999'] }))).toContain(
      'REQUEST_MALFORMED',
    );
    const body = { confirmed: outcome?.wantsTick };
    const drafted = await committee.client.post<{ register: string; act: string }>(draft, body);
    expect(drafted.register).toBe(checked.import);
    const act = await street.client.get<{ readonly details: unknown }>(`/v1/acts/${drafted.act}`);
    expect(act.details).toMatchObject({
      register: drafted.register,
      disappeared: '1',
      unitsBefore: '24',
      confirmed: outcome?.wantsTick.join(', '),
    });
    expect(await codeOf(committee.client.post(draft, body))).toContain('IMPORT_ENDED');
    await committee.client.post(`/v1/acts/${drafted.act}/withdrawal`);
    expect(await committee.client.get(`${path}/${checked.import}`)).toMatchObject({ state: 'withdrawn' });
    const file = `/v1/communities/${community}/registers/${drafted.register}/file`;
    expect(await codeOf(street.client.post(file, { reason: '核对名册' }))).toContain('REGISTER_FILE_ERASED');
  });

  it('is given back annotated to whoever sent it, as a file that is saved and kept by no cache', async () => {
    const { community, officers } = settled;
    const { committee, street } = officers;
    const bad = new TextEncoder().encode(
      new TextDecoder().decode(settled.generated.csv).replace(/\d{17}[\dX]/, '123'),
    );
    const refused = await checkedImport(service.world, committee.client, community, bad);
    expect(refused.state).toBe('refused');
    const path = `/v1/communities/${community}/imports/${refused.import}`;
    expect(await codeOf(committee.client.post(`${path}/draft`, { confirmed: [] }))).toContain(
      'REGISTER_REFUSED',
    );
    expect(await codeOf(street.client.text(`${path}/annotated`))).toContain('NOT_ALLOWED');
    const { headers, bytes } = await committee.client.file(`${path}/annotated`);
    expect(headers.get('content-type')).toBe(XLSX_TYPE);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="register-annotated.xlsx"; filename*=UTF-8''${encodeURIComponent('业主名册（已标注问题）.xlsx')}`,
    );
    const again = await checkRegisterFile(bytes, { today: '2026-11-02' });
    const codes = (refused.outcome?.groups ?? [])
      .filter(({ code, level }) => level === 'error' && !code.startsWith('REG-D'))
      .map(({ code }) => code);
    expect(codes.length).toBeGreaterThan(0);
    for (const code of codes) expect(again.findings.map((each) => each.code)).toContain(code);
    await committee.client.post(`${path}/withdrawal`);
    expect(await codeOf(committee.client.text(`${path}/annotated`))).toContain('IMPORT_ENDED');
    expect(await codeOf(committee.client.post(`${path}/withdrawal`))).toContain('IMPORT_ENDED');
    const template = await street.client.file('/v1/registers/template');
    expect(template.bytes).toEqual(await registerTemplate());
    expect(template.headers.get('content-disposition')).toContain('register-template.xlsx');
  });

  it('is given back to the street office, which leaves a record', async () => {
    const { community, officers, generated } = settled;
    const { communities } = await officers.street.client.get<{
      readonly communities: readonly { readonly community: string; readonly register: string }[];
    }>('/v1/communities');
    const register = communities.find((each) => each.community === community)?.register ?? '';
    const path = `/v1/communities/${community}/registers/${register}/file`;
    const body = { reason: '业主申请 复核面积' };
    expect(await codeOf(officers.committee.client.post(path, body))).toContain('NOT_ALLOWED');
    expect(await codeOf(officers.street.client.post(path, { reason: '' }))).toContain('REQUEST_MALFORMED');
    const answer = await officers.street.client.post<{ readonly file: string }>(path, body);
    expect(answer.file).toBe(toBase64Url(generated.csv));
    const records = `/v1/communities/${community}/personal-accesses`;
    expect(await codeOf(officers.committee.client.get(records))).toContain('NOT_ALLOWED');
    const { accesses } = await officers.street.client.get<{ readonly accesses: readonly unknown[] }>(records);
    expect(accesses).toEqual([
      {
        officer: officers.street.officer,
        kind: 'register.file',
        subject: register,
        reason: body.reason,
        accessedAt: expect.any(String),
      },
    ]);
  });
});
