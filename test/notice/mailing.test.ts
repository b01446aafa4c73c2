// Goal: a mail reaches a real mail server encrypted, whole and under its own id; what the server refuses is told apart from what may pass
// later; nothing that is written into a mail adds a receiver or a header. Method: smtp-server on loopback in every mood.
import { afterEach, describe, expect, it } from 'vitest';
import { codeMail, drawCode, maskAddress, noticeMail, readAddress } from '../../src/notice/domain/email.ts';
import { readMailUrl, sendMail } from '../../src/notice/mailing.ts';
import { deliveryEmailHash } from '../../src/record/delivery.ts';
import type { MailMood, MailServerOptions, TestMailServer } from './mail-server.ts';
import { startMailServer } from './mail-server.ts';

let mails: TestMailServer | undefined;
afterEach(async () => mails?.close());

const start = async (options?: MailServerOptions): Promise<TestMailServer> => {
  mails = await startMailServer(options);
  return mails;
};
const LIMITS = { answerMs: 5_000, takingMs: 5_000 };
const FACTS = { community: '测试花园', place: '1栋101', helpLine: '', page: 'vote.example', day: '12月10日' };
const MAIL = { id: 'abcdefgh', to: 'chen@mail.example', ...noticeMail('meeting-noticed', FACTS) };

describe('a mail', () => {
  it('goes over STARTTLS under its own id, and arrives whole', async () => {
    const { server, taken } = await start();
    const answer = await sendMail(server, MAIL, LIMITS);
    expect(answer).toEqual({ taken: true, receipt: '250 2.0.0 Ok: queued as 4XyZ1 for …' });
    const [mail] = taken;
    expect(mail).toMatchObject({
      to: ['chen@mail.example'],
      from: 'notice@vote.example',
      isEncrypted: true,
      user: '',
      text: MAIL.text.replaceAll('\n', '\r\n'),
    });
    expect(mail?.headers).toMatchObject({
      'message-id': '<abcdefgh@vote.example>',
      subject: '测试花园 业主大会会议公告',
      to: 'chen@mail.example',
      'auto-submitted': 'auto-generated',
    });
    expect(mail?.text).toContain('12月10日起表决');
  });

  it('of many lines and long ones keeps within the limits of SMTP', async () => {
    const { server, taken } = await start();
    const text = `${'业主'.repeat(3_000)}\n.\n${'。'.repeat(40)}\n`.repeat(5);
    expect((await sendMail(server, { ...MAIL, text }, LIMITS)).taken).toBe(true);
    expect(taken[0]?.text === text.replaceAll('\n', '\r\n')).toBe(true);
    const lines = taken[0]?.raw.split('\r\n') ?? [];
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(998);
    expect(Buffer.from(taken[0]?.raw ?? '', 'utf8').every((byte) => byte < 128)).toBe(true);
  });

  it('signs in where the server asks for it', async () => {
    const { server, taken } = await start({ password: 'Passw0rd' });
    expect((await sendMail(server, MAIL, LIMITS)).taken).toBe(true);
    expect(taken[0]?.user).toBe('vote');
    expect(await sendMail({ ...server, password: 'wrong' }, MAIL, LIMITS)).toEqual({
      taken: false,
      code: 'MAIL_SETTINGS',
      isFinal: false,
    });
  });

  it('whose title holds line breaks adds no header and no receiver', async () => {
    const { server, taken } = await start();
    const subject = '标题\r\nBcc: thief@mail.example\r\n\r\nbody\u2028Cc: other@mail.example\u0000';
    expect((await sendMail(server, { ...MAIL, subject }, LIMITS)).taken).toBe(true);
    expect(taken[0]?.to).toEqual(['chen@mail.example']);
    expect(taken[0]?.headers['subject']).toBe('标题 Bcc: thief@mail.example body Cc: other@mail.example');
    expect(Object.keys(taken[0]?.headers ?? {})).not.toContain('bcc');
    expect(Object.keys(taken[0]?.headers ?? {})).not.toContain('cc');
    expect(taken[0]?.text).toBe(MAIL.text.replaceAll('\n', '\r\n'));
  });

  it('is not sent where encryption is wanted and not offered, nor to a certificate that nobody vouches for', async () => {
    const { server, taken } = await start({ isPlain: true });
    const secured = await sendMail({ ...server, encryption: 'starttls' }, MAIL, LIMITS);
    expect(secured).toEqual({ taken: false, code: 'MAIL_SETTINGS', isFinal: false });
    expect((await sendMail(server, MAIL, LIMITS)).taken).toBe(true);
    expect(taken.map(({ isEncrypted }) => isEncrypted)).toEqual([false]);
    await mails?.close();
    const strange = await start();
    const unknown = await sendMail({ ...strange.server, authority: undefined }, MAIL, LIMITS);
    expect(unknown).toMatchObject({ taken: false, isFinal: false });
    expect(strange.taken).toEqual([]);
  });
});

