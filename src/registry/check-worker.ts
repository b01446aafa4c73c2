/** The program of a worker: checks the one register file that it was started with, answers what was found, and ends (DESIGN §7). */
import { parentPort, workerData } from 'node:worker_threads';
import { present } from '../base/assert.ts';
import type { ImportSettings } from './domain/import-check.ts';
import { checkRegisterFile } from './file-check.ts';

export type CheckTask = { readonly file: Uint8Array; readonly settings: ImportSettings };

const { file, settings } = workerData as CheckTask;
present(parentPort, 'started as a worker').postMessage(await checkRegisterFile(file, settings));
