// Goal: the settings of the mail server are read whole or named as wrong; its files are read, and one that others can read stops the start; STARTTLS
// is left out on this computer alone. A server on this computer is found
// without a name server. Method: environments, real files, a real mail server.
import dns from 'node:dns';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { sendMail } from '../../src/notice/mailing.ts';
import { readMailServer } from '../../src/server-keys.ts';
import { startMailServer } from './mail-server.ts';

const BASE = {
  SMTP_URL: 'smtp://vote@mail.example',
  SMTP_FROM: 'notice@Vote.example',
  SMTP_PASSWORD_FILE: 'pass',
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'owners-vote-mail-settings-'));
  writeFileSync(join(folder, 'pass'), 'Passw0rd\n', { mode: 0o600 });
  writeFileSync(join(folder, 'ca.pem'), 'PEM');
});
afterAll(() => rmSync(folder, { recursive: true }));

const settings = (env: Readonly<Record<string, string>>) => {
  const config = readConfig(env, folder);
  return config.ok ? config.value.mail : config.refusal.where;
};
const server = (env: Readonly<Record<string, string>>) => {
  const config = readConfig(env, folder);
  if (!config.ok) throw new Error(config.refusal.where);
  const read = readMailServer(config.value.mail);
  return read.ok ? read.value : `${read.refusal.code} ${read.refusal.where}`;
};

describe('the settings', () => {
  it('are none without an address', () => {
    expect(settings({})).toBeUndefined();
    expect(settings({ SMTP_FROM: 'notice@vote.example' })).toBeUndefined();
    expect(server({})).toBeUndefined();
  });

  it.each([
    [{ ...BASE, SMTP_URL: 'http://mail.example' }, 'SMTP_URL'],
    [{ ...BASE, SMTP_URL: 'smtp://vote:secret@mail.example' }, 'SMTP_URL'],
    [{ ...BASE, SMTP_FROM: '' }, 'SMTP_FROM'],
    [{ ...BASE, SMTP_FROM: 'Notices <notice@vote.example>' }, 'SMTP_FROM'],
    [{ ...BASE, SMTP_URL: 'ftp://x', SMTP_FROM: 'x' }, 'SMTP_URL, SMTP_FROM'],
    [{ ...BASE, SMTP_PASSWORD_FILE: '' }, 'SMTP_PASSWORD_FILE'],
    [{ ...BASE, SMTP_URL: 'smtp://mail.example' }, 'SMTP_PASSWORD_FILE'],
  ])('%j are wrong at %s', (env, where) => {
    expect(settings(env)).toBe(where);
  });
});

describe('the mail server', () => {
  it('has the password of its file, and must be encrypted', () => {
    expect(server(BASE)).toEqual({
      host: 'mail.example',
      port: 587,
      user: 'vote',
      password: 'Passw0rd',
      from: 'notice@vote.example',
      encryption: 'starttls',
      authority: undefined,
    });
    expect(server({ ...BASE, SMTP_URL: 'smtps://vote@mail.example' })).toMatchObject({
      port: 465,
      encryption: 'tls',
    });
  });

  it('may go without encryption on this computer, where no authority is named', () => {
    const here = { SMTP_URL: 'smtp://127.0.0.1:25', SMTP_FROM: 'notice@vote.example' };
    expect(server(here)).toMatchObject({ encryption: 'none', authority: undefined });
    expect(server({ ...here, SMTP_CA_FILE: 'ca.pem' })).toMatchObject({
      encryption: 'starttls',
      authority: 'PEM',
    });
    expect(server({ ...here, SMTP_URL: 'smtp://127.0.0.1.example' })).toMatchObject({
      encryption: 'starttls',
    });
  });

  it('that is this computer by its name is found without a name server, whoever would answer there', async () => {
    // The first mail of this file: nodemailer keeps what a name server answered.
    const mails = await startMailServer({ isPlain: true });
    const asked = [
      vi.spyOn(dns.Resolver.prototype, 'resolve4'),
      vi.spyOn(dns.Resolver.prototype, 'resolve6'),
    ];
    try {
      const here = server({
        SMTP_URL: `smtp://localhost:${mails.server.port}`,
        SMTP_FROM: 'notice@vote.example',
      });
      if (here === undefined || typeof here === 'string') throw new Error(here);
      expect(here).toMatchObject({ host: 'localhost', encryption: 'none' });
      const mail = { id: 'abcdefgh', to: 'chen@mail.example', subject: '公告', text: '公告' };
      expect((await sendMail(here, mail, { answerMs: 5_000, takingMs: 5_000 })).taken).toBe(true);
      expect(mails.taken).toHaveLength(1);
      for (const each of asked) expect(each).not.toHaveBeenCalled();
    } finally {
      vi.restoreAllMocks();
      await mails.close();
    }
  });

  it('is refused where a file is missing or can be read by others', () => {
    const gone = join(folder, 'gone');
    expect(server({ ...BASE, SMTP_PASSWORD_FILE: 'gone' })).toBe(`MAIL_FILE_UNREADABLE ${gone}`);
    expect(server({ ...BASE, SMTP_CA_FILE: 'gone' })).toBe(`MAIL_FILE_UNREADABLE ${gone}`);
    const open = join(folder, 'open');
    writeFileSync(open, 'Passw0rd');
    chmodSync(open, 0o644);
    expect(server({ ...BASE, SMTP_PASSWORD_FILE: 'open' })).toBe(`MAIL_FILE_UNREADABLE ${open}`);
  });
});
