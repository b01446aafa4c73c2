/** `owners-vote migrate`: applies schema.sql with the owner login; the service itself needs only the application login. */
import type { CommandOutput } from './command-output.ts';
import { EX_OK, EX_USAGE } from './command-output.ts';
import { applySchema, openConfig } from './opening.ts';

const USAGE = `用法 Usage: DATABASE_OWNER_URL=… DATABASE_URL=… owners-vote migrate

建立数据库结构;已是本版本则不改动。 Applies schema.sql to an empty database; does nothing where it stands.
`;

/** Runs the command. */
export async function migrateCommand(argv: readonly string[], out: CommandOutput): Promise<number> {
  if (argv[0] === '--help') {
    out.stdout(USAGE);
    return EX_OK;
  }
  const { database } = openConfig();
  if (argv.length > 0 || database?.ownerUrl === undefined) {
    out.stderr(USAGE);
    return EX_USAGE;
  }
  const applied = await applySchema(database.ownerUrl, database.appUrl);
  out.stdout(
    applied === 'applied'
      ? '数据库结构已建立 The schema is applied.\n'
      : '无需改动 The schema stands already.\n',
  );
  return EX_OK;
}
