/** Why the embedded PostgreSQL cannot run here: closed codes, each with one sentence that says what to do. */
import type { Refusal } from '../../base/result.ts';

/** The codes. */
export type EmbeddedRefusalCode =
  | 'NO_ENGINE_FOR_PLATFORM'
  | 'NO_RIGHTS'
  | 'DISK_FULL'
  | 'FOREIGN_POSTMASTER'
  | 'WRONG_DATA_VERSION'
  | 'LOGIN_FILE_MISSING'
  | 'ENGINE_FAILED';

/** A refusal of the supervisor. */
export type EmbeddedRefusal = Refusal<EmbeddedRefusalCode>;

/** One sentence for the operator, Chinese first. */
export function embeddedSentence(refusal: EmbeddedRefusal): string {
  const where = refusal.where ?? '';
  switch (refusal.code) {
    case 'NO_ENGINE_FOR_PLATFORM':
      return `本平台没有内置数据库 There is no embedded PostgreSQL for ${where}; set DATABASE_URL and DATABASE_OWNER_URL to a server of your own.`;
    case 'NO_RIGHTS':
      return `权限不足 The embedded PostgreSQL may not use ${where}; run as an ordinary user, or set DATABASE_URL.`;
    case 'DISK_FULL':
      return `磁盘已满 There is not enough free space for the database at ${where}.`;
    case 'FOREIGN_POSTMASTER':
      return `数据目录被占用 Another PostgreSQL uses ${where} and does not accept our password; stop it first.`;
    case 'WRONG_DATA_VERSION':
      return `数据版本不符 The data folder ${where}; export it with the version that made it and import it anew.`;
    case 'LOGIN_FILE_MISSING':
      return `缺少口令文件 The data folder has a database but its password file ${where} is missing or unreadable; restore it from the backup.`;
    case 'ENGINE_FAILED':
      return `内置数据库启动失败 The embedded PostgreSQL did not start: ${where}`;
  }
}
