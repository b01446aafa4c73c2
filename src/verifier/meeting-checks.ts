/** MEET-01, MEET-02: the meeting that opened is the noticed one, under published rules; CRED-02 of its keys (SPEC 1.3, 5). */
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { civilDateAt, daysBetween } from '../base/civil-date.ts';
import { parseInstant } from '../base/instant.ts';
import { isEnrollableKey } from '../crypto/ed25519-key.ts';
import { sealLengthOf } from '../record/choice.ts';
import type { Proposal } from '../record/meeting.ts';
import { MOTION_OPTIONS, noticeHash, textHash } from '../record/meeting.ts';
import { parseVkey } from '../record/note.ts';
import { entriesOf, meetingOf } from './entry-scope.ts';
import { closeBefore } from './moved-close.ts';
import { isDemoProfile, parameterText, STATUTE } from './profile-form.ts';
import type { Verification } from './verification.ts';

/** Log indexes of the meeting's life, and the effective close. */
export type Course = {
  readonly noticed: number | undefined;
  readonly frozen: number | undefined;
  readonly opened: number | undefined;
  readonly closed: number | undefined;
  readonly released: number | undefined;
  readonly final: number | undefined;
  /** The effective close: of the last extension or resumption before `meeting.closed`, else of the window. */
  readonly closesAt: number;
};

/** Where the meeting's entries stand in the log. */
export function courseOf({ log, definition }: Verification): Course {
  const filter = { meeting: definition.meeting };
  const closed = entriesOf(log, 'meeting.closed', filter)[0]?.index;
  return {
    noticed: entriesOf(log, 'meeting.noticed', filter)[0]?.index,
    frozen: entriesOf(log, 'roll.frozen', filter)[0]?.index,
    opened: entriesOf(log, 'meeting.opened', filter)[0]?.index,
    closed,
    released: entriesOf(log, 'box.released', filter)[0]?.index,
    final: entriesOf(log, 'tally.final', filter)[0]?.index,
    closesAt: closeBefore({ log, definition }, closed ?? Number.POSITIVE_INFINITY),
  };
}

/** CRED-02: under a key of small order anybody signs anything, so what the definition's keys signed would bind nobody (SPEC 1.3). */
function checkServerKeys({ definition, notebook }: Verification): void {
  const { ballot, ack, certificate } = definition.keys;
  const keys: [string, Uint8Array][] = Object.entries({ ballot, ack, certificate }).map(([name, key]) => [
    `keys.${name}`,
    fromBase64Url(key) ?? new Uint8Array(),
  ]);
  for (const vkey of [definition.logVkey, ...definition.witnesses]) {
    const parsed = parseVkey(vkey);
    if (parsed.ok) keys.push([parsed.value.name, parsed.value.publicKey]);
  }
  for (const [name, key] of keys) {
    const where = `meeting.json ${name}`;
    notebook.holds(
      'CRED-02',
      where,
      isEnrollableKey(key),
      'an Ed25519 key that obeys SPEC 1.3',
      toBase64Url(key),
    );
  }
}

/** MEET-01. */
export function checkMeeting(the: Verification): void {
  checkServerKeys(the);
  const { log, definition, contents, notebook, meetingHash } = the;
  const filter = { meeting: definition.meeting };
  notebook.made('MEET-01');
  const [noticed, frozen, opened] = [
    entriesOf(log, 'meeting.noticed', filter),
    entriesOf(log, 'roll.frozen', filter),
    entriesOf(log, 'meeting.opened', filter),
  ];
  for (const [kind, found] of [
    ['meeting.noticed', noticed],
    ['roll.frozen', frozen],
    ['meeting.opened', opened],
  ] as const) {
    notebook.same('MEET-01', 'log', `1 ${kind}`, `${found.length} ${kind}`);
  }
  for (const { index, entry } of log.entries) {
    if (entry === undefined || meetingOf(entry) !== definition.meeting || !('community' in entry)) continue;
    // Else another community's officers could act on this meeting.
    notebook.same('MEET-01', `log ${index} ${entry.kind} community`, definition.community, entry.community);
  }
  const [cancelled] = entriesOf(log, 'meeting.cancelled', filter);
  for (const { index } of cancelled === undefined ? [] : entriesOf(log, 'tally.final', filter)) {
    notebook.finding('MEET-01', `log ${index} tally.final`, 'no result of a cancelled meeting', 'a result');
  }
  const order = [noticed[0]?.index, frozen[0]?.index, opened[0]?.index].filter(
    (index) => index !== undefined,
  );
  const isOrdered = order.every((index, at) => at === 0 || index > (order[at - 1] ?? 0));
  notebook.holds('MEET-01', 'log', isOrdered, 'noticed, then frozen, then opened', order.join(', '));
  for (const { index, entry } of noticed) {
    notebook.same('MEET-01', `log ${index} noticeHash`, entry.noticeHash, noticeHash(definition));
    notebook.same('MEET-01', `log ${index} opens`, entry.opens, definition.window.opens);
  }
  for (const { index, entry } of opened) {
    notebook.same('MEET-01', `log ${index} meetingHash`, entry.meetingHash, meetingHash);
  }
  notebook.same('MEET-01', 'manifest.json meeting', definition.meeting, contents.manifest.meeting);
  const texts = new Map([['notice', definition.notice.textHash]]);
  if (definition.notice.questionsHash !== '') texts.set('questions', definition.notice.questionsHash);
  for (const proposal of definition.proposals) texts.set(`proposal ${proposal.proposal}`, proposal.textHash);
  for (const [what, hash] of texts) {
    const body = contents.notices.get(hash);
    const found = body === undefined ? 'no such text' : textHash(body);
    notebook.same('MEET-01', `notice/${hash}.txt (${what})`, hash, found);
  }
}

