/** Texts of the refusals of `identity`. */
import type { ProblemTexts } from '../problem-text.ts';

export const IDENTITY_PROBLEMS: ProblemTexts = {
  IDENTITY_REFUSED: {
    status: 403,
    zh: '登录没有成功,请核对信函上的投票码和证件号码后六位',
    en: 'The sign-in was refused; check the code of the letter and the last six characters of the document number.',
  },
  IDENTITY_LOCKED: {
    status: 423,
    zh: '这封信函已输错五次,暂时锁定;请带证件到业委会或街道办解锁,也可以使用纸质表决票',
    en: 'This letter is locked after five wrong numbers; the registrar can open it, and paper remains possible.',
  },
  BINDING_MALFORMED: { status: 422, zh: '登记内容有误', en: 'The binding is malformed.' },
  BINDING_ELSEWHERE: { status: 422, zh: '登记内容属于其他网站', en: 'The binding is for another site.' },
  BINDING_PERSON: { status: 422, zh: '登记内容不是本人的', en: 'The binding names another person.' },
  BINDING_LETTER: {
    status: 409,
    zh: '请先用有效的信函登录,再做这项操作',
    en: 'Sign in with a letter that is in force first.',
  },
  BINDING_KEY: { status: 422, zh: '不支持这种密钥', en: 'That kind of key is not supported.' },
  BINDING_KEY_USED: { status: 409, zh: '这把密钥已经登记过', en: 'The key was bound before.' },
  BINDING_REPEATED: { status: 409, zh: '这项登记已经完成', en: 'The binding was entered before.' },
  BINDING_EVIDENCE: { status: 422, zh: '签名有误,没有登记', en: 'A signature does not verify.' },
  BINDING_TOO_MANY: {
    status: 409,
    zh: '已登记的密钥太多,请先停用不再使用的',
    en: 'Too many keys are in force; take back one that is no longer used.',
  },
  REVOCATION_MALFORMED: { status: 422, zh: '停用内容有误', en: 'The revocation is malformed.' },
  REVOCATION_NOT_BY: {
    status: 403,
    zh: '请用这把密钥本身或信函登录后停用',
    en: 'A key is taken back by itself or by the letter.',
  },
  CREDENTIAL_UNKNOWN: { status: 404, zh: '没有这把密钥', en: 'No such key.' },
  CREDENTIAL_ENDED: { status: 409, zh: '这把密钥已经停用', en: 'The key has ended already.' },
  LETTERS_UNTIL: {
    status: 422,
    zh: '信函的有效期须在今天之后、三年以内',
    en: 'Letters end today or later, within three years.',
  },
  LETTERS_EMPTY: { status: 422, zh: '这批信函是空的', en: 'The batch is empty.' },
  LETTERS_REPEAT: {
    status: 422,
    zh: '同一人、同一信函或同一密钥在这批中重复',
    en: 'A person, a letter or a key occurs twice in the batch.',
  },
  LETTERS_BATCH_EXISTS: { status: 409, zh: '这批信函已经登记过', en: 'The batch was uploaded before.' },
  LETTERS_ISSUED_ALREADY: { status: 409, zh: '这批信函已经生效', en: 'The batch is issued already.' },
  LETTER_MALFORMED: { status: 422, zh: '信函内容有误', en: 'A letter is malformed.' },
  LETTER_PERSON: {
    status: 422,
    zh: '信函的收件人不在业主名册中',
    en: 'A letter is for nobody of the register.',
  },
  LETTER_IDENTITY: {
    status: 422,
    zh: '信函上的身份与业主名册不一致',
    en: 'A letter names another identity than the register.',
  },
  LETTER_UNITS: {
    status: 422,
    zh: '信函上的房屋与业主名册不一致',
    en: 'A letter names other units than the register.',
  },
  LETTER_KEY: { status: 422, zh: '信函的密钥不符合要求', en: 'A letter key may not be enrolled.' },
  LETTER_KEY_USED: { status: 409, zh: '信函的密钥已被使用', en: 'A letter key is in use already.' },
  LETTER_ID_USED: { status: 409, zh: '信函编号已被使用', en: 'A letter id is in use already.' },
  LETTER_REPLACES: {
    status: 409,
    zh: '收件人已有信函,新信函须注明取代哪一封',
    en: 'The person has a letter, and a new one must name it as replaced.',
  },
  LETTER_UNKNOWN: { status: 404, zh: '没有这封信函', en: 'No such letter.' },
  LETTER_REVOCATION_DRAFTED: {
    status: 409,
    zh: '这封信函的作废已经在等待签署',
    en: 'The revocation of this letter waits for its signature.',
  },
  LETTER_ENDED: { status: 409, zh: '这封信函已经失效', en: 'The letter has ended already.' },
  LETTERS_WHILE_OPEN: {
    status: 409,
    zh: '会议进行期间不能补发或作废表决函',
    en: 'No letter changes while a meeting runs.',
  },
};
