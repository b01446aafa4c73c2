/** Words of a declaration of identity providers, as its officers read them before they sign (SPEC 3.4). */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  declared: '声明可为业主担保的身份提供方：{names}',
  noneLeft: '撤回全部身份提供方，不再由任何提供方担保',
  provider: '{name}（{iss}），客户端 {aud}，算法 {alg}',
  claims: '证件类型、号码、姓名取自 {docKind}、{number}、{name}',
  docKind: '“{value}”算作 {docKind}',
  key: '密钥指纹 {hash}',
});
