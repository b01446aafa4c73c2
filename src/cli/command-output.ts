/** Where commands write, and the exit codes of DESIGN §6: data to stdout, talk to stderr. */

export type CommandOutput = { stdout(text: string): void; stderr(text: string): void };

/** Texts of files and rows on one line; nothing of them steers a terminal. */
export const shown = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');

export const EX_OK = 0;
/** Refused, or a failed check. */
export const EX_REFUSED = 1;
export const EX_USAGE = 2;
export const EX_DATA = 65;
export const EX_UNAVAILABLE = 69;
export const EX_CONFIG = 78;
