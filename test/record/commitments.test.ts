// Goal: every hash that a record names has pinned bytes, and a commitment opens for one value only (SPEC 1.4, 3.1, 4.1, 5). Method: each
// hash against SHA-256 over a frame that is written here with node:crypto, and properties of the salted ones.
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64Url, toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { actionForm, actionHash, subjectHash } from '../../src/record/action.ts';
import { applicationAnswerHash, applicationHash } from '../../src/record/application.ts';
import { castHash } from '../../src/record/cast.ts';
import { emergencyHash } from '../../src/record/emergency.ts';
import { entryForm, subjectOf, unsignedBytes, withEvidence } from '../../src/record/entry.ts';
import { authorisationHash, fundEntryHash, fundMonthHash, refundHash } from '../../src/record/fund.ts';
import { holdersHash, identityHash, voterHash } from '../../src/record/identity.ts';
import { loginHash } from '../../src/record/login.ts';
import {
  accountHash,
  asNoticed,
  definitionForm,
  meetingHash,
  noticeHash,
  textHash,
} from '../../src/record/meeting.ts';
import { decisionHash, objectionHash } from '../../src/record/objection.ts';
import { revenueEntryHash, revenuePeriodHash } from '../../src/record/revenue.ts';
import { evidenceHash } from '../../src/record/signature.ts';
import { participationHash, tallyHash } from '../../src/record/tally-record.ts';
import { topUpCallHash } from '../../src/record/top-up.ts';
import { ENTRY_EXAMPLES } from './entry-examples.ts';
import { bytesOf, idOf, motion } from './example-values.ts';
import { action, definition, ed25519Signature, webauthnSignature } from './record-examples.ts';

function framed(tag: string, ...parts: readonly (Uint8Array | string)[]): string {
  const hash = createHash('sha256');
  for (const part of [`owners-vote/v1/${tag}`, ...parts]) {
    const bytes = Buffer.from(part);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(bytes.length);
    hash.update(size).update(bytes);
  }
  return hash.digest('base64url');
}

const body = utf8('{"v":1}');
const salt = bytesOf(16, 3);
const saltBytes = new Uint8Array(16).fill(3);
const raw = (text: string): Uint8Array => fromBase64Url(text) ?? expect.fail(text);
const person = idOf(4);
const opening = { docKind: 'resident-id', number: '11010119900101001X', name: '陈大文' };
const holders = [{ person, identity: bytesOf(32, 1) }];

describe('the hash of a record', () => {
  it.each([
    ['action', toBase64Url(actionHash(body))],
    ['subject', subjectHash(body)],
    ['cast', toBase64Url(castHash(body))],
    ['meeting', meetingHash(body)],
    ['objection', objectionHash(body)],
    ['decision', decisionHash(body)],
    ['authorisation', authorisationHash(body)],
    ['refund', refundHash(body)],
    ['emergency', emergencyHash(body)],
    ['revenue-entry', revenueEntryHash(body)],
    ['revenue-period', revenuePeriodHash(body)],
    ['top-up-call', topUpCallHash(body)],
    ['application', applicationHash(body)],
    ['application-answer', applicationAnswerHash(body)],
    ['fund-month', fundMonthHash(body)],
    ['fund-entry', fundEntryHash(body)],
    ['tally', tallyHash(body)],
    ['participation', participationHash(body)],
    ['definition-text', textHash('{"v":1}')],
  ])('%s is that of its frame', (tag, hash) => {
    expect(hash).toBe(framed(tag, body));
  });

  it('of a login covers origin and both nonces', () => {
    const [server, page] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    expect(toBase64Url(loginHash('https://vote.example', server, page))).toBe(
      framed('login', 'https://vote.example', server, page),
    );
    expect(loginHash('https://vote.example', page, server)).not.toEqual(
      loginHash('https://vote.example', server, page),
    );
  });

  it('of evidence covers every byte that the authenticator and the browser made', () => {
    if (ed25519Signature.alg !== 'Ed25519' || webauthnSignature.alg !== 'webauthn') expect.fail();
    expect(evidenceHash(ed25519Signature)).toBe(
      framed('evidence', 'Ed25519', raw(ed25519Signature.signature)),
    );
    const { credentialId, clientDataJSON, authenticatorData, signature } = webauthnSignature;
    expect(evidenceHash(webauthnSignature)).toBe(
      framed('evidence', raw(credentialId), raw(clientDataJSON), raw(authenticatorData), raw(signature)),
    );
  });

  it('of a payee’s account is salted', () => {
    expect(accountHash(saltBytes, '6222 0000')).toBe(framed('account', saltBytes, '6222 0000'));
    expect(accountHash(new Uint8Array(16), '6222 0000')).not.toBe(accountHash(saltBytes, '6222 0000'));
  });
});