/** MEET-02. */
export function checkProfile(the: Verification): void {
  const { definition, contents, notebook, rules, trust } = the;
  notebook.made('MEET-02');
  if (rules === undefined)
    notebook.finding('MEET-02', 'meeting.json profile', 'all parameters', 'some are missing');
  for (const [at, proposal] of definition.proposals.entries()) checkProposal(the, proposal, at);
  const stated = new Map(definition.profile.parameters.map(({ name, value }) => [name, value]));
  const isOnce = stated.size === definition.profile.parameters.length;
  notebook.holds('MEET-02', 'meeting.json profile', isOnce, 'each parameter once', 'one occurs twice');
  for (const [name, expected] of Object.entries(STATUTE[definition.profile.id] ?? {})) {
    notebook.same(
      'MEET-02',
      `meeting.json ${name} (Civil Code §278)`,
      expected,
      stated.get(name) ?? 'absent',
    );
  }
  const mayChoose = !isDemoProfile(definition.profile.id) || definition.demoRoot;
  notebook.holds('MEET-02', 'meeting.json profile.id', mayChoose, 'a demo root', definition.profile.id);
  checkWindow(the);
  const listed = (trust?.profiles ?? []).filter(({ id }) => id === definition.profile.id);
  if (trust !== undefined && trust.profiles.length > 0) {
    const isPublished = listed.some(({ hash }) => hash === definition.profile.hash);
    const expected = listed.map(({ hash }) => hash).join(' | ') || 'a profile that the trust file lists';
    notebook.holds('MEET-02', 'meeting.json profile.hash', isPublished, expected, definition.profile.hash);
  }
  const profile = contents.profile?.value;
  if (profile === undefined || contents.profileHash === undefined) {
    notebook.cannot('MEET-02', contents.whyNot('profile.json'));
    return;
  }
  notebook.same('MEET-02', 'profile.json hash', definition.profile.hash, contents.profileHash);
  notebook.same('MEET-02', 'profile.json id', definition.profile.id, profile.id);
  notebook.same(
    'MEET-02',
    'profile.json version',
    String(definition.profile.version),
    String(profile.version),
  );
  const isValid = profile.validFrom <= definition.notice.publishedOn;
  notebook.holds(
    'MEET-02',
    'profile.json validFrom',
    isValid,
    definition.notice.publishedOn,
    profile.validFrom,
  );
  const names = new Set([...stated.keys(), ...Object.keys(profile.parameters)]);
  for (const name of names) {
    const value = Object.hasOwn(profile.parameters, name) ? profile.parameters[name] : undefined;
    const published = value === undefined ? 'absent' : parameterText(value);
    notebook.same('MEET-02', `meeting.json ${name}`, published, stated.get(name) ?? 'absent');
  }
}

/** A motion offers for, against, abstain; every sealed choice has the length of the longest valid one (SPEC 5, 6.2). */
function checkProposal({ notebook }: Verification, proposal: Proposal, at: number): void {
  const where = `meeting.json proposals[${at}]`;
  const ids = proposal.options.map(({ id }) => id);
  const isOnce = new Set(ids).size === ids.length;
  notebook.holds('MEET-02', where, isOnce, 'different options', ids.join(', '));
  notebook.same(
    'MEET-02',
    `${where} sealLength`,
    String(sealLengthOf(proposal)),
    String(proposal.sealLength),
  );
  if (proposal.form === 'motion') {
    notebook.same('MEET-02', where, MOTION_OPTIONS.map(({ id }) => id).join(', '), ids.join(', '));
    notebook.same('MEET-02', `${where} min, max`, '1, 1', `${proposal.min}, ${proposal.max}`);
  } else {
    const isPossible = proposal.min <= proposal.max && proposal.max <= ids.length && proposal.seats >= 1;
    notebook.holds('MEET-02', where, isPossible, 'seats, and min ≤ max ≤ options', 'otherwise');
  }
}

/** The window's length in civil days lies within the profile's bounds. */
function checkWindow({ definition, notebook, rules }: Verification): void {
  if (rules === undefined) return;
  const [opens, closes] = [
    parseInstant(definition.window.opens) ?? 0,
    parseInstant(definition.window.closes) ?? 0,
  ];
  const days = daysBetween(civilDateAt(opens), civilDateAt(closes));
  const isWithin = opens < closes && days >= rules.windowDaysMin && days <= rules.windowDaysMax;
  const expected = `${rules.windowDaysMin} to ${rules.windowDaysMax} days`;
  notebook.holds('MEET-02', 'meeting.json window', isWithin, expected, `${days} days`);
}
