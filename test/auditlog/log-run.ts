// Runs `owners-vote log` on a log of the test, and tells what it wrote and whether it closed what it opened.
import type { LogDeps } from '../../src/auditlog/log-deps.ts';
import { logCommand } from '../../src/cli/log.ts';

export type LogRun = {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly closed: number;
};

export async function logRun(deps: LogDeps, ...argv: string[]): Promise<LogRun> {
  let [stdout, stderr, closed] = ['', '', 0];
  const out = {
    stdout: (text: string) => {
      stdout += text;
    },
    stderr: (text: string) => {
      stderr += text;
    },
  };
  const close = async (): Promise<void> => {
    closed += 1;
  };
  const exit = await logCommand(argv, out, {
    key: async () => deps,
    open: async () => ({ ...deps, close }),
  });
  return { exit, stdout, stderr, closed };
}
