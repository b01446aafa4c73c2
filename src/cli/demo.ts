/** `owners-vote demo`: a whole meeting over HTTP against a server that it starts itself, and the bundle of it (DESIGN §6). */

import { randomBytes } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { showSquareMetres } from '../base/area.ts';
import { fromBase64Url } from '../base/bytes.ts';
import { exportBundle, exportTrust } from '../bundle/exporting.ts';
import { writeBundle } from '../bundle/writing.ts';
import { tallyRecordForm } from '../record/tally-record.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_DATA, EX_OK, EX_USAGE } from './command-output.ts';
import { demoClock, startDemoService } from './demo/demo-deployment.ts';
import type { Told } from './demo/story.ts';
import { tellStory } from './demo/story.ts';

const USAGE = `用法 Usage: owners-vote demo --units N --out DIR [--seed S] [--mode open|secret]

  --units N   专有部分数量 number of units, 20 to 20000 (default 120)
  --out DIR   档案包写入的新目录;信任文件写在旁边 DIR-trust
              a new directory for the bundle; its trust file is written beside it as DIR-trust
  --seed S    小区与投票的种子 seed of the community and of the votes (default 1)
  --mode      open;secret 尚未支持 secret is not supported yet

例 Example: owners-vote demo --units 600 --out demo-600 --seed 7
`;

type Options = { readonly units: number; readonly out: string; readonly seed: string };

function readOptions(argv: readonly string[]): Options | 'help' | 'secret' | undefined {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        units: { type: 'string', default: '120' },
        out: { type: 'string' },
        seed: { type: 'string', default: '1' },
        mode: { type: 'string', default: 'open' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return 'help';
    if (values.mode === 'secret') return 'secret';
    const units = /^[1-9]\d{0,4}$/.test(values.units) ? Number(values.units) : 0;
    if (values.mode !== 'open' || values.out === undefined || units < 20 || units > 20_000) return undefined;
    return { units, out: resolve(values.out), seed: values.seed };
  } catch {
    return undefined;
  }
}

/** A phase's line when the next one begins, with the time it took. */
function phaseTimer(out: CommandOutput) {
  let name = '';
  let startedAt = performance.now();
  const end = (): void => {
    if (name !== '')
      out.stdout(`  ${((performance.now() - startedAt) / 1000).toFixed(1).padStart(7)} s  ${name}\n`);
  };
  const begin = (words: string): void => {
    end();
    name = words;
    startedAt = performance.now();
  };
  return { begin, end };
}

function summarise(told: Told, out: CommandOutput): void {
  const record = tallyRecordForm.parse(fromBase64Url(told.result.record) ?? new Uint8Array());
  if (!record.ok) return;
  out.stdout(`\n小区 ${told.generated.name}  会议 meeting ${told.meeting}\n表决 casts ${told.casts}\n`);
  for (const each of record.value.proposals) {
    const of = (part: { heads: number; areaDm2: string }) =>
      `${part.heads} 人 ${showSquareMetres(BigInt(part.areaDm2))} ㎡`;
    out.stdout(
      `议题 ${each.proposal.slice(0, 8)}… 总数 ${of(each.total)}  参与 ${of(each.participating)}  同意 ${of(each.consenting)}  ${each.outcome}\n`,
    );
  }
}

/** Runs the command; exit 0, 2 for a usage error or a mode that is not built, 65 where the directory cannot be written. */
export async function demoCommand(argv: readonly string[], out: CommandOutput): Promise<number> {
  const options = readOptions(argv);
  if (options === 'help') {
    out.stdout(USAGE);
    return EX_OK;
  }
  if (options === 'secret') {
    out.stderr('not yet: 秘密表决尚未支持 the mode secret is not built yet.\n');
    return EX_USAGE;
  }
  if (options === undefined) {
    out.stderr(USAGE);
    return EX_USAGE;
  }
  const existing = await readdir(options.out).catch(() => []);
  if (existing.length > 0) {
    out.stderr(`目录非空 The directory is not empty: ${options.out}\n`);
    return EX_DATA;
  }
  return run(options, out);
}

async function run(options: Options, out: CommandOutput): Promise<number> {
  const clock = demoClock(Date.now(), Date.now);
  const random = (size: number) => new Uint8Array(randomBytes(size));
  out.stdout('阶段 phases\n');
  const timer = phaseTimer(out);
  timer.begin('启动服务 start of the service');
  const demo = await startDemoService({ clock, random, say: (line) => out.stderr(`${line}\n`) });
  try {
    const told = await tellStory({ demo, seed: options.seed, units: options.units, phase: timer.begin });
    timer.begin('导出档案包 bundle');
    const files = await exportBundle(demo.service.deps, told.meeting, 'auditor');
    const trust = await exportTrust(demo.service.deps, told.meeting);
    if (!files.ok || !trust.ok) throw new Error('the bundle is not complete');
    const written = await writeBundle(files.value, options.out);
    if (!written.ok) {
      out.stderr(`无法写入 Cannot write: ${written.refusal.where}\n`);
      return EX_DATA;
    }
    await writeFile(`${options.out}-trust`, trust.value);
    timer.end();
    summarise(told, out);
    out.stdout(
      `\n档案包 bundle ${options.out}  (${written.value} files)\n核验 verify: owners-vote verify ${options.out} --trust ${options.out}-trust\n`,
    );
    return EX_OK;
  } finally {
    await demo.close();
  }
}
