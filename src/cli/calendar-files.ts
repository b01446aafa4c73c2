/** Reads the files of holidays and maintenance windows; a wrong one stops the start with its name (docs/operating.md). */
import { readFile } from 'node:fs/promises';
import { readCalendar } from '../assembly/calendar-file.ts';
import type { Calendar } from '../assembly/domain/calendar.ts';
import type { Config } from '../config.ts';
import { problemText } from '../http/problem.ts';
import { EX_CONFIG } from './command-output.ts';
import { CommandEnd } from './opening.ts';

function refuseStart(code: 'CALENDAR_FILE' | 'CALENDAR_YEAR_TWICE', where: string): never {
  const { zh, en } = problemText(code);
  throw new CommandEnd(`${zh} ${en} ${where}`, EX_CONFIG);
}

/** The calendar of the configured files together. */
export async function openCalendar({ calendars = [] }: Pick<Config, 'calendars'>): Promise<Calendar> {
  const texts: string[] = [];
  for (const path of calendars)
    texts.push(await readFile(path, 'utf8').catch(() => refuseStart('CALENDAR_FILE', path)));
  const read = readCalendar(texts);
  if (read.ok) return read.value;
  const { code, where = '' } = read.refusal;
  return refuseStart(code, code === 'CALENDAR_FILE' ? (calendars[Number(where)] ?? '') : where);
}
