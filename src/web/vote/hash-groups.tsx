/** A statement's hash as eight groups of four digits, to compare by eye (SPEC 6.10). */
import { hexGroups } from '../kit/fingerprint.ts';

export function HashGroups({ hash }: { readonly hash: string }) {
  return (
    <ol class="groups">
      {hexGroups(hash).map((group, at) => (
        // Two groups may be equal, so the place is the key.
        // Eight fixed places.
        <li key={at}>{group}</li>
      ))}
    </ol>
  );
}
