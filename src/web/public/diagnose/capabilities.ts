/** What this browser says of itself, asked without any effect: nothing is made, opened to others or sent (DESIGN §4). */
import { parseInstant } from '../../../base/instant.ts';
import { call } from '../../kit/api.ts';
import type { Feature, PhoneReport } from './report-code.ts';
import { clockOf, FEATURES, familyOf } from './report-code.ts';

type Asked = () => boolean | Promise<boolean>;

const capability = async (name: string): Promise<boolean> => {
  const ask = (PublicKeyCredential as { getClientCapabilities?: () => Promise<Record<string, boolean>> })
    .getClientCapabilities;
  return (await ask?.call(PublicKeyCredential))?.[name] === true;
};

function keepsInDatabase(): Promise<boolean> {
  return new Promise((resolve) => {
    const opening = indexedDB.open('owners-vote-diagnose', 1);
    opening.onerror = () => resolve(false);
    opening.onsuccess = () => {
      opening.result.close();
      indexedDB.deleteDatabase('owners-vote-diagnose');
      resolve(true);
    };
  });
}

function keepsLocally(): boolean {
  localStorage.setItem('owners-vote-diagnose', '1');
  localStorage.removeItem('owners-vote-diagnose');
  return true;
}

const ASKED: Readonly<Record<Feature, Asked>> = {
  secure: () => isSecureContext,
  passkeyApi: () => typeof PublicKeyCredential === 'function',
  platformAuthenticator: () => PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable(),
  conditionalUi: () => PublicKeyCredential.isConditionalMediationAvailable(),
  clientCapabilities: () => 'getClientCapabilities' in PublicKeyCredential,
  capabilityPlatform: () => capability('passkeyPlatformAuthenticator'),
  capabilityHybrid: () => capability('hybridTransport'),
  indexedDb: keepsInDatabase,
  localStorage: keepsLocally,
  camera: () => typeof navigator.mediaDevices.getUserMedia === 'function',
  qrDetector: () => 'BarcodeDetector' in window,
  print: () => typeof window.print === 'function',
  clipboard: () => typeof navigator.clipboard.writeText === 'function',
  subtleCrypto: () => typeof crypto.subtle === 'object',
  random: () => crypto.getRandomValues(new Uint8Array(1)).length === 1,
  dialog: () => typeof HTMLDialogElement === 'function',
  bigInt: () => typeof BigInt === 'function',
  modules: () => 'noModule' in document.createElement('script'),
  cookies: () => navigator.cookieEnabled,
};

const MOST_MS = 3000;

/** A question that the browser throws at, or never answers, is a no. */
async function isSo(asked: Asked): Promise<boolean> {
  try {
    const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), MOST_MS));
    return await Promise.race([asked(), late]);
  } catch {
    return false;
  }
}

/** How far this device's clock is ahead of the service's, in ms; half of the way is taken off. */
async function clockDifference(): Promise<number | undefined> {
  const asked = Date.now();
  const answer = await call<{ readonly now: string }>('GET', '/v1/deployment');
  const now = answer.ok ? parseInstant(answer.value.now.replace(/\.\d+Z$/, 'Z')) : undefined;
  return now === undefined ? undefined : (asked + Date.now()) / 2 - now;
}

export type Diagnosis = PhoneReport & { readonly differenceMs: number | undefined };

/** Asks everything. */
export async function diagnose(): Promise<Diagnosis> {
  const [differenceMs, ...found] = await Promise.all([
    clockDifference(),
    ...FEATURES.map((feature) => isSo(ASKED[feature])),
  ]);
  return {
    family: familyOf(navigator.userAgent),
    clock: clockOf(differenceMs),
    differenceMs,
    features: FEATURES.filter((_, at) => found[at] === true),
  };
}
