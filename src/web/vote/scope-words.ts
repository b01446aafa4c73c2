/** Who bears a cost, in words. */
import type { FundUse } from '../../record/meeting.ts';
import { t } from './words.ts';

export function scopeWords(scope: FundUse['units']): string {
  if (scope.kind === 'community') return t('scopeCommunity');
  return scope.kind === 'buildings'
    ? t('scopeBuildings', { list: scope.members.join('、') })
    : t('scopeUnits', { count: scope.members.length });
}
