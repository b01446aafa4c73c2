/** Browsers inside other programs: they claim passkeys and refuse them, and clear what a page keeps (DESIGN §4, docs/decisions/pages.md). */

/** Whether the page runs inside WeChat, Alipay or DingTalk. */
export const isInApp = (): boolean => /MicroMessenger|AlipayClient|DingTalk/i.test(navigator.userAgent);
