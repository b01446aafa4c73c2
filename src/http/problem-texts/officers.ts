/** Texts of the officers' refusals. */
import type { ProblemTexts } from '../problem-text.ts';

const assertion = (zh: string, en: string) => ({ status: 403, zh, en });

export const OFFICER_PROBLEMS: ProblemTexts = {
  ACT_UNKNOWN: { status: 404, zh: '没有找到这项待签事项', en: 'No such act.' },
  ACT_NOT_OPEN: { status: 409, zh: '这项待签事项已经完成或撤回', en: 'The act is complete or withdrawn.' },
  ACT_DRAFTED: {
    status: 409,
    zh: '同一事项已在等待签署',
    en: 'The same entry waits for its signatures already.',
  },
  ACTION_MALFORMED: { status: 400, zh: '签署内容格式有误', en: 'The action is malformed.' },
  ACTION_SUBJECT: { status: 422, zh: '签署内容与待签事项不一致', en: 'The action is about something else.' },
  ACTION_EXPIRED: { status: 422, zh: '签署已过期', en: 'The action has expired.' },
  ACTION_TOO_LONG: { status: 422, zh: '签署有效期不得超过72小时', en: 'An action lives at most 72 hours.' },
  ACTION_CHECKPOINT: {
    status: 422,
    zh: '签署所见的日志检查点不存在',
    en: 'The action names a checkpoint that was never signed.',
  },
  ACTION_ROLE: {
    status: 403,
    zh: '您的角色不能签署此事项,或该角色已有人签署',
    en: 'The role cannot sign this act, or has signed.',
  },
  ACTION_OFFICER: { status: 403, zh: '签署人无权签署', en: 'The officer may not sign this.' },
  ACTION_SIGNATURE: { status: 403, zh: '签名无效', en: 'The signature does not verify.' },
  ACTION_REPEATED: { status: 409, zh: '您已经签署过', en: 'Already signed.' },
  ACTION_SAME_IDENTITY: {
    status: 403,
    zh: '两次签署必须由不同的人完成',
    en: 'Two different persons must sign.',
  },
  LOGIN_REFUSED: { status: 403, zh: '登录失败', en: 'The login was refused.' },
  LOGIN_CHALLENGE: { status: 403, zh: '登录已超时,请重新开始', en: 'The login has timed out; start again.' },
  ENROLMENT_REFUSED: {
    status: 403,
    zh: '登记码无效、已用或已过期',
    en: 'The enrolment code is wrong, used or expired.',
  },
  ROOT_MALFORMED: { status: 422, zh: '根声明有误', en: 'The root declaration is malformed.' },
  ROOT_DECLARED_ALREADY: { status: 409, zh: '根已经声明', en: 'The root is declared already.' },
  OFFICER_EXISTS: { status: 409, zh: '该人员在本小区已有角色', en: 'That person holds a role here already.' },
  OFFICER_UNKNOWN: {
    status: 404,
    zh: '没有这位在任的工作人员',
    en: 'No such officer is in office.',
  },
  OFFICER_KEYS: {
    status: 422,
    zh: '每位工作人员要有1至8把密钥,已停用的不能再用',
    en: 'An officer has one to eight keys, none of which has ended.',
  },
  ACT_OVERTAKEN: {
    status: 409,
    zh: '该工作人员的任命或密钥已经变更,请重新起草',
    en: 'The officer’s appointment or keys have changed since; draft it anew.',
  },
  RECOVERY_ROLE: {
    status: 403,
    zh: '密钥恢复须由另一角色的监管或街道人员发起',
    en: 'A recovery is opened by the regulator or the street office, in another role than the officer’s own.',
  },
  RECOVERY_NO_CODE: {
    status: 409,
    zh: '该人员没有可用的恢复码,请先免职再重新任命',
    en: 'That officer has no recovery code in force: remove him and appoint him anew.',
  },
  PROOF_NEEDED: {
    status: 403,
    zh: '请先用您的密钥再确认一次(5分钟内有效)',
    en: 'Use your key once more first; that lasts five minutes.',
  },
  SESSION_UNKNOWN: { status: 404, zh: '没有这次登录', en: 'No such session.' },
  NOT_SIGNED_IN: { status: 401, zh: '请先登录', en: 'Sign in first.' },
  NOT_ALLOWED: { status: 403, zh: '您没有这项权限', en: 'You may not do this.' },
  ASSERTION_CREDENTIAL: assertion('这把通行密钥没有登记', 'That passkey is not enrolled.'),
  ASSERTION_CLIENT_DATA: assertion('通行密钥的应答有误', 'The passkey answered oddly.'),
  ASSERTION_TYPE: assertion('通行密钥的应答类型有误', 'The passkey answered another kind of request.'),
  ASSERTION_CHALLENGE: assertion('签名所对应的内容不一致', 'The passkey signed something else.'),
  ASSERTION_ORIGIN: assertion('签名来自其他网站', 'The passkey was used on another site.'),
  ASSERTION_RP: assertion('签名属于其他网站', 'The passkey belongs to another site.'),
  ASSERTION_FLAGS: assertion('通行密钥没有确认使用者', 'The passkey did not verify its user.'),
  ASSERTION_KEY: assertion('不支持这种通行密钥', 'That kind of passkey is not supported.'),
  ASSERTION_SIGNATURE: assertion('签名无效', 'The signature does not verify.'),
};