describe('a commitment', () => {
  it('to a person, to holders and to a voter is that of its frame', () => {
    expect(identityHash(salt, opening)).toBe(
      framed(
        'identity',
        saltBytes,
        '{"docKind":"resident-id","name":"陈大文","number":"11010119900101001X"}',
      ),
    );
    expect(holdersHash(salt, holders)).toBe(
      framed('holders', saltBytes, `[{"identity":"${bytesOf(32, 1)}","person":"${person}"}]`),
    );
    expect(voterHash(salt, person)).toBe(framed('voter', saltBytes, person));
    expect(voterHash(salt, '')).toBe(framed('voter', saltBytes, ''));
  });

  it('opens for one salt and one value', () => {
    const bytes16 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(toBase64Url);
    const value = fc.record({ number: fc.string({ maxLength: 5 }), name: fc.string({ maxLength: 5 }) });
    fc.assert(
      fc.property(bytes16, bytes16, value, value, (a, b, left, right) => {
        const of = (s: string, each: { number: string; name: string }) =>
          identityHash(s, { docKind: 'other', ...each });
        const isSame = a === b && left.number === right.number && left.name === right.name;
        expect(of(a, left) === of(b, right)).toBe(isSame);
        expect(of(a, left)).toBe(of(a, { ...left }));
      }),
    );
  });
});

describe('a definition', () => {
  it('has one notice hash before and after its roll and keys are known', () => {
    const noticed = asNoticed(definition);
    expect(noticeHash(definition)).toBe(noticeHash(noticed));
    expect(noticeHash(definition)).toBe(framed('notice', definitionForm.bytes(noticed)));
    const zero = toBase64Url(new Uint8Array(32));
    expect(noticed).toEqual({
      ...definition,
      rollRoot: zero,
      rollSize: 0,
      keys: { ballot: zero, ack: zero, certificate: zero },
      boxKey: zero,
    });
  });

  it('has another notice hash when anything else of it changes', () => {
    const base = noticeHash(definition);
    for (const change of [
      { title: '另一次' },
      { quorum: 0 },
      { window: { ...definition.window, closes: '2026-12-21T12:00:00Z' } },
      { proposals: [{ ...motion, max: 2 }] },
      { boxHolder: 'server' as const },
      { demoRoot: true },
    ])
      expect(noticeHash({ ...definition, ...change })).not.toBe(base);
  });
});

describe('the subject of an entry', () => {
  it.each(Object.values(ENTRY_EXAMPLES))('$kind leaves out its evidence and nothing else', (entry) => {
    const { evidence: _, ...unsigned } = entry;
    expect(subjectOf(entry)).toBe(framed('subject', unsignedBytes(entry)));
    expect(subjectOf(unsigned)).toBe(subjectOf(entry));
    const evidenced = withEvidence(unsigned, [bytesOf(32, 40), bytesOf(32, 41)]);
    expect(evidenced.evidence).toHaveLength(2);
    expect(entryForm.parse(entryForm.bytes(evidenced))).toEqual({ ok: true, value: evidenced });
    expect(subjectOf(evidenced)).toBe(subjectOf(entry));
    expect(new TextDecoder().decode(unsignedBytes(entry))).not.toContain('evidence');
  });

  it('is what an action names', () => {
    const subject = subjectOf(ENTRY_EXAMPLES['meeting.opened']);
    expect(actionForm.check({ ...action, subject }).ok).toBe(true);
    expect(new Set(Object.values(ENTRY_EXAMPLES).map((entry) => subjectOf(entry))).size).toBe(
      Object.keys(ENTRY_EXAMPLES).length,
    );
  });
});
