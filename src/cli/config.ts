/** `owners-vote config`: the configuration as the service would read it, secrets masked. */
import type { CommandOutput } from './command-output.ts';
import { EX_OK } from './command-output.ts';
import { openConfig } from './opening.ts';

const USAGE = `用法 Usage: owners-vote config [--json]

环境变量 Environment:
  PORT HOST ORIGIN RP_ID LOG_ORIGIN METRICS_PORT DATABASE_URL DATABASE_OWNER_URL
  DATA_DIR KEYS_DIR WITNESSES WITNESS_QUORUM NODE_ENV
  SMTP_URL SMTP_FROM SMTP_PASSWORD_FILE SMTP_CA_FILE
`;

const mask = (url: string): string => url.replace(/:[^:@/]*@/, ':***@');

/** Runs the command; exit 78 where the environment is wrong. */
export async function configCommand(argv: readonly string[], out: CommandOutput): Promise<number> {
  if (argv[0] === '--help') {
    out.stdout(USAGE);
    return EX_OK;
  }
  const { database, ...rest } = openConfig();
  const shown = {
    ...rest,
    database: database === undefined ? 'embedded' : mask(database.appUrl),
    databaseOwner: database?.ownerUrl === undefined ? '' : mask(database.ownerUrl),
  };
  out.stdout(`${JSON.stringify(shown, null, argv[0] === '--json' ? 0 : 2)}\n`);
  return EX_OK;
}
