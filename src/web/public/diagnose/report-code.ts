/** The code that an owner reads to the help desk: what his phone can do, in six characters and one to check them (docs/operating.md). */

/** Kinds of browsers, the more particular before those that they also claim to be; a code names one by its place, so the list only grows at its end. */
export const FAMILIES = [
  ['wechat', /MicroMessenger/i],
  ['alipay', /AlipayClient/i],
  ['dingtalk', /DingTalk/i],
  ['qq', /QQBrowser|\bQQ\//i],
  ['uc', /UCBrowser|UCWEB/i],
  ['baidu', /baidu/i],
  ['huawei', /HuaweiBrowser|ArkWeb/i],
  ['xiaomi', /MiuiBrowser/i],
  ['oppo', /HeyTapBrowser|OppoBrowser/i],
  ['vivo', /VivoBrowser/i],
  ['samsung', /SamsungBrowser/i],
  ['edge', /Edg(?:e|A|iOS)?\//i],
  ['firefox', /Firefox|FxiOS/i],
  ['chrome', /Chrome|CriOS/i],
  ['safari', /Safari/i],
  ['other', /(?:)/],
] as const;
export type Family = (typeof FAMILIES)[number][0];

/** What is asked of a browser; a code holds one bit for each by its place. */
export const FEATURES = [
  'secure',
  'passkeyApi',
  'platformAuthenticator',
  'conditionalUi',
  'clientCapabilities',
  'capabilityPlatform',
  'capabilityHybrid',
  'indexedDb',
  'localStorage',
  'camera',
  'qrDetector',
  'print',
  'clipboard',
  'subtleCrypto',
  'random',
  'dialog',
  'bigInt',
  'modules',
  'cookies',
] as const;
export type Feature = (typeof FEATURES)[number];

/** How far the phone's clock is from the service's. */
export const CLOCKS = ['within5s', 'within1min', 'within10min', 'beyond', 'unknown'] as const;
export type ClockState = (typeof CLOCKS)[number];

export type PhoneReport = {
  readonly family: Family;
  readonly clock: ClockState;
  readonly features: readonly Feature[];
};

export const familyOf = (userAgent: string): Family =>
  FAMILIES.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? 'other';

/** The class of a difference in ms; undefined where the service was not reached. */
export function clockOf(differenceMs: number | undefined): ClockState {
  if (differenceMs === undefined) return 'unknown';
  const off = Math.abs(differenceMs);
  if (off <= 5000) return 'within5s';
  return off <= 60_000 ? 'within1min' : off <= 600_000 ? 'within10min' : 'beyond';
}

/** Crockford's, as on the letters: no I, L, O, U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHARACTERS = 6;
const CHECK_MODULUS = 31;

const checkOf = (digits: readonly number[]): number =>
  digits.reduce((sum, digit, at) => sum + (at + 1) * digit, 0) % CHECK_MODULUS;

/** Thirty bits: four of the family, three of the clock, nineteen of the features, and four that are zero. */
export function printCode({ family, clock, features }: PhoneReport): string {
  let bits = FAMILIES.findIndex(([name]) => name === family) * 8 + CLOCKS.indexOf(clock);
  for (const feature of FEATURES) bits = bits * 2 + (features.includes(feature) ? 1 : 0);
  bits *= 16;
  const digits = Array.from({ length: CHARACTERS }, (_, at) => Math.floor(bits / 32 ** (5 - at)) % 32);
  const text = [...digits, checkOf(digits)].map((digit) => ALPHABET.charAt(digit)).join('');
  return `${text.slice(0, 3)}-${text.slice(3)}`;
}

/** The report of a code as it was heard; undefined where a character is wrong. */
export function readCode(heard: string): PhoneReport | undefined {
  const text = heard
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s-]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  const digits = [...text].map((character) => ALPHABET.indexOf(character));
  const check = digits.pop();
  if (digits.length !== CHARACTERS || digits.includes(-1) || check !== checkOf(digits)) return undefined;
  const bits = digits.reduce((value, digit) => value * 32 + digit, 0);
  const isSet = (place: number): boolean => Math.floor(bits / 2 ** place) % 2 === 1;
  const family = FAMILIES[Math.floor(bits / 2 ** 26)]?.[0];
  const clock = CLOCKS[Math.floor(bits / 2 ** 23) % 8];
  if (family === undefined || clock === undefined || bits % 16 !== 0) return undefined;
  return { family, clock, features: FEATURES.filter((_, at) => isSet(22 - at)) };
}
