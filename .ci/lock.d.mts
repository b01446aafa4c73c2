// Types of lock.mjs for its test.
type Packages<E> = Record<string, E>;

/** What a platform package's name says, or undefined. */
export function platformOf(name: string): { os?: string[]; cpu: string[]; libc?: string[] } | undefined;
/** Where the lock has a package as seen from a path, or undefined. */
export function placeOf(packages: Packages<object>, path: string, name: string): string | undefined;
/** The lock without addresses and with all platform packages, and the names that say no platform. */
export function completed<E extends object>(lock: {
  packages: Packages<E>;
}): {
  lock: { packages: Packages<E> };
  unknown: string[];
};
