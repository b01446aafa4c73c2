/** Routes of ballots on paper: printing them, what is keyed by, and what each officer keyed (SPEC 6.4). */
import { meetingParams } from '../assembly/contract.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { ok } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { definitionForm } from '../record/meeting.ts';
import type { RollUnit } from '../record/roll.ts';
import type { BallotDeps } from './ballot-deps.ts';
import { keyPaper, meetingForKeying } from './keying.ts';
import {
  keyedAnswer,
  keyedBody,
  paperParams,
  paperSheetAnswer,
  printAnswer,
  printBody,
} from './keying-contract.ts';
import { paperSheet, printBallots } from './printing.ts';

const bytes = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();
const placeOf = ({ unit, building, stair, room }: RollUnit) => ({ unit, building, stair, room });

/** Mounts the routes under `/v1/meetings/:meeting/paper-ballots`. */
export function mountPaperBallots(router: Router, deps: BallotDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/meetings/:meeting/paper-ballots',
      summary: '印制纸质表决票;以前印的、尚未使用的随即作废',
      as: 'officer',
      params: meetingParams,
      body: printBody,
      answer: printAnswer,
      status: 201,
      creates: true,
    },
    async ({ params, body, officer }) => {
      const printed = await printBallots(deps, officer as OfficerSession, params.meeting, body.units);
      if (!printed.ok) return printed;
      return ok({
        ballots: printed.value.map(({ units, areaDm2, holders, proposals, ...rest }) => ({
          ...rest,
          units: units.map(placeOf),
          areaDm2: String(areaDm2),
          holders: [...holders],
          proposals: [...proposals],
        })),
      });
    },
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/meetings/:meeting/paper-ballots/:serial',
      summary: '录入一张纸质表决票所需的资料',
      as: 'officer',
      params: paperParams,
      answer: paperSheetAnswer,
    },
    async ({ params, officer }) => {
      const session = officer as OfficerSession;
      const sheet = await paperSheet(deps, session, params.meeting, params.serial);
      if (!sheet.ok) return sheet;
      const armed = await meetingForKeying(deps, session, params.meeting);
      if (!armed.ok) return armed;
      const { units, proposals, signers, scanHashes, ...rest } = sheet.value;
      return ok({
        ...rest,
        definition: toBase64Url(definitionForm.bytes(armed.value.definition)),
        units: units.map(placeOf),
        proposals: [...proposals],
        scanHashes: [...scanHashes],
        signers: signers.map((one) => ({ ...one })),
      });
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/meetings/:meeting/paper-ballots/keyed',
      summary: '录入一张纸质表决票;另一位录入相同的,即由两人签署',
      as: 'officer',
      params: meetingParams,
      body: keyedBody,
      answer: keyedAnswer,
      status: 201,
      limit: 6 * 1024 * 1024,
    },
    ({ params, body, officer }) =>
      keyPaper(deps, officer as OfficerSession, params.meeting, {
        bytes: bytes(body.paper),
        scan: bytes(body.scan),
        handIn: body.handIn,
      }),
  );
}
