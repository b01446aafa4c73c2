/** Words of the form that declares identity providers (SPEC 3.4). */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '身份平台',
  lead: '声明哪些身份平台可以为业主的新手机作证。监管部门和街道办都要签署。新的声明会替换原来的全部声明，所以请把要保留的平台一并加入清单。',
  now: '现在可用：{names}',
  none: '现在没有可用的身份平台。',
  iss: '签发者网址（iss）',
  name: '业主看到的名称',
  alg: '签名算法',
  docKind: '证件类型的字段名',
  number: '证件号码的字段名',
  person: '姓名的字段名',
  docKinds: '证件类型的值，每行一个：值、空格、本系统的证件类型',
  docKindsHint: '例如：111 resident-id',
  keySet: '平台的公钥（JWK Set）',
  keySetHint:
    '请从平台的书面材料或官方渠道取得，粘贴在这里。本页计算每一把的指纹；系统只采用这里列出的公钥。',
  keySetWrong: '这里不是 JWK Set，或没有能用于签名的公钥',
  docKindsWrong: '每行应为：值、空格、证件类型',
  thumbprint: '指纹',
  add: '加入清单',
  listed: '{name}（{iss}）',
  remove: '从清单去掉',
  draft: '拟定声明',
  drafted: '已拟定，请在“待签事项”中核对指纹并签署',
  takeBack: '撤回全部身份平台',
  takeBackLead: '签署以后，任何身份平台都不能再为业主作证；已经登记的手机不受影响。',
  yes: '拟定撤回',
  no: '取消',
});
