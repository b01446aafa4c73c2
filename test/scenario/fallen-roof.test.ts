// Goal: the demo's story comes to its end whatever its seed makes the owners want: a roof that they do not adopt is not paid for, and the
// bundle verifies. Method: the story of a seed whose owners do not agree, over HTTP, and every check of the verifier under trust.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url } from '../../src/base/bytes.ts';
import type { Told } from '../../src/cli/demo/story.ts';
import { tellStory } from '../../src/cli/demo/story.ts';
import type { BookAnswer } from '../../src/fund/contract.ts';
import { tallyRecordForm } from '../../src/record/tally-record.ts';
import type { TestService } from '../support/service.ts';
import { startTestService } from '../support/service.ts';
import { verifiedBundle } from '../support/verified.ts';

let service: TestService;
let told: Told;
const phases: string[] = [];

beforeAll(async () => {
  service = await startTestService();
  told = await tellStory({ demo: service, seed: '13', units: 20, phase: (words) => phases.push(words) });
}, 120_000);
afterAll(async () => service.close());

it('a roof that the owners do not adopt is final, opens nothing of the fund, and verifies', async () => {
  expect(told.result.stage).toBe('final');
  const record = tallyRecordForm.own(present(fromBase64Url(told.result.record), 'bytes'));
  expect(record.proposals[0]?.outcome).toBe('REJECTED');
  expect(phases.at(-1)).toContain('翻修未获通过');
  const book = await told.officers.committee.client.get<BookAnswer>(`/v1/communities/${told.community}/fund`);
  expect(book.authorisations).toEqual([]);
  for (const audience of ['auditor', 'public'] as const)
    expect((await verifiedBundle(service, told.meeting, audience)).failed).toEqual([]);
});
