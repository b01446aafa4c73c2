/** Times as people in Shanghai read them; instants come as `2026-12-10T10:00:00Z` (SPEC 1.5). */
import { civilDateAt } from '../../base/civil-date.ts';
import { parseInstant } from '../../base/instant.ts';
import { kitWord } from './words.ts';

const SHANGHAI_MS = 8 * 3_600_000;
const pad = (value: number): string => String(value).padStart(2, '0');

/** `2026年12月10日`. */
export function dayWords(date: string): string {
  const [year = '', month = '', day = ''] = date.split('-');
  return `${year}年${Number(month)}月${Number(day)}日`;
}

/** `2026年12月10日 18:00`, Beijing time. */
export function timeWords(instant: string): string {
  const at = parseInstant(instant);
  if (at === undefined) return instant;
  const minutes = Math.floor((at + SHANGHAI_MS) / 60_000);
  return `${dayWords(civilDateAt(at))} ${pad(Math.floor(minutes / 60) % 24)}:${pad(minutes % 60)}`;
}

/** How long it is until the close, in words and as a time. */
export function deadlineWords(closes: string, nowMs: number): string {
  const at = timeWords(closes);
  const left = Math.floor(((parseInstant(closes) ?? 0) - nowMs) / 60_000);
  if (left < 0) return kitWord('deadlinePast', { at });
  const [days, hours, minutes] = [Math.floor(left / 1440), Math.floor(left / 60) % 24, left % 60];
  return days > 0
    ? kitWord('deadlineDays', { days, hours, at })
    : kitWord('deadlineHours', { hours, minutes, at });
}
