/** CAST-03: casts, papers and voids of an entitlement are one chain, and each may take the place of the one before it (SPEC 6.7). */
import { CHAIN_START } from '../record/cast.ts';
import type { Mandate } from '../record/mandate.ts';
import { yieldsToPrincipal } from '../record/mandate.ts';
import { leafText } from './bundled-log.ts';
import type { Placed } from './entry-scope.ts';
import { castsOf, entriesOf } from './entry-scope.ts';
import type { Mandates } from './mandate-checks.ts';
import type { Course } from './meeting-checks.ts';
import type { PaperStatement } from './paper-statements.ts';
import type { Statement } from './statements.ts';
import type { Verification } from './verification.ts';

/** A statement as the chain depends on it; `person` and `credential` are undefined where the bundle cannot say. */
type Link = {
  readonly where: string;
  readonly index: number;
  readonly kind: 'cast' | 'paper' | 'void';
  readonly hash: string;
  readonly entry: { readonly entitlement: string; readonly seq: number };
  readonly said: {
    readonly meeting: string;
    readonly entitlement: string;
    readonly seq: number;
    readonly prev: string;
    readonly mandate: string;
  };
  readonly person: string | undefined;
  readonly credential: string;
  readonly isLetter: boolean;
};

const linkOfCast = ({ where, index, entry, cast, credential }: Statement): Link => ({
  where,
  index,
  kind: 'cast',
  hash: entry.castHash,
  entry,
  said: cast,
  person: credential?.person,
  credential: cast.credential,
  isLetter: credential?.kind === 'letter',
});

const linkOfPaper = ({ where, index, entry, paper }: PaperStatement): Link => ({
  where,
  index,
  kind: 'paper',
  hash: entry.paperHash,
  entry,
  said: paper,
  person: paper.signer,
  credential: '',
  isLetter: false,
});

/** A void says in its entry all that there is to say. */
const linkOfVoid = (placed: Placed<'cast.voided'>, meetingHash: string): Link => ({
  where: `log ${placed.index} cast.voided`,
  index: placed.index,
  kind: 'void',
  hash: leafText(placed),
  entry: placed.entry,
  said: { ...placed.entry, meeting: meetingHash, mandate: '' },
  person: undefined,
  credential: '',
  isLetter: false,
});

type Chain = { readonly last: Link; readonly changes: number; readonly principal: Mandate | undefined };

/** Replays every chain; the entry must say what its statement says. */
export function checkChains(
  the: Verification,
  statements: readonly Statement[],
  papers: readonly PaperStatement[],
  mandates: Mandates,
): void {
  const { notebook, meetingHash } = the;
  const chains = new Map<string, Chain>();
  const seen = new Set<string>();
  const links = [
    ...statements.map(linkOfCast),
    ...papers.map(linkOfPaper),
    ...entriesOf(the.log, 'cast.voided', { meeting: the.definition.meeting }).map((placed) =>
      linkOfVoid(placed, meetingHash),
    ),
  ];
  for (const link of links.sort((a, b) => a.index - b.index)) {
    const { where, index, hash, entry, said } = link;
    notebook.holds(
      'CAST-03',
      where,
      !seen.has(hash),
      `a ${link.kind} accepted once`,
      `again at log ${index}`,
    );
    seen.add(hash);
    notebook.same('CAST-03', `${where} meeting`, meetingHash, said.meeting);
    notebook.same('CAST-03', `${where} entitlement`, entry.entitlement, said.entitlement);
    notebook.same('CAST-03', `${where} seq`, String(entry.seq), String(said.seq));
    const chain = chains.get(entry.entitlement);
    notebook.same('CAST-03', `${where} prev`, chain?.last.hash ?? CHAIN_START, said.prev);
    const principal = mandates.get(said.mandate)?.given;
    const isVoid = link.kind === 'void' || chain?.last.kind === 'void';
    const isFree = chain === undefined || isVoid || isTakenOver(chain, link);
    if (chain !== undefined && !isFree) {
      if (link.kind === 'paper' || chain.last.kind === 'paper') checkAcross(the, chain, link, principal);
      else checkChange(the, chain, link, principal);
    }
    const isCounted = !isFree && link.kind === 'cast' && chain.last.kind === 'cast';
    const changes = isCounted ? chain.changes + 1 : 0;
    chains.set(entry.entitlement, { last: link, changes, principal });
  }
}