describe('a mail server', () => {
  it.each<[MailMood, string, boolean]>([
    ['greylists', 'MAIL_BUSY', false],
    ['refuses the sender', 'MAIL_SETTINGS', false],
    ['refuses the receiver', 'MAIL_REFUSED', true],
    ['refuses the mail', 'MAIL_REFUSED', true],
    ['refuses without a code', 'MAIL_REFUSED', true],
    ['refuses to relay', 'MAIL_SETTINGS', false],
    ['wants a login', 'MAIL_SETTINGS', false],
    ['calls it spam', 'MAIL_SETTINGS', false],
    ['refuses the sender late', 'MAIL_SETTINGS', false],
    ['hangs up', 'MAIL_UNREACHABLE', false],
    ['hangs', 'MAIL_TIMEOUT', false],
    ['hangs up at the end', 'MAIL_UNANSWERED', false],
    ['hangs at the end', 'MAIL_UNANSWERED', false],
  ])('that %s means %s, final: %s', async (mood, code, isFinal) => {
    const server = await start();
    server.mood = mood;
    // Only what is waited for in vain is waited for shortly: encryption alone takes its time on a busy machine.
    const limits = {
      answerMs: mood === 'hangs' ? 700 : LIMITS.answerMs,
      takingMs: mood === 'hangs at the end' ? 700 : LIMITS.takingMs,
    };
    expect(await sendMail(server.server, MAIL, limits)).toEqual({
      taken: false,
      code,
      isFinal,
    });
    expect(server.taken).toEqual([]);
    expect(server.calls()).toBe(1);
  });

  it('may take long to keep what it has', async () => {
    const server = await start();
    server.mood = 'is slow at the end';
    expect((await sendMail(server.server, MAIL, { answerMs: 1_200, takingMs: 10_000 })).taken).toBe(true);
  });

  it('is not waited for by a process that stops', async () => {
    const server = await start();
    server.mood = 'hangs at the end';
    const limits = { answerMs: 5_000, takingMs: 60_000 };
    const stopping = new AbortController();
    const answer = sendMail(server.server, MAIL, limits, stopping.signal);
    await server.whole;
    stopping.abort();
    expect(await answer).toEqual({ taken: false, code: 'MAIL_UNANSWERED', isFinal: false });
  });

  it.each([
    ['queued for <chen@mail.example>', '250 2.0.0 queued for …'],
    ['queued for chen%40mail.example', '250 2.0.0 queued for …'],
    ['<CHEN> at mx.Mail.Example', '250 2.0.0 … at …'],
    [`${'x'.repeat(480)} ok chen at mail.example`, `250 2.0.0 ${'x'.repeat(190)}`],
  ])('that says %j is quoted as %j', async (said, kept) => {
    const server = await start({ says: said });
    expect(await sendMail(server.server, MAIL, LIMITS)).toEqual({ taken: true, receipt: kept });
  });

  it('that is not there is unreachable', async () => {
    const { server } = await start();
    await mails?.close();
    mails = undefined;
    expect(await sendMail(server, MAIL, LIMITS)).toEqual({
      taken: false,
      code: 'MAIL_UNREACHABLE',
      isFinal: false,
    });
  });
});

