/** Whether an action fits its act, and whether the actions together are enough (SPEC 2.3, 2.4). */
import { present } from '../../base/assert.ts';
import type { Instant } from '../../base/instant.ts';
import { parseInstant } from '../../base/instant.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import type { Action, Role } from '../../record/action.ts';
import { ACTION_LIFE_MS } from '../../record/action.ts';
import type { ActionRule } from '../../record/two-officers.ts';
import { satisfies } from '../../record/two-officers.ts';

/** The facts of an act that its actions must repeat. */
export type ActFacts = {
  readonly kind: string;
  readonly subject: string;
  readonly community: string;
  readonly meeting: string;
};

type FitCode = 'ACTION_SUBJECT' | 'ACTION_EXPIRED' | 'ACTION_TOO_LONG';

/** An action is for this very entry and lives now, at most 72 hours more. */
export function fits(action: Action, act: ActFacts, now: Instant): Result<undefined, Refusal<FitCode>> {
  const sameSubject =
    action.action === act.kind &&
    action.subject === act.subject &&
    // A root acts for the whole deployment, whatever it appoints for (SPEC 2.3).
    action.community === (action.role === 'root' ? '' : act.community) &&
    action.meeting === (action.role === 'root' ? '' : act.meeting);
  if (!sameSubject) return refuse('ACTION_SUBJECT');
  const expiresAt = present(parseInstant(action.expires), 'checked instant');
  if (expiresAt <= now) return refuse('ACTION_EXPIRED');
  return expiresAt - now > ACTION_LIFE_MS ? refuse('ACTION_TOO_LONG') : ok(undefined);
}

/** Whether the roles can still grow into one alternative of the rule. */
export function canLeadTo(rule: ActionRule, roles: readonly Role[]): boolean {
  return rule.some((alternative) => {
    if (alternative[0] === 'root') return roles.every((role) => role === 'root');
    const left = [...alternative];
    return roles.every((role) => {
      const at = left.indexOf(role);
      if (at >= 0) left.splice(at, 1);
      return at >= 0;
    });
  });
}

/** The roles that are still missing, one text for each alternative, for people. */
export function missingRoles(rule: ActionRule, roles: readonly Role[]): readonly (readonly Role[])[] {
  return rule
    .filter((alternative) => canLeadTo([alternative], roles))
    .map((alternative) => {
      const left = [...alternative];
      for (const role of roles) {
        const at = left.indexOf(role);
        if (at >= 0) left.splice(at, 1);
      }
      return left;
    });
}

/** Whether the roles are enough. */
export const isComplete = (rule: ActionRule, roles: readonly Role[], threshold: number): boolean =>
  satisfies(rule, roles, threshold);
