/** Signatures as requests bring them: the wire type allows more spellings than the record (SPEC 1.2). */
import type { Signature } from '../record/signature.ts';
import { signatureForm } from '../record/signature.ts';

/** A signature of a request in its one record form; undefined where its bytes have another spelling. */
export function readSignature(body: unknown): Signature | undefined {
  const checked = signatureForm.check(body);
  return checked.ok ? checked.value : undefined;
}
