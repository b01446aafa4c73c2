/** Why the embedded PostgreSQL cannot run here: closed codes, each with one sentence that says what to do (DESIGN §6). */
import type { Refusal } from '../../base/result.ts';

/** The codes. */
export type EmbeddedRefusalCode =
  | 'NO_ENGINE_FOR_PLATFORM'
  | 'NO_GLIBC'
  | 'NO_RIGHTS'
  | 'NOT_A_FOLDER'
  | 'READ_ONLY'
  | 'DISK_FULL'
  | 'FOLDER_HELD'
  | 'FOREIGN_POSTMASTER'
  | 'WRONG_DATA_VERSION'
  | 'DATA_DAMAGED'
  | 'LOGIN_FILE_MISSING'
  | 'ENGINE_FAILED'
  | 'CRASH_LOOP';

/** A refusal of the supervisor. */
export type EmbeddedRefusal = Refusal<EmbeddedRefusalCode>;

const PASSING: readonly EmbeddedRefusalCode[] = [
  'READ_ONLY',
  'DISK_FULL',
  'FOLDER_HELD',
  'FOREIGN_POSTMASTER',
  'ENGINE_FAILED',
  'CRASH_LOOP',
];

/** Whether a later start may succeed with the same configuration: exit 69 and not 78. */
export const mayPass = (code: EmbeddedRefusalCode): boolean => PASSING.includes(code);

/** One sentence for the operator, Chinese first. */
export function embeddedSentence(refusal: EmbeddedRefusal): string {
  const where = refusal.where ?? '';
  switch (refusal.code) {
    case 'NO_ENGINE_FOR_PLATFORM':
      return `本平台没有内置数据库 There is no embedded PostgreSQL for ${where}; set DATABASE_URL and DATABASE_OWNER_URL to a server of your own.`;
    case 'NO_GLIBC':
      return `内置数据库需要 glibc 2.27 或更高版本 The embedded PostgreSQL needs glibc 2.27 or later and this system has ${where}; use a system with glibc (Debian, not Alpine), or set DATABASE_URL and DATABASE_OWNER_URL to a server of your own.`;
    case 'NO_RIGHTS':
      return `权限不足 The embedded PostgreSQL may not use ${where}; give its user the folder, or set DATA_DIR to another one or DATABASE_URL to a server of your own.`;
    case 'NOT_A_FOLDER':
      return `不是目录 ${where} is in the way of the data folder and is no folder; set DATA_DIR to another one.`;
    case 'READ_ONLY':
      return `磁盘只读 The disk is read-only at ${where}; mount it writable, or set DATA_DIR to another one.`;
    case 'DISK_FULL':
      return `磁盘已满 There is not enough free space for the database at ${where}.`;
    case 'FOLDER_HELD':
      return `数据目录被占用 ${where}; stop it first, or set DATA_DIR to another folder.`;
    case 'FOREIGN_POSTMASTER':
      return `数据目录被占用 Another PostgreSQL uses ${where} and does not accept our password; stop it first.`;
    case 'WRONG_DATA_VERSION':
      return `数据版本不符 The data folder ${where}; export it with the version that made it and import it anew.`;
    case 'DATA_DAMAGED':
      return `数据目录不完整 ${where} is not a whole database; restore it from the backup, or move it away to begin anew.`;
    case 'LOGIN_FILE_MISSING':
      return `缺少口令文件 The data folder has a database but its password file ${where} is missing or unreadable; restore it from the backup.`;
    case 'ENGINE_FAILED':
      return `内置数据库启动失败 The embedded PostgreSQL did not start: ${where}`;
    case 'CRASH_LOOP':
      return `数据库反复崩溃，停止重启 The embedded PostgreSQL ended again and again and is not started any more: ${where}`;
  }
}
