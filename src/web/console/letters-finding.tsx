/** The registrar finds the letters of a place, opens a locked one and drafts the end of one (SPEC 3.2, 3.5). */
import { useState } from 'preact/hooks';
import type { FoundLetters } from '../../identity/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Field } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import { t } from './letters-words.ts';
import { callProved } from './proof.ts';

type Found = FoundLetters['letters'][number];

type FoundLetterProps = {
  readonly community: string;
  readonly found: Found;
  readonly onDone: (sentence: string) => void;
  readonly onProblem: (sentence: string) => void;
};

function FoundLetter({ community, found, onDone, onProblem }: FoundLetterProps) {
  const act = async (step: 'unlocking' | 'revocation', sentence: string) => {
    const answer = await callProved('POST', `/v1/communities/${community}/letters/${found.letter}/${step}`);
    if (answer.ok) onDone(sentence);
    else onProblem(answer.problem.sentence);
  };
  const name = t('found', { name: found.name, places: found.places.join('、') });
  return (
    <li>
      <p>
        {name} {found.isLocked && <span class="tag">{t('lockedTag')}</span>}
      </p>
      <p class="soft">
        {t('personId')} <span class="mono">{found.person}</span>
      </p>
      {found.isLocked && <p class="soft">{t('unlockNote')}</p>}
      <div class="actions row">
        {found.isLocked && (
          <Button onClick={() => void act('unlocking', t('unlocked'))}>
            {t('unlock')}
            <span class="visually-hidden">：{name}</span>
          </Button>
        )}
        <Button kind="quiet" onClick={() => void act('revocation', t('revokeDrafted'))}>
          {t('revoke')}
          <span class="visually-hidden">：{name}</span>
        </Button>
      </div>
    </li>
  );
}

type LettersFindingProps = { readonly community: string; readonly onChanged: () => void };

export function LettersFinding({ community, onChanged }: LettersFindingProps) {
  const [place, setPlace] = useState('');
  const [found, setFound] = useState<readonly Found[]>();
  const [problem, setProblem] = useState<string>();
  const [done, setDone] = useState<string>();
  const search = async () => {
    const query = new URLSearchParams({ place });
    const answer = await call<FoundLetters>('GET', `/v1/communities/${community}/letters/at?${query}`);
    setFound(answer.ok ? answer.value.letters : undefined);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
  };
  return (
    <section class="sheet">
      <h3>{t('find')}</h3>
      <Field label={t('place')} value={place} onValue={setPlace} maxLength={200} />
      <Button
        kind="quiet"
        disabled={place.trim() === ''}
        onClick={() => {
          setDone(undefined);
          void search();
        }}
      >
        {t('search')}
      </Button>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {done !== undefined && <Status kind="good" title={done} />}
      {found?.length === 0 && <p>{t('none')}</p>}
      <ul class="plain-list">
        {found?.map((one) => (
          <FoundLetter
            key={one.letter}
            community={community}
            found={one}
            onProblem={setProblem}
            onDone={(sentence) => {
              setDone(sentence);
              void search();
              onChanged();
            }}
          />
        ))}
      </ul>
    </section>
  );
}
