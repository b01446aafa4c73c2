/** Words of a mandate that owners and officers both read (SPEC 3.6). */
import type { MandatesAnswer } from '../../identity/mandate-contract.ts';
import { dayWords } from './times.ts';
import { unitWords } from './unit-words.ts';
import { wordsOf } from './words.ts';

const t = wordsOf({
  basis_mandate: '委托',
  basis_guardian: '监护人',
  basis_representative: '法人代表',
  state_drafted: '等待两名人员签署',
  'state_in-force': '有效',
  state_ended: '已收回',
  state_expired: '已到期',
  everyMeeting: '所有会议',
  oneMeeting: '一次会议',
  line: '{principal} → {agent}({basis}):{units};{meeting};最后一天 {until};{state}',
});

export type ShownMandate = MandatesAnswer['mandates'][number];

/** A mandate in one sentence. */
export const mandateWords = (shown: ShownMandate): string =>
  t('line', {
    principal: shown.principalName,
    agent: shown.agentName,
    basis: t(`basis_${shown.basis}`),
    units: shown.units.slice(0, 3).map(unitWords).join('、') + (shown.units.length > 3 ? ' 等' : ''),
    meeting: t(shown.meeting === '' ? 'everyMeeting' : 'oneMeeting'),
    until: dayWords(shown.until),
    state: t(`state_${shown.state}`),
  });

export const basisWords = (basis: ShownMandate['basis']): string => t(`basis_${basis}`);
