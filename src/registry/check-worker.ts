/** The program of a worker: checks, annotates or reads the one file that it was started with, answers, and ends (DESIGN §7). */
import { parentPort, workerData } from 'node:worker_threads';
import { present } from '../base/assert.ts';
import { annotateRegisterFile } from './annotating.ts';
import type { Finding } from './domain/findings.ts';
import type { ImportSettings } from './domain/import-check.ts';
import type { NamedColumns, NamedReading } from './domain/named-columns.ts';
import type { CheckedFile } from './file-check.ts';
import { checkedFileOf, checkRegisterFile, readColumnsOfFile } from './file-check.ts';

/** A register's check. `annotate` has findings that only the service knows, such as differences against the register in force. */
type RegisterTask = {
  readonly file: Uint8Array;
  readonly settings: ImportSettings;
  readonly annotate?: readonly Finding[];
};

export type FileTask = RegisterTask | { readonly file: Uint8Array; readonly columns: NamedColumns };

/** What a worker says: how far it is, any number of times, and then what came of it. */
export type FileWord =
  | { readonly is: 'rows'; readonly rows: number; readonly of: number }
  | { readonly is: 'checked'; readonly checked: CheckedFile }
  | { readonly is: 'annotated'; readonly workbook: Uint8Array | undefined }
  | { readonly is: 'read'; readonly reading: NamedReading };

const port = present(parentPort, 'started as a worker');
const task = workerData as FileTask;

/** Hands its bytes over instead of copying them. */
const say = (word: FileWord, bytes?: Uint8Array): void => {
  const owned = bytes?.buffer;
  port.postMessage(word, owned instanceof ArrayBuffer && bytes?.length === owned.byteLength ? [owned] : []);
};

async function work({ file, settings, annotate }: RegisterTask): Promise<void> {
  if (annotate === undefined) {
    const check = await checkRegisterFile(file, settings, (rows, of) => say({ is: 'rows', rows, of }));
    const checked = checkedFileOf(check);
    return say({ is: 'checked', checked }, checked.register);
  }
  const { findings } = await checkRegisterFile(file, settings);
  const workbook = await annotateRegisterFile(file, [...findings, ...annotate]);
  say({ is: 'annotated', workbook }, workbook);
}

if ('columns' in task) say({ is: 'read', reading: await readColumnsOfFile(task.file, task.columns) });
else await work(task);
