/** Words of voting for somebody else, and over an agent (SPEC 3.6, 6.7). */

export const MANDATE_VOTE_WORDS = {
  MANDATE_WRONG: '委托书与名册或您本人不符',
  forPrincipal: '您代 {name} 投票',
  forPrincipalLead: '这是别人委托您投的票,与您自己的票分开。业主本人投票后,以本人为准。',
  agentVoted: '代理人已替您投票',
  agentVotedLead: '您可以亲自投票,以您本人的为准,代理人的不再计算。',
  takeOver: '我亲自投票',
  onPaper: '{at} 登记了本户的一张纸质表决票',
  onPaperLead: '是您交的，不用再做什么。您也可以改用手机投票，以手机的为准。',
  onPaperStands: '按本次会议的规则，登记了纸质表决票以后不能再用手机更改。',
  onPaperObject: '不是您交的，请马上联系街道办事处，说明本户没有交过纸质表决票，并在“我的”页面提出异议。',
  replacePaper: '改用手机投票',
  voided: '这一户的表决票已被两名工作人员作废',
  voidedLead: '投票截止以前，您可以重新投票。',
} as const;
