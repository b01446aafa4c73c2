/** Reads the files of holidays and maintenance windows; a wrong one stops the start with its name (docs/operating.md). */
import { readFile } from 'node:fs/promises';
import { readCalendar } from '../assembly/calendar-file.ts';
import type { Calendar } from '../assembly/domain/calendar.ts';
import type { Config } from '../config.ts';
import { EX_CONFIG } from './command-output.ts';
import { CommandEnd } from './opening.ts';

const unreadable = (path: string): never => {
  throw new CommandEnd(`日历文件有误 The calendar file is refused: ${path}`, EX_CONFIG);
};

/** The calendar of the configured files together. */
export async function openCalendar({ calendars = [] }: Pick<Config, 'calendars'>): Promise<Calendar> {
  const texts: string[] = [];
  for (const path of calendars) texts.push(await readFile(path, 'utf8').catch(() => unreadable(path)));
  const read = readCalendar(texts);
  if (read.ok) return read.value;
  const { code, where = '' } = read.refusal;
  if (code === 'CALENDAR_FILE') return unreadable(calendars[Number(where)] ?? '');
  throw new CommandEnd(`日历中同一年出现两次 A year stands in two calendars: ${where}`, EX_CONFIG);
}
