/** What a section of the owner's own page is given. */
import type { MeAnswer } from '../../identity/contract.ts';
import type { LogTrust } from '../../record/proof.ts';
import type { SignedInOwner } from '../owner/letter-login.ts';
import type { VotingKey } from '../owner/voting-key.ts';

export type SectionProps = {
  readonly owner: SignedInOwner;
  readonly votingKey: VotingKey;
  readonly trust: LogTrust;
  readonly me: MeAnswer;
};
