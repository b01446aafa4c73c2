/** What the demo's owners decide: a roof repair from the fund, and a new management contract; texts as a committee writes them. */
import type { z } from 'zod';
import type { meetingBody } from '../../assembly/contract.ts';
import type { CivilDate } from '../../base/civil-date.ts';
import type { Instant } from '../../base/instant.ts';
import { showInstant } from '../../base/instant.ts';

export type MeetingBody = z.input<typeof meetingBody>;

const NOTICE = `各位业主:

本小区业主大会将召开会议,以电子表决方式决定下列事项。请在表决期内扫描信函上的二维码,或在网页上输入信函上的投票码,核对本户信息后逐项表决。不使用手机的业主可到业主委员会索取纸质表决票。

计票依据《民法典》第二百七十八条:参与表决的专有部分面积和人数均须达到三分之二以上;使用维修资金、选聘物业服务企业须经参与表决的面积和人数均过半数同意。

截止前只公布参与情况,不公布任何选项的票数。初步结果公示期内,业主可以提出异议。`;

const ROOF = `1栋屋面防水层已使用十六年,顶层多户渗漏。经三家单位报价,拟由岐江防水工程有限公司翻修屋面防水层约一千二百平方米,质保五年。

费用从住宅专项维修资金列支,由1栋各户按专有部分面积分摊,总额不超过下列上限,按合同分预付款、进度款和竣工款支付,每次支付前须经验收。`;

const CONTRACT = `现行物业服务合同将于年底到期。拟续聘现物业服务企业三年,服务标准和收费标准不变,合同全文附于公告栏。`;

/** A meeting that opens and closes at given times; the fund's proposal concerns the first building. */
export function demoMeeting(options: {
  readonly profile: string;
  readonly publishedOn: CivilDate;
  readonly opensAt: Instant;
  readonly closesAt: Instant;
  readonly capFen: bigint;
  readonly payeeAccount: string;
}): MeetingBody {
  const building = { kind: 'buildings' as const, members: ['1栋'] };
  return {
    title: '2026年第一次业主大会会议',
    convener: '岐江花园业主委员会',
    profile: options.profile,
    parameters: {},
    publishedOn: options.publishedOn,
    opens: showInstant(options.opensAt),
    closes: showInstant(options.closesAt),
    noticeText: NOTICE,
    boxHolder: 'officer',
    proposals: [
      {
        title: '使用维修资金翻修1栋屋面防水层',
        text: ROOF,
        classes: ['M5'],
        scope: building,
        form: 'motion',
        candidates: [],
        seats: 0,
        fund: [
          {
            capFen: String(options.capFen),
            payee: '岐江防水工程有限公司',
            payeeAccount: options.payeeAccount,
            purpose: '1栋屋面防水层翻修',
            units: building,
          },
        ],
      },
      {
        title: '续聘现物业服务企业三年',
        text: CONTRACT,
        classes: ['M4'],
        scope: { kind: 'community', members: [] },
        form: 'motion',
        candidates: [],
        seats: 0,
        fund: [],
      },
    ],
  };
}
