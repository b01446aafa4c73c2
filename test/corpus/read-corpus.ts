// The corpus of forgeries: one JSON file for each family, each case with what it is, where it was published, what the running
// service answers to it and which check of `verify` it fails; a side on which it cannot exist says why.
import { readdirSync, readFileSync } from 'node:fs';
import type { CheckId } from '../../src/verifier/check-catalogue.ts';

/** Why a case cannot exist on a side. */
export type Absent = { readonly absent: string };
export type LiveRefusal = { readonly status: number; readonly code: string };
export type FailedCheck = { readonly check: CheckId };

type Common = {
  readonly name: string;
  readonly what: string;
  /** The publication or standard that it comes from. */
  readonly source: string;
  readonly live: LiveRefusal | Absent;
  readonly verified: FailedCheck | Absent;
};

/** A public key, offered as an owner's; `forges` says that its signature is good for every message. */
export type KeyCase = Common & {
  readonly kind: 'key';
  readonly key: string;
  readonly signature?: string;
  readonly message?: string;
  /** The verdict of RFC 8032 without the cofactor, where libraries agree on it. */
  readonly equation?: boolean;
  readonly forges?: true;
};
/** A signature in the place of an owner's. */
export type SignatureCase = Common & {
  readonly kind: 'signature';
  readonly signature: string;
  readonly key?: string;
  readonly message?: string;
  readonly equation?: boolean;
};
export type BentSignatureCase = Common & { readonly kind: 'bent signature'; readonly bend: string };
/** An edit of a statement's canonical text. */
export type TextCase = Common & {
  readonly kind: 'text';
  readonly find: string;
  readonly put: string;
  readonly putEnd?: string;
  readonly hex?: string;
};
export type Base64Case = Common & {
  readonly kind: 'base64url';
  readonly place: string;
  readonly how: string;
};
/** A spelling of a ballot token; `jws` is what `verifyJws` says to it. */
export type TokenCase = Common & {
  readonly kind: 'token';
  readonly jws: string;
  readonly header?: string;
  readonly payload?: readonly [string, string];
  readonly signed?: string;
  readonly spell?: string;
  readonly fixed?: string;
};
/** A break of another system, told as a story on each side. */
export type StoryCase = Common & { readonly kind: 'story' };
/** A vote for somebody else that no mandate carries, told as a story on each side. */
export type MandateCase = Common & { readonly kind: 'mandate' };
/** A merge of persons that nobody may make, told as a story on each side. */
export type MergeCase = Common & { readonly kind: 'merge' };

export type Case =
  | KeyCase
  | SignatureCase
  | BentSignatureCase
  | TextCase
  | Base64Case
  | TokenCase
  | StoryCase
  | MandateCase
  | MergeCase;
export type CastCase = SignatureCase | BentSignatureCase | TextCase | Base64Case | TokenCase;

const folder = new URL('.', import.meta.url);

/** Every family by its file, in the order of names. */
export const FAMILIES: ReadonlyMap<string, { readonly about: string; readonly cases: readonly Case[] }> =
  new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .sort()
      .map((file) => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8'))]),
  );

export const CASES: readonly Case[] = [...FAMILIES.values()].flatMap(({ cases }) => cases);

/** A case that exists on a side, with what is expected there. */
export type Live<C extends Case = Case> = C & { readonly live: LiveRefusal };
export type Verified<C extends Case = Case> = C & { readonly verified: FailedCheck };

export const isLive = <C extends Case>(one: C): one is Live<C> => 'code' in one.live;
export const isVerified = <C extends Case>(one: C): one is Verified<C> => 'check' in one.verified;

export const isKind =
  <K extends Case['kind']>(kind: K) =>
  <C extends Case>(one: C): one is C & Extract<Case, { kind: K }> =>
    one.kind === kind;

export const isCastCase = <C extends Case>(one: C): one is C & CastCase =>
  one.kind !== 'key' && one.kind !== 'story' && one.kind !== 'mandate' && one.kind !== 'merge';
