// Goal: each announcement is one short message that says what happened and whom to ask, however long the names are. Method: every event with
// the shortest and the longest facts.
import { expect, it } from 'vitest';
import { letterText, shortText } from '../../src/notice/domain/announcement-text.ts';
import { EVENTS } from '../../src/record/told.ts';

const LONGEST = {
  community: '很长的小区名称'.repeat(8),
  place: '1栋1单元101'.repeat(8),
  helpLine: '0760-88888888',
  page: 'vote.example',
  day: '12月31日',
};
/** What a notice and a reminder end with: there is nothing to object to. */
const INFORMING: readonly string[] = [
  'meeting-noticed',
  'vote-reminder',
  'top-up-called',
  'top-up-withdrawn',
  'top-up-annulled',
];
/** These speak of no day. */
const OVER: readonly string[] = ['top-up-withdrawn', 'top-up-annulled'];
const SHORT = { community: '花园', place: '1栋101', helpLine: '', page: '', day: '1月1日' };

it.each(EVENTS)('%s fits into one message with its signature', (event) => {
  for (const facts of [
    LONGEST,
    SHORT,
    { ...LONGEST, page: 'a'.repeat(60) },
    { ...LONGEST, helpLine: '1'.repeat(60) },
  ]) {
    const text = shortText(event, facts);
    expect([...text].length).toBeLessThanOrEqual(62);
    if (OVER.includes(event)) {
      expect(text).toMatch(/不必再交.*。详情(?:请问街道办|见电话|见vote)/);
      continue;
    }
    expect(text).toMatch(
      INFORMING.includes(event)
        ? /1日.*。详情(?:请问街道办|见电话|见vote)/
        : /有异议请联系(?:街道办|电话|vote)/,
    );
  }
});

it('each event says something of its own, on paper in both languages', () => {
  const said = EVENTS.map((event) => letterText(event, SHORT));
  expect(new Set(said.map(({ zh }) => zh)).size).toBe(EVENTS.length);
  expect(new Set(said.map(({ en }) => en)).size).toBe(EVENTS.length);
});
