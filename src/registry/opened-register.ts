/** Opens the very file that was imported, and no other, for whoever makes letters from it: the command, or the page (SPEC 3.2). */
import { fromBase64Url } from '../base/bytes.ts';
import type { CivilDate } from '../base/civil-date.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { registerFileHash } from '../record/register-file.ts';
import type { ImportSettings } from './domain/import-check.ts';
import type { Register } from './domain/register-units.ts';
import { checkRegisterFile } from './file-check.ts';

/** What the roster says of the file. */
export type ImportedFile = {
  readonly fileHash: string;
  readonly fileSalt: string;
  readonly settings: Omit<ImportSettings, 'today'>;
};

export type OpenRefusal = Refusal<'LETTERS_FILE_DIFFERS' | 'LETTERS_FILE_REFUSED'>;

/** The register; the hash is compared before a byte is read, so that no reader sees a file that was not imported. */
export async function openRegisterFile(
  file: Uint8Array,
  { fileHash, fileSalt, settings }: ImportedFile,
  today: CivilDate,
): Promise<Result<Register, OpenRefusal>> {
  const salt = fromBase64Url(fileSalt);
  if (salt === undefined || registerFileHash(salt, file) !== fileHash) return refuse('LETTERS_FILE_DIFFERS');
  const check = await checkRegisterFile(file, { ...settings, today });
  const blocking = check.findings.find(({ level }) => level === 'error');
  return check.register === undefined
    ? refuse('LETTERS_FILE_REFUSED', `第 ${blocking?.row ?? 0} 行 ${blocking?.code ?? ''}`)
    : ok(check.register);
}
