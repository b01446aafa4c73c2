// A command in a process of its own, from the sources: what it forks runs from the sources too.
import { run } from '../../src/cli/main.ts';

process.exitCode = await run(process.argv.slice(2));
