/** Texts of the refusals of identity providers. */
import type { ProblemTexts } from '../problem-text.ts';

export const PROVIDER_PROBLEMS: ProblemTexts = {
  PROVIDER_FORM: { status: 422, zh: '身份提供方的内容有误', en: 'The provider is malformed.' },
  PROVIDER_TWICE: { status: 422, zh: '同一个身份提供方写了两次', en: 'A provider is named twice.' },
  PROVIDER_NO_CLIENT: {
    status: 422,
    zh: '本服务没有这个身份提供方的客户端密钥,请运维人员先配置',
    en: 'This service has no client at that provider; the operator configures one first.',
  },
  PROVIDER_UNREACHABLE: {
    status: 503,
    zh: '身份提供方现在没有应答,请稍后再试',
    en: 'The identity provider does not answer; try again later.',
  },
  PROVIDER_ANSWER: {
    status: 422,
    zh: '身份提供方公布的地址或密钥不能使用',
    en: 'The addresses or keys that the provider publishes cannot be used.',
  },
  PROVIDER_FULL: {
    status: 503,
    zh: '现在办理的人太多,请过一刻钟再试',
    en: 'Too many people are signing in; try again in a quarter of an hour.',
  },
  PROVIDER_SIGN_IN: {
    status: 404,
    zh: '这次办理已经过时,请重新开始',
    en: 'This sign-in is over; begin again.',
  },
  PROVIDER_STATE: {
    status: 409,
    zh: '返回的内容不属于这次办理,请重新开始',
    en: 'What came back does not belong to this sign-in; begin again.',
  },
  PROVIDER_CODE: {
    status: 403,
    zh: '身份提供方没有确认这次登录,请重新开始',
    en: 'The provider did not confirm this sign-in; begin again.',
  },
  PROVIDER_TOKEN: { status: 422, zh: '身份提供方的令牌格式有误', en: 'The ID token is malformed.' },
  PROVIDER_UNKNOWN: {
    status: 403,
    zh: '这个身份提供方没有经监管部门和街道办声明',
    en: 'That provider is not declared by the regulator and the street office.',
  },
  PROVIDER_ALG: {
    status: 403,
    zh: '令牌所用的算法不是声明的算法',
    en: 'The token uses another algorithm than was declared.',
  },
  PROVIDER_KEY: {
    status: 403,
    zh: '令牌所用的密钥没有声明',
    en: 'The token is signed by a key that was not declared.',
  },
  PROVIDER_SIGNATURE: {
    status: 403,
    zh: '令牌的签名不对',
    en: 'The signature of the token does not verify.',
  },
  PROVIDER_AUDIENCE: {
    status: 403,
    zh: '令牌不是发给本服务的',
    en: 'The token is for another service.',
  },
  PROVIDER_NONCE: {
    status: 403,
    zh: '令牌不是为这次登记签发的',
    en: 'The token was made for another binding.',
  },
  PROVIDER_STALE: {
    status: 403,
    zh: '令牌不是刚刚签发的,请重新开始',
    en: 'The token was not made just now; begin again.',
  },
  PROVIDER_PERSON: {
    status: 403,
    zh: '名册里没有与该证件一致的业主,请到窗口办理',
    en: 'The register has no owner with that document; please come to the counter.',
  },
};
