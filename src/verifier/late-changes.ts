/** TALLY-01: letters after the freeze, keys of the counter, and where letters were made, counted again in the log (SPEC 8.1). */
import type { MadeIn } from '../record/letter.ts';
import type { TallyRecord } from '../record/tally-record.ts';
import type { Read } from './bundle-contents.ts';
import type { BundledLog } from './bundled-log.ts';
import type { Words } from './check-catalogue.ts';
import { entriesOf } from './entry-scope.ts';
import { letterBatches } from './letter-checks.ts';
import type { Verification } from './verification.ts';

/** What the report says of letters that a page of the service made. */
export const BY_BROWSER: Words = {
  zh: '有表决函由登记员在本系统的网页里制作，不是用离线的命令：网页的程序由服务器提供，它可能看到过投票码',
  en: 'letters were made in a page of the service and not by the command off the network: its program could have seen their codes',
};

/** `browser` where any batch before the close says so: a key that a letter bound outlives it. */
export function lettersFrom(log: BundledLog, { community, meeting }: Verification['definition']): MadeIn {
  const [closed] = entriesOf(log, 'meeting.closed', { meeting });
  const until = closed?.index ?? Number.POSITIVE_INFINITY;
  const isByBrowser = letterBatches(log, community).some(
    ({ index, entry }) => index < until && entry.madeIn === 'browser',
  );
  return isByBrowser ? 'browser' : 'command';
}

/** Compares what the record says of letters and keys with the log up to the close. */
export function checkLateChanges(
  { definition, log, notebook }: Verification,
  { where, value: tally }: Read<TallyRecord>,
): void {
  const { community, meeting } = definition;
  const [frozen] = entriesOf(log, 'roll.frozen', { meeting });
  const [closed] = entriesOf(log, 'meeting.closed', { meeting });
  const until = closed?.index ?? Number.POSITIVE_INFINITY;
  const from = frozen?.index ?? Number.POSITIVE_INFINITY;
  const late = letterBatches(log, community).filter(({ index }) => index > from && index < until);
  const letters = late.reduce((sum, { entry }) => sum + entry.count, 0);
  let bound = 0;
  for (const { index, entry } of entriesOf(log, 'credential.bound', { community }))
    if (index < until && entry.signedBy === 'officers') bound += 1;
  notebook.same('TALLY-01', `${where} lateLetters`, String(letters), String(tally.lateLetters));
  notebook.same('TALLY-01', `${where} counterBindings`, String(bound), String(tally.counterBindings));
  notebook.same('TALLY-01', `${where} lettersFrom`, lettersFrom(log, definition), tally.lettersFrom);
}
