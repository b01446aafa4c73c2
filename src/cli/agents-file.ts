/** The registrar's list of agents who own nothing, as he reads them from their documents: no register file names them (SPEC 3.6). */
import { fromUtf8 } from '../base/bytes.ts';
import type { CivilDate } from '../base/civil-date.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { readDocument } from '../registry/domain/document-number.ts';
import type { RegisterPerson } from '../registry/domain/register-units.ts';

/** UTF-8 lines `姓名,证件号码[,手机[,通信地址]]`; a heading that begins with 姓名 is passed over. `where` is the number of a line at fault. */
export function readAgents(
  bytes: Uint8Array,
  today: CivilDate,
): Result<readonly RegisterPerson[], Refusal<'AGENTS_MALFORMED'>> {
  const text = fromUtf8(bytes)?.replace(/^\uFEFF/, '');
  if (text === undefined) return refuse('AGENTS_MALFORMED', '1');
  const agents: RegisterPerson[] = [];
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    const cells = line
      .normalize('NFC')
      .split(/[,，]/)
      .map((cell) => cell.trim());
    const [name = '', number = '', phone = '', ...address] = cells;
    if (line.trim() === '' || (at === 0 && name === '姓名')) continue;
    const document = readDocument(number, '', today);
    if (name === '' || document.fault !== undefined) return refuse('AGENTS_MALFORMED', String(at + 1));
    agents.push({
      docKind: document.kind,
      number: document.number,
      name,
      phones: phone === '' ? [] : [phone],
      mailingAddress: address.join(','),
    });
  }
  return ok(agents);
}