describe('an address', () => {
  it.each([
    ['chen@mail.example', 'chen@mail.example'],
    ['  12345@QQ.com ', '12345@qq.com'],
    ["a.b+c_d'e@sub.mail.example", "a.b+c_d'e@sub.mail.example"],
  ])('%j is kept as %j', (typed, kept) => {
    expect(readAddress(typed)).toBe(kept);
  });

  it.each([
    '',
    'chen',
    'chen@',
    '@mail.example',
    'chen@localhost',
    'chen@[127.0.0.1]',
    'chen@127.0.0.1',
    'chen@mail..example',
    'chen@-mail.example',
    '.chen@mail.example',
    'chen.@mail.example',
    'a..b@mail.example',
    '"a b"@mail.example',
    'chen@mail.example,li@mail.example',
    'Chen <chen@mail.example>',
    'chen@mail.example\r\nRCPT TO:<li@mail.example>',
    'chen@mail.example\nBcc: li@mail.example',
    'chen(comment)@mail.example',
    '陈@mail.example',
    'chen@邮件.中国',
    `${'a'.repeat(65)}@mail.example`,
    `a@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.${'f'.repeat(12)}.example`,
  ])('%j is none', (typed) => {
    expect(readAddress(typed)).toBeUndefined();
  });

  it('is shown by its first letter and its host', () => {
    expect(maskAddress('chen@mail.example')).toBe('c***@mail.example');
  });
});

describe('SMTP_URL', () => {
  it.each([
    ['smtp://mail.example', { host: 'mail.example', port: 587, user: '', isTls: false, isLoopback: false }],
    [
      'smtps://vote@mail.example',
      { host: 'mail.example', port: 465, user: 'vote', isTls: true, isLoopback: false },
    ],
    [
      'smtp://a%40b@127.0.0.1:2525/',
      { host: '127.0.0.1', port: 2525, user: 'a@b', isTls: false, isLoopback: true },
    ],
    ['smtp://[::1]:25', { host: '::1', port: 25, user: '', isTls: false, isLoopback: true }],
  ])('%s is read', (text, read) => {
    expect(readMailUrl(text)).toEqual(read);
  });

  it.each([
    '',
    'mail.example',
    'http://mail.example',
    'smtp://',
    'smtp://vote:secret@mail.example',
    'smtp://mail.example/path',
    'smtp://mail.example?tls=off',
    'smtp://%zz@mail.example',
  ])('%j is refused', (text) => {
    expect(readMailUrl(text)).toBeUndefined();
  });
});

describe('a code', () => {
  it('has eight digits, also where the draw is small, and stands in both languages of its mail', () => {
    expect(drawCode(() => new Uint8Array(6))).toBe('00000000');
    expect(drawCode(() => new Uint8Array([0, 0, 0, 0, 4, 210]))).toBe('00001234');
    expect(drawCode(() => new Uint8Array(6).fill(255))).toMatch(/^\d{8}$/);
    expect(codeMail('测试花园', '00001234').text.match(/0000 1234/g)).toHaveLength(2);
  });
});

describe('the proof of a mail', () => {
  it('changes with its text and with what the server answered', () => {
    const hash = new Uint8Array(32).fill(1);
    const proofs = [
      deliveryEmailHash(hash, '250 Ok'),
      deliveryEmailHash(hash, '250 Ok 2'),
      deliveryEmailHash(new Uint8Array(32).fill(2), '250 Ok'),
    ];
    expect(new Set(proofs).size).toBe(3);
  });
});
