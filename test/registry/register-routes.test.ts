// Goal: over HTTP an upload answers with its differences, a signer reads their numbers on the act, and a file is handed out to a
// supervising officer alone, with its record. Method: the whole service, officers signed in by their keys, a second register.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';

let service: TestService;
let settled: TestCommunity;
beforeAll(async () => {
  service = await startTestService();
  settled = await settle(service, 24);
});
afterAll(async () => service.close());

type Findings = readonly { readonly code: string }[];
type Uploaded = {
  readonly register: string;
  readonly act: string;
  readonly findings: Findings;
  readonly differences: Readonly<Record<string, number>> | null;
};

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
  it('answers with the differences, and its act shows their numbers to the signer', async () => {
    const { community, officers } = settled;
    const path = `/v1/communities/${community}/registers`;
    const { committee, street } = officers;
    const checked = await committee.client.postBytes<Uploaded>(`${path}/check`, shorter(), 'text/csv');
    expect(checked.differences).toMatchObject({ unitsBefore: 24, disappeared: 1, appeared: 0 });
    expect(checked.findings.map(({ code }) => code)).toContain('REG-D601');
    expect(await codeOf(committee.client.postBytes(path, shorter(), 'text/csv'))).toContain(
      'REGISTER_UNCONFIRMED',
    );
    const malformed = committee.client.postBytes(`${path}/check?plan=101`, shorter(), 'text/csv');
    expect(await codeOf(malformed)).toContain('BUILDING_PLAN_MALFORMED');
    const drafted = await committee.client.postBytes<Uploaded>(
      `${path}?confirmed=true`,
      shorter(),
      'text/csv',
    );
    expect(drafted.differences).toEqual(checked.differences);
    const act = await street.client.get<{ readonly details: unknown }>(`/v1/acts/${drafted.act}`);
    expect(act.details).toMatchObject({ register: drafted.register, disappeared: '1', unitsBefore: '24' });
    await committee.client.post(`/v1/acts/${drafted.act}/withdrawal`);
    const gone = street.client.post(`${path}/${drafted.register}/file`, { reason: '核对名册' });
    expect(await codeOf(gone)).toContain('REGISTER_FILE_ERASED');
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
      { officer: officers.street.officer, register, reason: body.reason, accessedAt: expect.any(String) },
    ]);
  });
});
