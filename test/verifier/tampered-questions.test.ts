// Goal: the exchange before a notice is frozen with it: without its text, or with another, the bundle does not pass (SPEC 5.3: MEET-01).
// Method: the meeting of bundle-builder.ts, whose definition names an exchange.
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/base/bytes.ts';
import { textHash } from '../../src/record/meeting.ts';
import type { Forge } from './bundle-builder.ts';
import { failing } from './failing-checks.ts';

const EXCHANGE = '议题1　更新电梯\n\n问：分几期付款？\n答：三期。';
const HASH = textHash(EXCHANGE);

const asked = (body: string | undefined, more: Forge = {}): Forge => ({
  definition: (definition) => ({ ...definition, notice: { ...definition.notice, questionsHash: HASH } }),
  files: (files) => {
    if (body !== undefined) files.set(`notice/${HASH}.txt`, utf8(body));
  },
  ...more,
});

describe('the exchange before a notice', () => {
  it('passes with its text', async () => {
    expect(await failing(asked(EXCHANGE))).toEqual([]);
  });

  it('MEET-01: is missing, or says something else', async () => {
    expect(await failing(asked(undefined))).toEqual(['MEET-01']);
    expect(await failing(asked(EXCHANGE.replace('三期', '一期')))).toEqual(['MEET-01']);
  });

  it('MEET-01: was not what the notice said', async () => {
    const silent: Forge = {
      noticed: (definition) => ({ ...definition, notice: { ...definition.notice, questionsHash: '' } }),
    };
    expect(await failing(asked(EXCHANGE, silent))).toEqual(['MEET-01']);
  });
});
