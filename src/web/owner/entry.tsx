/** Signing in, wherever an owner does it: the letter's code and the end of his document number, or a key of his own (SPEC 1.7, 3.5). */
import { useState } from 'preact/hooks';
import { useTopOf } from '../kit/shell.tsx';
import { deviceVotingKey } from './device-key.ts';
import { CodeStep, IdentityStep, readCode } from './entry-steps.tsx';
import type { SignedInOwner } from './letter-login.ts';
import type { VotingKey } from './voting-key.ts';
import { letterVotingKey } from './voting-key.ts';

/** Listens for codes that are scanned into the open page. */
export type CodeListener = (listen: (code: string) => void) => void;

/** Which of the two steps stands. */
type EntryView =
  | { readonly at: 'code'; readonly scanFailed: boolean }
  | { readonly at: 'identity'; readonly seed: Uint8Array; readonly isOwn?: true };

/** The first step for a scanned code, or for none. */
const firstView = (code: string): EntryView => {
  if (code === '') return { at: 'code', scanFailed: false };
  const read = readCode(code);
  return 'seed' in read ? { at: 'identity', seed: read.seed } : { at: 'code', scanFailed: true };
};

export type EntryProps = {
  /** The scanned code, or the empty text; another one starts anew (give it as `key` too). */
  readonly code: string;
  readonly onOwner: (key: VotingKey, owner: SignedInOwner) => void;
};

export function Entry({ code, onOwner }: EntryProps) {
  const [view, show] = useState<EntryView>(() => firstView(code));
  useTopOf(view.at);
  if (view.at === 'code')
    return (
      <CodeStep
        scanFailed={view.scanFailed}
        onSeed={(seed) => show({ at: 'identity', seed })}
        onOwnSeed={(seed) => show({ at: 'identity', seed, isOwn: true })}
        onOwner={onOwner}
      />
    );
  return (
    <IdentityStep
      seed={view.seed}
      onBack={() => show({ at: 'code', scanFailed: false })}
      onOwner={(owner) => onOwner((view.isOwn ? deviceVotingKey : letterVotingKey)(view.seed), owner)}
    />
  );
}
