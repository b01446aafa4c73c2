/** An act as it stands on the wire and in the files that root holders sign (SPEC 2.3). */
import { toBase64Url } from '../base/bytes.ts';
import type { Role } from '../record/action.ts';
import { ruleOf } from './acts.ts';
import type { ActAnswer } from './contract.ts';
import { missingRoles } from './domain/signatures.ts';
import type { ActRow, ActSignatureRow } from './store.ts';

/** What whoever signs second must find out by himself: the marks of a paper that another keyed (SPEC 6.4). */
const BLIND: Readonly<Record<string, readonly string[]>> = { 'paper.accepted': ['record'] };

function shownDetails({ kind, details }: ActRow): ActAnswer['details'] {
  const hidden = BLIND[kind] ?? [];
  const all = Object.entries(JSON.parse(details) as ActAnswer['details']);
  return Object.fromEntries(all.filter(([name]) => !hidden.includes(name)));
}

/** The act with who has signed it and who is missing; `names` are the officers'. */
export function answerOf(
  act: ActRow,
  signatures: readonly ActSignatureRow[],
  names: ReadonlyMap<string, string>,
): ActAnswer {
  const roles = signatures.map((row) => row.role as Role);
  return {
    act: act.act_id,
    kind: act.kind,
    community: act.community_id,
    meeting: act.meeting_id ?? '',
    entry: toBase64Url(act.entry),
    subject: toBase64Url(act.subject),
    state: act.state as ActAnswer['state'],
    refusal: act.refusal_code ?? '',
    details: shownDetails(act),
    signatures: signatures.map((row) => ({
      officer: row.officer_id,
      role: row.role,
      name: names.get(row.officer_id) ?? '',
    })),
    missing: act.state === 'open' ? missingRoles(ruleOf(act), roles).map((roleList) => [...roleList]) : [],
  };
}
