/** From a meeting and its records to what its public page shows. */
import { matterClass, statuteWords } from '../assembly/domain/matter-class.ts';
import type { Meeting } from '../assembly/meetings.ts';
import { readTexts } from '../assembly/meetings.ts';
import { isExtended, listPauses } from '../assembly/pausing.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import type { Turnout } from '../ballot/turnout.ts';
import { turnoutOf } from '../ballot/turnout.ts';
import { showSquareMetres } from '../base/area.ts';
import { present } from '../base/assert.ts';
import { civilDateAt } from '../base/civil-date.ts';
import { showInstant } from '../base/instant.ts';
import type { Definition, Proposal, Scope } from '../record/meeting.ts';
import { countsSilence } from '../record/meeting.ts';
import { tallyHash, tallyRecordForm } from '../record/tally-record.ts';
import { listFollowUps } from '../tally/following-up.ts';
import { readResult } from '../tally/results.ts';
import { yuanWords } from '../web/kit/amount-words.ts';
import type { MeetingPageProps, PublicProposal, Share } from '../web/public/meeting-page.tsx';
import { ruleWords } from '../web/public/meeting-page.tsx';
import type { ResultSectionProps } from '../web/public/result-section.tsx';
import { t } from '../web/public/words.ts';
import { fingerprintOf } from './assets.ts';

/** States in which a frozen roll can be counted against. */
const WITH_TURNOUT: readonly string[] = [
  'open',
  'paused',
  'closing',
  'closed',
  'counting',
  'preliminary',
  'final',
];

function shareOf(definition: Definition, name: 'quorum' | 'ordinary' | 'major'): Share {
  const partOf = (part: string): string =>
    present(
      definition.profile.parameters.find((each) => each.name === `${name}${part}`),
      `parameter ${name}${part}`,
    ).value;
  return {
    num: Number(partOf('Num')),
    den: Number(partOf('Den')),
    test: partOf('Test') === 'GT' ? 'GT' : 'GE',
  };
}

function scopeWords(scope: Scope): string {
  if (scope.kind === 'community') return t('scopeCommunity');
  return scope.kind === 'buildings'
    ? t('scopeBuildings', { list: scope.members.join('、') })
    : t('scopeUnits', { count: scope.members.length });
}

function moreWords(proposal: Proposal): readonly string[] {
  const election =
    proposal.form === 'election'
      ? [
          t('electionText', {
            count: proposal.options.length,
            seats: proposal.seats,
            names: proposal.options.map((option) => option.text).join('、'),
          }),
        ]
      : [];
  const fund = proposal.fund.map((use) =>
    t('fundText', {
      yuan: yuanWords(use.capFen),
      payee: use.payee,
      purpose: use.purpose,
      units: scopeWords(use.units),
    }),
  );
  return [...election, ...fund];
}

/** The form of what-if with the classes of a motion, and its base where it is known. */
function whatIfAddress(classes: readonly string[], turnout: Turnout | undefined): string {
  const base: readonly (readonly [string, string])[] =
    turnout === undefined
      ? []
      : [
          ['totalHeads', String(turnout.totalHeads)],
          ['totalArea', showSquareMetres(turnout.totalAreaDm2)],
        ];
  const matters = classes.map((id) => ['matter', id] as const);
  return `/what-if?${new URLSearchParams([...matters, ...base].map((pair) => [...pair])).toString()}`;
}

