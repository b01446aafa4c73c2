/** The delivery register of a meeting: what is missing before the opening, and what officers handed over or posted; no person, no vote (SPEC 5.1). */
import { useEffect, useId, useState } from 'preact/hooks';
import type { DeliveriesAnswer } from '../../assembly/delivery-contract.ts';
import { toBase64Url } from '../../base/bytes.ts';
import { deliveryDocumentHash } from '../../record/delivery.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { draw } from '../kit/draw.ts';
import { Pick } from '../kit/field.tsx';
import { Scroll } from '../kit/scroll.tsx';
import { Status } from '../kit/status.tsx';
import { timeWords } from '../kit/times.ts';
import { unitWords } from '../kit/unit-words.ts';
import { deliveryWord, t } from './delivery-words.ts';

type HeadRow = DeliveriesAnswer['heads'][number];

const STATES: readonly string[] = ['noticed', 'armed', 'open', 'paused'];
const RECORDERS: readonly string[] = ['clerk', 'committee', 'street'];
/** The service's own limit of one recording. */
const MOST_UNITS = 2000;

export const hasDeliveries = (role: string, state: string): boolean =>
  STATES.includes(state) && (RECORDERS.includes(role) || role === 'regulator');

const isTold = ({ deliveries }: HeadRow): boolean =>
  deliveries.some(({ channel, state }) => channel !== 'email' && state !== 'undeliverable');
const idsOf = ({ units }: HeadRow): readonly string[] => units.map(({ unit }) => unit);

type ListProps = {
  readonly rows: readonly HeadRow[];
  readonly chosen: ReadonlySet<string> | undefined;
  readonly onToggle: (row: HeadRow) => void;
};

function HeadList({ rows, chosen, onToggle }: ListProps) {
  return (
    <Scroll label={t('list')}>
      <table>
        <caption>{t('list')}</caption>
        <thead>
          <tr>
            {chosen !== undefined && <th scope="col">{t('choose')}</th>}
            <th scope="col">{t('units')}</th>
            <th scope="col">{t('told')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const place = row.units.map(unitWords).join('、');
            return (
              <tr key={row.units[0]?.unit}>
                {chosen !== undefined && (
                  <td>
                    <input
                      type="checkbox"
                      aria-label={place}
                      checked={idsOf(row).every((unit) => chosen.has(unit))}
                      onChange={() => onToggle(row)}
                    />
                  </td>
                )}
                <th scope="row">{place}</th>
                <td>
                  {row.deliveries.length === 0
                    ? t('nothing')
                    : row.deliveries
                        .map(({ channel, state, at }) => `${deliveryWord(channel, state)} ${timeWords(at)}`)
                        .join('；')}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}

type FormProps = {
  readonly path: string;
  readonly units: readonly string[];
  readonly onSaved: (count: number) => void;
};

function RecordForm({ path, units, onSaved }: FormProps) {
  const id = useId();
  const [state, setState] = useState('handed');
  const [hash, setHash] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const read = async (file: File | undefined) =>
    setHash(file === undefined ? '' : deliveryDocumentHash(new Uint8Array(await file.arrayBuffer())));
  const send = async () => {
    setBusy(true);
    const body = { state, units, documentHash: hash };
    const answer = await call<{ readonly recorded: number }>('POST', path, body, toBase64Url(draw(16)));
    setBusy(false);
    if (!answer.ok) return setProblem(answer.problem.sentence);
    setProblem(undefined);
    onSaved(answer.value.recorded);
  };
  const isTooMany = units.length > MOST_UNITS;
  const options = (['handed', 'posted'] as const).map((each) => ({ id: each, text: t(each) }));
  return (
    <>
      <p>{isTooMany ? t('tooMany') : t('chosen', { count: units.length })}</p>
      <Pick label={t('what')} value={state} options={options} onValue={setState} />
      <div class="field">
        <label for={id}>{t('file')}</label>
        <input id={id} type="file" onChange={(event) => void read(event.currentTarget.files?.[0])} />
      </div>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      <Button
        busy={busy}
        disabled={units.length === 0 || isTooMany || hash === ''}
        onClick={() => void send()}
      >
        {t('save')}
      </Button>
    </>
  );
}

function Register({ meeting, mayRecord }: { readonly meeting: string; readonly mayRecord: boolean }) {
  const [view, setView] = useState<DeliveriesAnswer>();
  const [problem, setProblem] = useState<string>();
  const [isAll, setAll] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [saved, setSaved] = useState<number>();
  const path = `/v1/meetings/${meeting}/deliveries`;
  // `saved` is a signal, not a value that is read.
  useEffect(() => {
    void call<DeliveriesAnswer>('GET', path).then((answer) =>
      answer.ok ? setView(answer.value) : setProblem(answer.problem.sentence),
    );
  }, [path, saved]);
  if (problem !== undefined) return <Status kind="warn" title={problem} />;
  if (view === undefined) return null;
  const { counts, heads } = view;
  const rows = isAll ? heads : heads.filter((row) => !isTold(row));
  const toggle = (row: HeadRow) => {
    const ids = idsOf(row);
    const rest = new Set([...chosen].filter((unit) => !ids.includes(unit)));
    setChosen(rest.size === chosen.size ? new Set([...chosen, ...ids]) : rest);
  };
  return (
    <>
      <p>{t('counts', { ...counts })}</p>
      {counts.none > 0 ? (
        <Status kind="warn" title={t('warn', { none: counts.none })} />
      ) : (
        <Status kind="good" title={t('all')} />
      )}
      {saved !== undefined && <Status kind="good" title={t('saved', { count: saved })} />}
      <div class="actions row">
        <Button kind="quiet" onClick={() => setAll(!isAll)}>
          {t(isAll ? 'onlyMissing' : 'showAll')}
        </Button>
        {mayRecord && rows.length > 0 && (
          <Button kind="quiet" onClick={() => setChosen(new Set(rows.flatMap(idsOf)))}>
            {t('chooseAll')}
          </Button>
        )}
      </div>
      {rows.length > 0 && <HeadList rows={rows} chosen={mayRecord ? chosen : undefined} onToggle={toggle} />}
      {mayRecord && chosen.size > 0 && (
        <RecordForm
          path={path}
          units={[...chosen]}
          onSaved={(count) => {
            setChosen(new Set());
            setSaved(count);
          }}
        />
      )}
    </>
  );
}

export function DeliverySection({ meeting, role }: { readonly meeting: string; readonly role: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('title')}</summary>
      <p class="soft">{t('lead')}</p>
      {isOpen && <Register meeting={meeting} mayRecord={RECORDERS.includes(role)} />}
    </details>
  );
}
