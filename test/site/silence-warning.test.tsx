// Goal: who is about to vote is told where a clause of silence counts what he leaves unsaid, and not where none does (SPEC 8.1). Method: the
// first page of the vote as it is rendered, of one definition with and without the clause.
import { renderToString } from 'preact-render-to-string';
import { expect, it } from 'vitest';
import type { PapersStepProps } from '../../src/web/vote/papers-step.tsx';
import { PapersStep } from '../../src/web/vote/papers-step.tsx';
import { definition } from '../record/record-examples.ts';

const nothing = () => undefined;

function pageUnder(value: 'NONE' | 'FOLLOW_MAJORITY', isPaused = false): string {
  const profile = { ...definition.profile, parameters: [{ name: 'silenceRule', value }] };
  const papers: PapersStepProps['papers'] = {
    definition: { ...definition, profile },
    meetingHash: '',
    noticeText: '',
    seen: { size: 1, root: new Uint8Array(32) },
    cosigners: 2,
    closes: definition.window.closes,
    isPaused,
    person: '',
    credential: '',
    papers: [],
  };
  const props = { papers, nowMs: 0, receipts: [], voted: [], onBegin: nothing, onReceipt: nothing };
  return renderToString(<PapersStep {...props} />);
}

it('warns before the vote where silence counts, and only there', () => {
  expect(pageUnder('FOLLOW_MAJORITY')).toContain('计入票数较多的一方');
  expect(pageUnder('NONE')).not.toContain('计入票数较多的一方');
  // A vote that is stopped is no vote to hurry to.
  expect(pageUnder('FOLLOW_MAJORITY', true)).not.toContain('计入票数较多的一方');
});
