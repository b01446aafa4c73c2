// The bundle of a meeting as the service exports it, and what the verifier says of it with the trust file beside.
import { exportBundle, exportTrust } from '../../src/bundle/exporting.ts';
import { trustForm } from '../../src/record/trust.ts';
import { verifyBundle } from '../../src/verifier/verify.ts';
import type { TestService } from './service.ts';

/** Throws where it cannot be exported or is no bundle; whether a check failed is for the test to say. */
export async function verifiedBundle(
  { service: { deps } }: Pick<TestService, 'service'>,
  meeting: string,
  audience: 'auditor' | 'public',
) {
  const files = await exportBundle(deps, meeting, audience);
  const trust = await exportTrust(deps, meeting);
  if (!files.ok || !trust.ok) throw new Error('no bundle');
  const report = await verifyBundle(
    { files: files.value, irregular: [] },
    { trust: trustForm.own(trust.value) },
  );
  if (!report.ok) throw new Error(report.refusal.code);
  const { checks, annulled } = report.value;
  return { files: files.value, checks, annulled, failed: checks.filter(({ outcome }) => outcome === 'fail') };
}
