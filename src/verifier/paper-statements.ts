/** The accepted papers in log order, and the statements of both kinds as the count takes them (SPEC 6.4, 6.7). */
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import type { EntryOf } from '../record/entry.ts';
import type { Proposal } from '../record/meeting.ts';
import type { Paper } from '../record/paper.ts';
import { paperForm, paperHash } from '../record/paper.ts';
import { noteRefusal } from './bundle-contents.ts';
import { entriesOf } from './entry-scope.ts';
import type { Statement } from './statements.ts';
import type { Verification } from './verification.ts';

/** An accepted paper at its log index; an answer's proposal is undefined where the meeting has none of that id. */
export type PaperStatement = {
  readonly where: string;
  readonly index: number;
  readonly entry: EntryOf<'paper.accepted'>;
  readonly paper: Paper;
  readonly hash: Uint8Array;
  readonly answers: readonly {
    readonly ballot: string;
    readonly sealed: Uint8Array;
    readonly proposal: Proposal | undefined;
  }[];
};

/** The papers that the log accepted and the bundle holds, in log order; undefined where the bundle cannot say. */
export function readPapers({
  contents,
  definition,
  log,
  notebook,
}: Verification): readonly PaperStatement[] | undefined {
  const entries = entriesOf(log, 'paper.accepted', { meeting: definition.meeting });
  if (entries.length === 0) return [];
  if (contents.papers === undefined) return undefined;
  const proposals = new Map(definition.proposals.map((proposal) => [proposal.proposal, proposal]));
  const byHash = new Map<string, Omit<PaperStatement, 'index' | 'entry'>>();
  for (const { where, value: line } of contents.papers) {
    const bytes = fromBase64Url(line.paper) ?? new Uint8Array();
    const parsed = paperForm.parse(bytes);
    if (!parsed.ok) {
      noteRefusal(notebook, where, parsed.refusal);
      continue;
    }
    const paper = parsed.value;
    const hash = paperHash(bytes);
    const answers = paper.answers.map(({ proposal, sealed }) => ({
      ballot: paper.serial,
      sealed: fromBase64Url(sealed) ?? new Uint8Array(),
      proposal: proposals.get(proposal),
    }));
    byHash.set(toBase64Url(hash), { where, paper, hash, answers });
  }
  return entries.flatMap(({ index, entry }) => {
    const read = byHash.get(entry.paperHash);
    return read === undefined ? [] : [{ ...read, index, entry }];
  });
}

/** A statement of either kind as the count takes it. */
export type Counted = {
  readonly index: number;
  readonly entitlement: string;
  /** castHash or paperHash. */
  readonly hash: string;
  readonly meeting: string;
  readonly channel: 'letter' | 'passkey' | 'device' | 'paper';
  readonly answers: PaperStatement['answers'];
};

/** The statement of each entitlement that counts: the last item of its chain before a place in the log, unless that is a void (SPEC 6.7). */
export function countedOf(
  { definition, log }: Pick<Verification, 'definition' | 'log'>,
  statements: readonly Statement[],
  papers: readonly PaperStatement[],
  before = Number.POSITIVE_INFINITY,
): ReadonlyMap<string, Counted> {
  const voids = entriesOf(log, 'cast.voided', { meeting: definition.meeting });
  const all: (Counted | { readonly index: number; readonly entitlement: string })[] = [
    ...voids.map(({ index, entry }) => ({ index, entitlement: entry.entitlement })),
    ...statements.map(({ index, entry, cast, credential, answers }) => ({
      index,
      entitlement: entry.entitlement,
      hash: entry.castHash,
      meeting: cast.meeting,
      channel: credential?.kind ?? ('letter' as const),
      answers,
    })),
    ...papers.map(({ index, entry, paper, answers }) => ({
      index,
      entitlement: entry.entitlement,
      hash: entry.paperHash,
      meeting: paper.meeting,
      channel: 'paper' as const,
      answers,
    })),
  ];
  const counted = new Map<string, Counted>();
  for (const item of all.sort((a, b) => a.index - b.index)) {
    if (item.index >= before) break;
    if ('answers' in item) counted.set(item.entitlement, item);
    else counted.delete(item.entitlement);
  }
  return counted;
}
