/** The program of a worker: checks or annotates the one register file that it was started with, answers, and ends (DESIGN §7). */
import { parentPort, workerData } from 'node:worker_threads';
import { present } from '../base/assert.ts';
import { annotateRegisterFile } from './annotating.ts';
import type { Finding } from './domain/findings.ts';
import type { ImportSettings } from './domain/import-check.ts';
import type { CheckedFile } from './file-check.ts';
import { checkedFileOf, checkRegisterFile } from './file-check.ts';

/** `annotate` has findings that only the service knows, such as differences against the register in force. */
export type FileTask = {
  readonly file: Uint8Array;
  readonly settings: ImportSettings;
  readonly annotate?: readonly Finding[];
};

/** What a worker says: how far it is, any number of times, and then what came of it. */
export type FileWord =
  | { readonly is: 'rows'; readonly rows: number; readonly of: number }
  | { readonly is: 'checked'; readonly checked: CheckedFile }
  | { readonly is: 'annotated'; readonly workbook: Uint8Array | undefined };

const port = present(parentPort, 'started as a worker');
const { file, settings, annotate } = workerData as FileTask;

/** Hands its bytes over instead of copying them. */
const say = (word: FileWord, bytes?: Uint8Array): void => {
  const owned = bytes?.buffer;
  port.postMessage(word, owned instanceof ArrayBuffer && bytes?.length === owned.byteLength ? [owned] : []);
};

if (annotate === undefined) {
  const check = await checkRegisterFile(file, settings, (rows, of) => say({ is: 'rows', rows, of }));
  const checked = checkedFileOf(check);
  say({ is: 'checked', checked }, checked.register);
} else {
  const { findings } = await checkRegisterFile(file, settings);
  const workbook = await annotateRegisterFile(file, [...findings, ...annotate]);
  say({ is: 'annotated', workbook }, workbook);
}
