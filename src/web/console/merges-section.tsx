/** Owners who might be one person under two documents, side by side; one merges them by a draft, or undoes a merge (SPEC 3.8). */
import { useEffect, useState } from 'preact/hooks';
import { toBase64Url } from '../../base/bytes.ts';
import type { CandidatesAnswer, MergesAnswer } from '../../identity/merge-contract.ts';
import type { OfficerAnswer } from '../../officers/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { draw } from '../kit/draw.ts';
import { Field } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import { unitWords } from '../kit/unit-words.ts';
import { t } from './merges-words.ts';

const SIGNERS: readonly string[] = ['registrar', 'street', 'regulator'];

type Listed = MergesAnswer['merges'][number];
type Shown = Listed['keeps'];

/** A person under one document in one line: masked name and number, and his units. */
function documentWords({ name, number, docKind, units }: Shown): string {
  const kind = t(`kind_${docKind}` as 'kind_other');
  const where = units.length === 0 ? t('noUnits') : units.map(unitWords).join('、');
  return `${t('document', { name, kind, number })}（${where}）`;
}

type Candidate = CandidatesAnswer['candidates'][number];

type PairProps = { readonly path: string; readonly pair: Candidate; readonly onDrafted: () => void };

function Pair({ path, pair: { a, b, because }, onDrafted }: PairProps) {
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const merge = async (keeps: string, merged: string) => {
    setBusy(true);
    setProblem(undefined);
    const answer = await call('POST', path, { keeps, merged, reason: reason.trim() }, toBase64Url(draw(16)));
    setBusy(false);
    if (answer.ok) onDrafted();
    else setProblem(answer.problem.sentence);
  };
  const isReady = reason.trim().length >= 4;
  return (
    <li class="sheet">
      <p>
        <span class="tag">{t(`because_${because}`)}</span>
      </p>
      <div class="columns">
        <div>
          <h3>{t('first')}</h3>
          <p>{documentWords(a)}</p>
          <Button kind="quiet" busy={busy} disabled={!isReady} onClick={() => void merge(a.person, b.person)}>
            {t('keepFirst')}
          </Button>
        </div>
        <div>
          <h3>{t('second')}</h3>
          <p>{documentWords(b)}</p>
          <Button kind="quiet" busy={busy} disabled={!isReady} onClick={() => void merge(b.person, a.person)}>
            {t('keepSecond')}
          </Button>
        </div>
      </div>
      <Field
        label={t('reason')}
        hint={t('reasonHint')}
        value={reason}
        onValue={setReason}
        maxLength={500}
        error={problem}
      />
    </li>
  );
}

export type MergesSectionProps = {
  readonly community: string;
  readonly officer: OfficerAnswer;
  readonly round: number;
  readonly onChanged: () => void;
};

export function MergesSection({ community, officer, round, onChanged }: MergesSectionProps) {
  const [merges, setMerges] = useState<MergesAnswer['merges']>([]);
  const [candidates, setCandidates] = useState<readonly Candidate[]>();
  const [problem, setProblem] = useState<string>();
  const [isDrafted, setDrafted] = useState(false);
  const isAllowed = SIGNERS.includes(officer.role);
  const path = `/v1/communities/${community}/merges`;
  // `round` is a signal, not a value that is read.
  useEffect(() => {
    if (!isAllowed) return;
    void call<MergesAnswer>('GET', path).then((answer) =>
      answer.ok ? setMerges(answer.value.merges) : setProblem(answer.problem.sentence),
    );
  }, [path, isAllowed, round]);
  if (!isAllowed) return null;
  const find = async () => {
    const answer = await call<CandidatesAnswer>('GET', `${path}/candidates`);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
    if (answer.ok) setCandidates(answer.value.candidates);
  };
  const drafted = () => {
    setDrafted(true);
    setCandidates(undefined);
    onChanged();
  };
  const separate = async (merge: string) => {
    const answer = await call('POST', `${path}/${merge}/separation`);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
    if (answer.ok) drafted();
  };
  return (
    <section>
      <h2>{t('title')}</h2>
      <p class="soft">{t('lead')}</p>
      <p class="soft">{t('ends')}</p>
      {problem !== undefined && <Status kind="warn" title={problem} />}
      {isDrafted && <Status kind="good" title={t('drafted')} />}
      <Button kind="quiet" onClick={() => void find()}>
        {t('find')}
      </Button>
      {candidates !== undefined && <p>{t(candidates.length === 0 ? 'noneFound' : 'found')}</p>}
      <ul class="plain-list">
        {(candidates ?? []).map((pair) => (
          <Pair key={`${pair.a.person} ${pair.b.person}`} path={path} pair={pair} onDrafted={drafted} />
        ))}
      </ul>
      {merges.length > 0 && <h3>{t('list')}</h3>}
      <ul class="plain-list">
        {merges.map(({ merge, state, keeps, merged }) => (
          <li key={merge} class="sheet">
            <p>
              <span class="tag">{t(`state_${state}`)}</span>{' '}
              {t('line', { keeps: documentWords(keeps), merged: documentWords(merged) })}
            </p>
            {state === 'in-force' && (
              <Button kind="quiet" onClick={() => void separate(merge)}>
                {t('separate')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