/** A cast of the principal himself over what his agent stated. */
const isTakenOver = ({ principal }: Chain, link: Link): boolean =>
  principal !== undefined &&
  yieldsToPrincipal(principal.basis) &&
  link.kind === 'cast' &&
  link.said.mandate === '' &&
  link.person === principal.by.person;

/** A changed vote: for the same principal, by the same credential and no letter, within the limit. */
function checkChange(
  { notebook, rules }: Verification,
  chain: Chain,
  { where, credential, isLetter }: Link,
  principal: Mandate | undefined,
): void {
  if (rules === undefined) return;
  const [before, after] = [chain.principal?.by.person ?? '', principal?.by.person ?? ''];
  notebook.same('CAST-03', `${where} principal`, before, after);
  const isOwn = chain.last.credential === credential;
  notebook.holds('CAST-03', where, isOwn, 'a change by the same credential', credential);
  notebook.holds('CAST-03', where, !isLetter || rules.letterRevote, 'no change by a letter key', 'a letter');
  const isWithin = chain.changes < rules.revoteLimit;
  notebook.holds('CAST-03', where, isWithin, `at most ${rules.revoteLimit} changes`, 'one more');
}

/** Across the channels `duplicateRule` decides; the mandates of 3.6 stand under each of its values. */
function checkAcross(
  { notebook, rules }: Verification,
  chain: Chain,
  link: Link,
  principal: Mandate | undefined,
): void {
  if (rules === undefined) return;
  const { where, kind, said, person } = link;
  const rule = rules.duplicateRule;
  const found = `a ${kind} after a ${chain.last.kind}`;
  const replaces: Readonly<Record<typeof rule, boolean>> = {
    OWN_KEY: kind === 'cast' && said.mandate === '',
    FIRST_VALID: false,
    ELECTRONIC_PREVAILS: kind === 'cast',
    LAST_BEFORE_CLOSE: true,
  };
  notebook.holds('CAST-03', where, replaces[rule], `what ${rule} lets stand`, found);
  const former = chain.principal;
  const isWard =
    former !== undefined &&
    !yieldsToPrincipal(former.basis) &&
    said.mandate === '' &&
    person === former.by.person;
  notebook.holds('CAST-03', where, !isWard, 'nothing of a ward over his guardian', person ?? '');
  if (said.mandate === '') return;
  notebook.same('CAST-03', `${where} principal`, former?.by.person ?? '', principal?.by.person ?? '');
}

/** From the log alone: inside the window, and in each entitlement's chain one after the other. */
export function checkEntries({ definition, log, notebook }: Verification, course: Course): void {
  const { meeting } = definition;
  const last = new Map<string, number>();
  const placed = [
    ...castsOf(log, meeting),
    ...entriesOf(log, 'paper.accepted', { meeting }),
    ...entriesOf(log, 'cast.voided', { meeting }),
  ].sort((a, b) => a.index - b.index);
  for (const { index, entry } of placed) {
    const where = `log ${index} ${entry.kind}`;
    const isOpen = course.opened !== undefined && index > course.opened;
    notebook.holds('CAST-03', where, isOpen, 'after meeting.opened', `log ${index}`);
    // When a void or a restored cast may come, VOID-01 and CAST-06 judge.
    const isLate = entry.kind === 'cast.voided' || entry.kind === 'cast.restored';
    const isInTime = course.closed === undefined || index < course.closed || isLate;
    notebook.holds('CAST-03', where, isInTime, 'before meeting.closed', `log ${index}`);
    const seq = (last.get(entry.entitlement) ?? 0) + 1;
    notebook.same('CAST-03', `${where} seq in its chain`, String(seq), String(entry.seq));
    last.set(entry.entitlement, entry.seq);
  }
}
