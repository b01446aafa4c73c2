/** Shows what an act's private bytes say and opens the persons in it by their documents; nothing is shown that was not compared (SPEC 2.4). */
import { useEffect, useState } from 'preact/hooks';
import type { ActOpeningsAnswer } from '../../identity/act-openings-contract.ts';
import type { ActAnswer } from '../../officers/contract.ts';
import type { Entry } from '../../record/entry.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Field } from '../kit/field.tsx';
import { hexGroups } from '../kit/fingerprint.ts';
import { Status } from '../kit/status.tsx';
import type { Opened, Opener, Party } from './opened-act.ts';
import { isOpenedBy } from './opened-act.ts';
import { t } from './opened-words.ts';

/** What every check of an act is given; it says when its comparison has succeeded, and when it no longer has. */
export type CheckProps = {
  readonly act: ActAnswer;
  readonly entry: Entry;
  readonly onChecked: (isChecked: boolean) => void;
};

type PartyProps = { readonly party: Party; readonly onOpened: (isOpened: boolean) => void };

/** One person of the record: his document is typed, and stays on this page. */
function PartyFields({ party, onOpened }: PartyProps) {
  const { who } = party;
  const [typed, setTyped] = useState({ number: '', name: '' });
  const [isOpened, setOpened] = useState<boolean>();
  const change = (part: 'number' | 'name') => (value: string) => {
    setTyped({ ...typed, [part]: value });
    setOpened(undefined);
    onOpened(false);
  };
  const compare = () => {
    const found = isOpenedBy(party, typed);
    setOpened(found);
    onOpened(found);
  };
  return (
    <div class="sheet">
      <Field label={t('name', { who })} value={typed.name} onValue={change('name')} maxLength={100} />
      <Field
        label={t('number', { who })}
        value={typed.number}
        onValue={change('number')}
        maxLength={40}
        code
      />
      {isOpened === true ? (
        <p class="answer" role="status">
          {t('same', { who })}
        </p>
      ) : (
        <Button kind="quiet" disabled={typed.number === '' || typed.name === ''} onClick={compare}>
          {t('open', { who })}
        </Button>
      )}
      {isOpened === false && <Status kind="stop" title={t('other', { who })} />}
    </div>
  );
}

type SheetProps = { readonly opened: Opened; readonly onChecked: (isChecked: boolean) => void };

function OpenedSheet({ opened, onChecked }: SheetProps) {
  const { facts, parties, needs, groups } = opened;
  const [done, setDone] = useState<readonly boolean[]>(parties.map(() => false));
  const mark = (at: number) => (isOpened: boolean) =>
    setDone((old) => old.map((each, place) => (place === at ? isOpened : each)));
  const isChecked = parties.length === 0 || (needs === 'all' ? done.every(Boolean) : done.some(Boolean));
  useEffect(() => onChecked(isChecked), [isChecked]);
  return (
    <>
      <p>{t('compared')}</p>
      <ul>
        {facts.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {opened.hasServiceUnits === true && <Status kind="warn" title={t('serviceUnits')} />}
      {opened.isWithheld === true && <Status kind="warn" title={t('withheld')} />}
      {opened.hasServicePerson === true && <Status kind="warn" title={t('servicePerson')} />}
      {parties.length > 0 && <p>{t(needs === 'all' ? 'typeAll' : 'typeOne')}</p>}
      {parties.map((party, at) => (
        <PartyFields key={party.who} party={party} onOpened={mark(at)} />
      ))}
      {groups !== undefined && (
        <>
          <p>{t('groups')}</p>
          <ol class="groups">
            {hexGroups(groups).map((group, at) => (
              // Fixed places: two groups may be equal.
              <li key={at}>{group}</li>
            ))}
          </ol>
        </>
      )}
    </>
  );
}

export function OpenedCheck({ act, entry, onChecked, open }: CheckProps & { readonly open: Opener }) {
  const [opened, setOpened] = useState<Opened | 'hidden'>();
  useEffect(() => {
    const path = `/v1/communities/${act.community}/acts/${act.act}/openings`;
    void call<ActOpeningsAnswer>('GET', path).then((answer) =>
      setOpened((answer.ok ? open(entry, answer.value) : undefined) ?? 'hidden'),
    );
  }, [act.act]);
  if (opened === undefined) return <p role="status">{t('loading')}</p>;
  if (opened === 'hidden') return <Status kind="stop" title={t('hidden')} />;
  return <OpenedSheet opened={opened} onChecked={onChecked} />;
}
