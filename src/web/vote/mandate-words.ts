/** Words of voting for somebody else, and over an agent (SPEC 3.6, 6.7). */

export const MANDATE_VOTE_WORDS = {
  MANDATE_WRONG: '委托书与名册或您本人不符',
  forPrincipal: '您代 {name} 投票',
  forPrincipalLead: '这是别人委托您投的票,与您自己的票分开。业主本人投票后,以本人为准。',
  agentVoted: '代理人已替您投票',
  agentVotedLead: '您可以亲自投票,以您本人的为准,代理人的不再计算。',
  takeOver: '我亲自投票',
} as const;
