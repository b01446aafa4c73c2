/** Each resolution and each emergency that used the fund: its split, its payments, its end, and why nobody voted on an emergency (SPEC 8.3). */
import { showSquareMetres } from '../../base/area.ts';
import { showYuan } from '../../base/fen.ts';
import type { PublicBook, PublicCharge } from '../../fund/public-book.ts';
import type { Emergency } from '../../record/emergency.ts';
import type { Scope } from '../../record/meeting.ts';
import { hexGroups } from '../kit/fingerprint.ts';
import { dayWords } from '../kit/times.ts';
import { t } from './fund-words.ts';

/** `1,000.00` of an amount in fen. */
export const yuan = (fen: bigint): string => showYuan(fen).replace(/\B(?=(\d{3})+\.)/g, ',');

/** Whom it concerns, in words; single units have no name here, so that they are counted. */
export const scopeWords = ({ kind, members }: Scope): string =>
  t(`scope_${kind}`, { members: members.join('、'), count: members.length });

function Payments({ charge, title }: { readonly charge: PublicCharge; readonly title: string }) {
  if (charge.payments.length === 0) return <p>{t('noPayments')}</p>;
  return (
    <table>
      <caption>{t('paymentsCaption', { title })}</caption>
      <thead>
        <tr>
          <th scope="col">{t('paidOn')}</th>
          <th scope="col">{t('amount')}</th>
        </tr>
      </thead>
      <tbody>
        {charge.payments.map(({ seq, bookedOn, amountFen, logIndex }) => (
          <tr key={String(seq)}>
            <td>
              {dayWords(bookedOn)} {amountFen < 0n && <span class="tag">{t('returned')}</span>}
              <br />
              <span class="soft">
                {t('entry', { seq: String(seq) })} ·{' '}
                {logIndex === undefined ? t('noLogIndex') : t('logIndex', { at: logIndex })}
              </span>
            </td>
            <td class="number">{yuan(amountFen)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Closed({ closing }: { readonly closing: NonNullable<PublicCharge['closing']> }) {
  const { documentHash, logIndex } = closing;
  const at = logIndex === undefined ? t('noLogIndex') : t('logIndex', { at: logIndex });
  return (
    <p>
      {t('closed', { at })}
      <br />
      <span class="soft mono">{hexGroups(documentHash, 16).join(' ')}</span>
    </p>
  );
}

/** What a court or the regulator found, and what it cannot bring back: the money that was paid before. */
function Annulled({ charge }: { readonly charge: PublicCharge }) {
  const { authorisation, annulment, paidFen } = charge;
  if (annulment === undefined) return null;
  const { documentHash, logIndex } = annulment;
  const at = logIndex === undefined ? t('noLogIndex') : t('logIndex', { at: logIndex });
  return (
    <p>
      {t(authorisation.record.kind === 'emergency' ? 'annulled' : 'annulledResolution', { at })}
      <br />
      <span class="soft mono">{hexGroups(documentHash, 16).join(' ')}</span>
      {paidFen > 0n && (
        <>
          <br />
          {t('annulledPaid', { yuan: yuan(paidFen) })}
        </>
      )}
    </p>
  );
}

/** Why nobody voted: what the officers signed, word by word. */
function Danger({
  record,
  logIndex,
}: {
  readonly record: Emergency;
  readonly logIndex: PublicCharge['logIndex'];
}) {
  const at = logIndex === undefined ? t('noLogIndex') : t('logIndex', { at: logIndex });
  return (
    <>
      <p>{t('emergency', { at })}</p>
      {record.text.split('\n').map((line, at) => (
        <p key={String(at)}>{line}</p>
      ))}
      <p>{scopeWords(record.units)}</p>
      <p>
        {t('report')}
        <br />
        <span class="soft mono">{hexGroups(record.reportHash, 16).join(' ')}</span>
        <br />
        {t('quotation')}
        <br />
        <span class="soft mono">{hexGroups(record.quotationHash, 16).join(' ')}</span>
      </p>
    </>
  );
}

/** Whether emergencies may open the fund, and by which rules. */
export function Rule({ rule }: { readonly rule: PublicBook['emergencies'] }) {
  if (rule === undefined) return <p>{t('emergenciesNever')}</p>;
  const at = rule.logIndex === undefined ? t('noLogIndex') : t('logIndex', { at: rule.logIndex });
  return (
    <p>
      {t(`emergencies_${rule.emergencies}`, { at })}
      <br />
      <span class="soft mono">{hexGroups(rule.documentHash, 16).join(' ')}</span>
    </p>
  );
}

export function Charge({ charge }: { readonly charge: PublicCharge }) {
  const { record, state, capFen } = charge.authorisation;
  const title = charge.title === '' ? t('untitled') : charge.title;
  const left = Number(charge.leftOverFen);
  const pairs = [
    [t('cap'), t('yuan', { yuan: yuan(capFen) })],
    [
      t('units'),
      t('unitsText', { count: record.shares.length, area: showSquareMetres(charge.totalAreaDm2) }),
    ],
    [t('split'), left === 0 ? t('splitEven') : t('splitText', { count: left })],
    [t('held'), t('yuan', { yuan: yuan(charge.heldFen) })],
    [t('due'), t('yuan', { yuan: yuan(charge.payableFen) })],
    [t('paid'), t('yuan', { yuan: yuan(charge.paidFen) })],
  ] as const;
  return (
    <li class="sheet">
      <h3>{record.kind === 'emergency' ? title : <a href={`/meetings/${record.meeting}`}>{title}</a>}</h3>
      <p>
        <span class="tag">
          {t(record.kind === 'emergency' && state === 'revoked' ? 'emergencyRevoked' : `state_${state}`)}
        </span>
      </p>
      {record.kind === 'emergency' && <Danger record={record} logIndex={charge.logIndex} />}
      <p>{t('use', { purpose: record.purpose, payee: record.payee })}</p>
      <dl class="pairs">
        {pairs.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {charge.claimFen > 0n && (
        <p>{t('claim', { yuan: yuan(charge.claimFen), count: charge.developerUnits })}</p>
      )}
      {charge.shortfalls.length > 0 && <p>{t('short', { count: charge.shortfalls.length })}</p>}
      <Payments charge={charge} title={title} />
      {charge.closing !== undefined && <Closed closing={charge.closing} />}
      <Annulled charge={charge} />
    </li>
  );
}
