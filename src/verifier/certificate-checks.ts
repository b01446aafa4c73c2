/** CERT-01 and CERT-02: one final result at most, and a certificate that says the same (SPEC 8.2). */
import { fromBase64Url } from '../base/bytes.ts';
import type { Canonical } from '../base/canonical.ts';
import { verifyJws } from '../record/jws.ts';
import { certificateForm, tallyHash } from '../record/tally-record.ts';
import { leafText } from './bundled-log.ts';
import { differences } from './difference.ts';
import { entriesOf } from './entry-scope.ts';
import type { Verification } from './verification.ts';

export const NOT_YET = { zh: '会议尚未公布结果', en: 'the meeting has no result yet' } as const;

/** Makes both checks. */
export function checkCertificate({ contents, definition, log, notebook, meetingHash }: Verification): void {
  const { certificate, tally } = contents;
  const finals = entriesOf(log, 'tally.final', { meeting: definition.meeting });
  if (finals.length === 0 && certificate === undefined) {
    for (const id of ['CERT-01', 'CERT-02'] as const) notebook.cannot(id, NOT_YET);
    return;
  }
  notebook.made('CERT-01', 'CERT-02');
  notebook.same('CERT-02', 'log', '1 tally.final', `${finals.length} tally.final`);
  if (certificate === undefined) {
    for (const id of ['CERT-01', 'CERT-02'] as const)
      notebook.cannot(id, contents.whyNot('certificate.json'));
    return;
  }
  const key = fromBase64Url(definition.keys.certificate) ?? new Uint8Array();
  const verified = verifyJws(certificate.value.token, 'owners-vote-result+jws', key, certificateForm);
  if (!verified.ok) {
    notebook.finding('CERT-01', 'certificate.json', 'signed by the certificate key', verified.refusal.code);
    notebook.cannot('CERT-02', { zh: '证书签名无效', en: 'the signature of the certificate is not valid' });
    return;
  }
  const claims = verified.value;
  const [final] = finals;
  notebook.same('CERT-02', 'certificate.json meeting', meetingHash, claims.meeting);
  notebook.same(
    'CERT-02',
    'certificate.json entry',
    final === undefined ? 'none' : leafText(final),
    claims.entry,
  );
  if (tally === undefined) {
    notebook.cannot('CERT-02', contents.whyNot('tally.json'));
    return;
  }
  notebook.same('CERT-02', 'certificate.json recordHash', tallyHash(tally.bytes), claims.recordHash);
  const outcomes = tally.value.proposals.map(({ proposal, outcome }) => ({ proposal, outcome }));
  for (const one of differences('certificate.json outcomes', outcomes, claims.outcomes as Canonical)) {
    notebook.finding('CERT-02', one.where, one.expected, one.found);
  }
}
