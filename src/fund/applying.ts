/**
 * Applying: a property manager asks for work on the fund. It has no key here, so an officer enters what it sealed, by hash, and its plan
 * in words; the record is public, and says until when it must be answered (SPEC 8.3; 165 §22–23).
 */
import { writeEntry } from '../auditlog/entry-writing.ts';
import { present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url, utf8 } from '../base/bytes.ts';
import { addDays, civilDateAt } from '../base/civil-date.ts';
import { newId } from '../base/clock.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Application } from '../record/application.ts';
import { ANSWER_DAYS, applicationForm, applicationHash, MAX_SCOPE_BYTES } from '../record/application.ts';
import { lockCommunityById } from '../registry/communities.ts';
import { registryUnits } from '../registry/units.ts';
import { roomForApplication } from './domain/application.ts';
import { blankAmong } from './domain/blank-texts.ts';
import { bearersIn } from './domain/emergency.ts';
import type { FundDeps } from './fund-deps.ts';
import type { FundRefusal } from './refusals.ts';
import { applicationCounts, insertApplication } from './store/applications.ts';

export type ApplicationRequest = Omit<
  Application,
  'v' | 'kind' | 'application' | 'filedOn' | 'answerBy' | 'budgetFen' | 'nonce'
> & { readonly budgetFen: bigint };

/** What the manager is told: the number of its application, until when it is answered, and the hash that the log names. */
export type Filed = { readonly application: string; readonly answerBy: string; readonly hash: string };

/**
 * Refused where the community has too many already, since nobody signs one and all of them stand in every bundle; the lock of the
 * community makes the count exact.
 */
async function admissible(
  tx: Tx,
  { community, units, budgetFen, company, project, plan, emergencyPlan }: ApplicationRequest,
): Promise<Result<undefined, FundRefusal>> {
  const blank = blankAmong({ company, project, plan, emergencyPlan });
  if (blank !== undefined) return refuse('FUND_TEXT_BLANK', blank);
  if (budgetFen <= 0n) return refuse('FUND_AMOUNT_ZERO', 'budgetFen');
  if ((await lockCommunityById(tx, community)) === undefined) return refuse('FUND_COMMUNITY_UNKNOWN');
  const room = roomForApplication(await applicationCounts(tx, community));
  if (!room.ok) return room;
  if (bearersIn(await registryUnits(tx, community), units) === undefined)
    return refuse('FUND_SCOPE_UNKNOWN', 'units');
  return utf8(JSON.stringify(units.members)).length > MAX_SCOPE_BYTES
    ? refuse('FUND_SCOPE_LARGE', 'units')
    : ok(undefined);
}

/** Enters an application in the log and in the books, for the officer who has it in hand. */
export function fileApplication(
  deps: FundDeps,
  request: ApplicationRequest,
  officer: string,
): Promise<Result<Filed, FundRefusal>> {
  const { budgetFen, ...asked } = request;
  const { community } = asked;
  return inTransaction(deps.db, async (tx): Promise<Result<Filed, FundRefusal>> => {
    const good = await admissible(tx, request);
    if (!good.ok) return good;
    const filedOn = civilDateAt(deps.clock());
    const record: Application = {
      v: 1,
      kind: 'application',
      application: newId(deps.random),
      ...asked,
      units: { kind: asked.units.kind, members: [...asked.units.members].sort() },
      budgetFen: String(budgetFen),
      filedOn,
      answerBy: addDays(filedOn, ANSWER_DAYS),
      nonce: toBase64Url(deps.random(16)),
    };
    const bytes = applicationForm.bytes(record);
    const hash = applicationHash(bytes);
    const { application, answerBy } = record;
    const { entryId } = await writeEntry(
      tx,
      { v: 1, kind: 'application.filed', community, application, applicationHash: hash },
      [],
    );
    await insertApplication(tx, {
      community_id: community,
      application_id: application,
      answer_by: answerBy,
      record: bytes,
      hash: present(fromBase64Url(hash), 'own hash'),
      officer_id: officer,
      entry_id: entryId,
    });
    return ok({ application, answerBy, hash });
  });
}