function proposalView(
  definition: Definition,
  proposal: Proposal,
  texts: ReadonlyMap<string, string>,
  turnout: Turnout | undefined,
): PublicProposal {
  const matters = proposal.classes.map((id) => present(matterClass(id), 'checked class'));
  // Every class must pass, so the strictest is what counts.
  const kind = matters.some((each) => each.threshold === 'MAJOR') ? 'major' : 'ordinary';
  return {
    proposal: proposal.proposal,
    title: proposal.title,
    text: texts.get(proposal.textHash) ?? '',
    matters: matters.map((each) => `${each.zh}(${each.article})`),
    basis: proposal.basis === statuteWords(proposal.classes) ? '' : proposal.basis,
    scope: scopeWords(proposal.scope),
    rule: ruleWords(
      shareOf(definition, 'quorum'),
      shareOf(definition, kind),
      proposal.form === 'motion' && kind === 'ordinary' && countsSilence(definition),
    ),
    more: moreWords(proposal),
    whatIf:
      // The form of what-if knows nobody who is silent.
      proposal.form === 'motion' && !countsSilence(definition)
        ? whatIfAddress(proposal.classes, turnout)
        : '',
    turnout:
      turnout === undefined
        ? undefined
        : {
            heads: turnout.heads,
            totalHeads: turnout.totalHeads,
            areaDm2: String(turnout.areaDm2),
            totalAreaDm2: String(turnout.totalAreaDm2),
          },
  };
}

async function resultView(
  deps: BallotDeps,
  meeting: Meeting,
): Promise<{ readonly section: ResultSectionProps; readonly recordHash: string } | undefined> {
  const result = await readResult(deps.db, meeting);
  if (result === undefined) return undefined;
  const titles = Object.fromEntries(
    meeting.definition.proposals.map(({ proposal, title, options }) => [
      proposal,
      { title, options: Object.fromEntries(options.map(({ id, text }) => [id, text])) },
    ]),
  );
  const section = {
    stage: result.stage,
    record: tallyRecordForm.own(result.record),
    former: result.former.map((bytes) => tallyRecordForm.own(bytes)),
    titles,
    objections: result.objections.length,
    decided: result.objections.filter((each) => each.decided).length,
    annulments: result.annulments,
  };
  return { section, recordHash: tallyHash(result.record) };
}

/** Everything that the public page of a meeting shows. */
export async function meetingView(deps: BallotDeps, meeting: Meeting): Promise<MeetingPageProps> {
  const { definition, state } = meeting;
  const texts = await readTexts(deps.db, meeting);
  // Only a final result has any, and most visits come before it.
  const followUps = state === 'final' ? await listFollowUps(deps.db, meeting) : [];
  const turnout = WITH_TURNOUT.includes(state) ? await turnoutOf(deps, meeting) : [];
  const result = await resultView(deps, meeting);
  const { logVkey, witnesses, quorum, origin } = definition;
  return {
    meeting: meeting.meeting,
    community: meeting.community,
    hasOwnRules: definition.profile.rulesHash !== '',
    usesFund: definition.proposals.some(({ fund }) => fund.length > 0),
    communityName: definition.communityName,
    title: definition.title,
    convener: definition.convener,
    state,
    publishedOn: definition.notice.publishedOn,
    opens: showInstant(meeting.opensAt),
    closes: showInstant(meeting.closesAt),
    extendedFrom: (await isExtended(deps.db, meeting)) ? definition.window.closes : '',
    pauses: await listPauses(deps.db, meeting),
    objectionsUntil: meeting.objectionsUntil === undefined ? '' : showInstant(meeting.objectionsUntil),
    roll: definition.rollSize === 0 ? undefined : { root: definition.rollRoot, size: definition.rollSize },
    noticeText: texts.get(definition.notice.textHash) ?? '',
    followUps: followUps.map(({ proposal, ...line }) => ({
      ...line,
      title: definition.proposals.find((each) => each.proposal === proposal)?.title ?? '',
    })),
    today: civilDateAt(deps.clock()),
    questions: texts.get(definition.notice.questionsHash) ?? '',
    proposals: definition.proposals.map((proposal) =>
      proposalView(
        definition,
        proposal,
        texts,
        turnout.find((each) => each.proposal === proposal.proposal),
      ),
    ),
    quorum: shareOf(definition, 'quorum'),
    result: result?.section,
    check: {
      origin,
      logVkey,
      fingerprint: fingerprintOf(logVkey),
      witnesses: witnesses.length,
      quorum,
      meetingHash: meeting.meetingHash,
      recordHash: result?.recordHash ?? '',
    },
    demo: definition.demoRoot,
  };
}
