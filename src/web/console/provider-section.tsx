/** The form by which regulator and street office declare the identity providers of a community, or take all back (SPEC 2.4, 3.4). */
import { useEffect, useState } from 'preact/hooks';
import type { OfficerAnswer } from '../../officers/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Field, LongField, Pick } from '../kit/field.tsx';
import { hexGroups } from '../kit/fingerprint.ts';
import { Status } from '../kit/status.tsx';
import type { Wish } from './provider-form.ts';
import { docKindsOf, isWish, thumbprintsOf } from './provider-form.ts';
import { t } from './provider-form-words.ts';

const ALGS = ['RS256', 'ES256', 'EdDSA'] as const;
const EMPTY = {
  iss: '',
  name: '',
  alg: 'RS256',
  docKind: '',
  number: '',
  person: '',
  docKinds: '',
  keySet: '',
};
type Typed = typeof EMPTY;

function wishOf(typed: Typed): Wish | undefined {
  const { iss, name, docKind, number, person } = typed;
  const alg = ALGS.find((each) => each === typed.alg);
  const docKinds = docKindsOf(typed.docKinds);
  if (alg === undefined || docKinds === undefined) return undefined;
  const claims = { docKind, number, name: person };
  const wish: Wish = {
    iss: iss.trim(),
    name: name.trim(),
    alg,
    claims,
    docKinds,
    keys: [...thumbprintsOf(typed.keySet)],
  };
  return isWish(wish) ? wish : undefined;
}

/** Thumbprints in groups, as the other officer compares them. */
const Thumbprints = ({ of }: { readonly of: readonly string[] }) => (
  <ul class="plain-list">
    {of.map((hash) => (
      <li key={hash}>
        {t('thumbprint')} <span class="mono">{hexGroups(hash, 16).join(' ')}</span>
      </li>
    ))}
  </ul>
);

function Form({ onAdd }: { readonly onAdd: (wish: Wish) => void }) {
  const [typed, setTyped] = useState(EMPTY);
  const wish = wishOf(typed);
  const hashes = thumbprintsOf(typed.keySet);
  const change = (name: keyof Typed) => (value: string) => setTyped((old) => ({ ...old, [name]: value }));
  const field = (name: keyof Typed & Parameters<typeof t>[0]) => (
    <Field label={t(name)} value={typed[name]} onValue={change(name)} />
  );
  const isWrong = (name: 'docKinds' | 'keySet', isRight: boolean) =>
    typed[name] === '' || isRight ? undefined : t(`${name}Wrong`);
  return (
    <>
      {field('iss')}
      {field('name')}
      <Pick
        label={t('alg')}
        value={typed.alg}
        options={ALGS.map((id) => ({ id, text: id }))}
        onValue={change('alg')}
      />
      {field('docKind')}
      {field('number')}
      {field('person')}
      <LongField
        label={t('docKinds')}
        hint={t('docKindsHint')}
        rows={2}
        value={typed.docKinds}
        error={isWrong('docKinds', docKindsOf(typed.docKinds) !== undefined)}
        onValue={change('docKinds')}
      />
      <LongField
        label={t('keySet')}
        hint={t('keySetHint')}
        value={typed.keySet}
        error={isWrong('keySet', hashes.length > 0)}
        onValue={change('keySet')}
      />
      <Thumbprints of={hashes} />
      <Button
        kind="quiet"
        disabled={wish === undefined}
        onClick={() => {
          if (wish !== undefined) onAdd(wish);
          setTyped(EMPTY);
        }}
      >
        {t('add')}
      </Button>
    </>
  );
}

/** Those by which owners can register now. */
function useNow(path: string, round: number): readonly string[] {
  const [names, setNames] = useState<readonly string[]>([]);
  // `round` is a signal, not a value that is read.
  useEffect(() => {
    void call<{ readonly providers: readonly { readonly name: string }[] }>('GET', path).then((answer) => {
      if (answer.ok) setNames(answer.value.providers.map(({ name }) => name));
    });
  }, [path, round]);
  return names;
}

export type ProviderSectionProps = {
  readonly community: string;
  readonly officer: OfficerAnswer;
  readonly round: number;
  readonly onChanged: () => void;
};

export function ProviderSection({ community, officer, round, onChanged }: ProviderSectionProps) {
  const path = `/v1/communities/${community}/providers`;
  const names = useNow(path, round);
  const [wishes, setWishes] = useState<readonly Wish[]>([]);
  const [asked, setAsked] = useState(false);
  const [isDrafted, setDrafted] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  if (officer.role !== 'regulator' && officer.role !== 'street') return null;
  const draft = async (providers: readonly Wish[]) => {
    setBusy(true);
    setProblem(undefined);
    const answer = await call('POST', path, { providers });
    setBusy(false);
    setAsked(false);
    setDrafted(answer.ok);
    if (!answer.ok) return setProblem(answer.problem.sentence);
    setWishes([]);
    onChanged();
  };
  return (
    <section>
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      <p class="soft">{names.length === 0 ? t('none') : t('now', { names: names.join('、') })}</p>
      {problem !== undefined && <Status kind="warn" title={problem} />}
      {isDrafted && <Status kind="good" title={t('drafted')} />}
      <ul class="plain-list">
        {wishes.map((wish) => (
          <li key={wish.iss} class="sheet">
            <p>{t('listed', { name: wish.name, iss: wish.iss })}</p>
            <Thumbprints of={wish.keys} />
            <Button kind="quiet" onClick={() => setWishes(wishes.filter((each) => each !== wish))}>
              {t('remove')}
            </Button>
          </li>
        ))}
      </ul>
      <details>
        <summary>{t('add')}</summary>
        <Form onAdd={(wish) => setWishes([...wishes.filter(({ iss }) => iss !== wish.iss), wish])} />
      </details>
      <div class="actions row">
        <Button busy={busy} disabled={wishes.length === 0} onClick={() => void draft(wishes)}>
          {t('draft')}
        </Button>
        {names.length > 0 && (
          <Button kind="quiet" onClick={() => setAsked(true)}>
            {t('takeBack')}
          </Button>
        )}
      </div>
      <Dialog title={t('takeBack')} open={asked} onClose={() => setAsked(false)}>
        <p>{t('takeBackLead')}</p>
        <div class="actions">
          <Button kind="danger" busy={busy} onClick={() => void draft([])}>
            {t('yes')}
          </Button>
          <Button kind="quiet" disabled={busy} onClick={() => setAsked(false)}>
            {t('no')}
          </Button>
        </div>
      </Dialog>
    </section>
  );
}
