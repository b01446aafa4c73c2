/** The parts of a workbook as their readers see them, and the fault that ends a reading (DESIGN §7). */
import type { WorkbookFault } from '../domain/import-check.ts';

/** Ends the reading of a workbook; `row` counts from 1, `column` from 0. */
export class WorkbookError extends Error {
  readonly code: WorkbookFault;
  readonly facts: Readonly<Record<string, string | number>>;
  constructor(code: WorkbookFault, facts: Readonly<Record<string, string | number>> = {}) {
    super(code);
    this.code = code;
    this.facts = facts;
  }
}

export type Package = {
  readonly has: (name: string) => boolean;
  /** Unpacks a part and hands it on chunk by chunk; what `take` throws ends it. */
  readonly read: (name: string, take: (chunk: Uint8Array) => void) => Promise<void>;
};
