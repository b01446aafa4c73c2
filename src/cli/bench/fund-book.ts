/** The book that `bench fund` writes into: a community of equal households with opening balances, and authorisations to hold. */
import { entryBytes } from '../../auditlog/entry-writing.ts';
import { compareText, toBase64Url } from '../../base/bytes.ts';
import { civilDateAt } from '../../base/civil-date.ts';
import { newId } from '../../base/clock.ts';
import { writeBenchBook } from '../../db/bench-book.ts';
import { openBenchClient } from '../../db/bench-rows.ts';
import { authoriseResolutions } from '../../fund/authorising.ts';
import type { FundDeps } from '../../fund/fund-deps.ts';
import { openBalances } from '../../fund/opening.ts';
import type { Definition } from '../../record/meeting.ts';
import { accountHash, definitionForm, MOTION_OPTIONS } from '../../record/meeting.ts';
import type { RollLeaf } from '../../record/roll.ts';
import type { BenchDeployment } from './deployment.ts';

export const BENCH_BANK = { name: '建行', lastDigits: '0071' } as const;

/** One yuan of each household for each authorisation, of ten thousand. */
const FEN_A_HOLD = 100n;
const OPENING_FEN = 1_000_000n;
const ROOMS_A_BUILDING = 100;

export type BenchedBook = {
  readonly community: string;
  readonly units: readonly string[];
  readonly authorisations: readonly string[];
};

type Ids = { readonly community: string; readonly meeting: string; readonly proposals: readonly string[] };

function definitionOf(
  { community, meeting, proposals }: Ids,
  capFen: bigint,
  random: FundDeps['random'],
): Definition {
  const hash = toBase64Url(random(32));
  const scope = { kind: 'community' as const, members: [] };
  const payeeAccount = accountHash(random(16), '0071');
  return {
    v: 1,
    kind: 'meeting',
    suite: 'INT-1',
    meeting,
    community,
    communityName: 'bench',
    convener: 'bench',
    convenerRole: 'committee',
    title: 'bench',
    profile: { id: 'CN-2021', version: 1, hash, parameters: [], rulesHash: '' },
    notice: { textHash: hash, publishedOn: '2026-01-01', questionsHash: '' },
    window: { opens: '2026-01-02T00:00:00Z', closes: '2026-01-03T00:00:00Z' },
    proposals: proposals.map((proposal) => ({
      proposal,
      title: '维修 repair',
      textHash: hash,
      classes: ['M5'],
      basis: '',
      scope,
      mode: 'open',
      form: 'motion',
      options: [...MOTION_OPTIONS],
      seats: 0,
      min: 1,
      max: 1,
      sealLength: 512,
      fund: [
        { capFen: String(capFen), payee: '施工单位', payeeAccount, purpose: '维修 repair', units: scope },
      ],
    })),
    rollRoot: hash,
    rollSize: 1,
    origin: 'localhost',
    rpId: 'localhost',
    origins: ['http://localhost'],
    keys: { ballot: hash, ack: hash, certificate: hash },
    logVkey: 'localhost/log+00000000+A',
    witnesses: [],
    quorum: 0,
    boxKey: hash,
    boxHolder: 'server',
    demoRoot: true,
  };
}

/** Founds the book with so many households, and as many authorisations of all of them. */
export async function foundBook(
  place: BenchDeployment,
  deps: FundDeps,
  { households, authorisations }: { readonly households: number; readonly authorisations: number },
): Promise<BenchedBook> {
  const ids = (count: number): readonly string[] => Array.from({ length: count }, () => newId(deps.random));
  const [community = '', register = '', meeting = ''] = ids(3);
  const proposals = ids(authorisations);
  const capFen = FEN_A_HOLD * BigInt(households);
  const definition = definitionOf({ community, meeting, proposals }, capFen, deps.random);
  const units = [...ids(households)].sort(compareText).map((unit, at) => ({
    unit,
    building: `${Math.floor(at / ROOMS_A_BUILDING) + 1}幢`,
    room: String(101 + (at % ROOMS_A_BUILDING)),
    areaDm2: 7_000n + BigInt((at * 37) % 6_000),
  }));
  const now = deps.clock();
  const hash = definition.rollRoot;
  const none = { size: 0, count: 0, root: hash };
  const finalEntry = entryBytes(
    {
      v: 1,
      kind: 'tally.final',
      community,
      meeting,
      recordHash: hash,
      votes: none,
      controls: none,
      inputsHash: hash,
    },
    [],
  );
  const facts = { community, register, meeting, finalEntry, proposals, capFen, units, now };
  await writeBenchBook(place.ownerUrl, { ...facts, definition: definitionForm.bytes(definition) });
  const leaves = units.map(
    ({ unit, building, room, areaDm2 }): RollLeaf => ({
      v: 1,
      kind: 'roll',
      meeting,
      entitlement: newId(deps.random),
      basis: 'owner-set',
      units: [
        {
          unit,
          building,
          stair: '',
          room,
          kind: 'dwelling',
          areaDm2: String(areaDm2),
          areaSource: 'register',
        },
      ],
      holders: hash,
      voter: hash,
    }),
  );
  const opened = await openBalances(deps, {
    community,
    statement: { reference: 'bench', asOn: civilDateAt(now) },
    bank: BENCH_BANK,
    balances: units.map(({ unit }) => ({ unit, amountFen: OPENING_FEN })),
  });
  if (!opened.ok) throw new Error(opened.refusal.code);
  const authorised = await authoriseResolutions(deps, { definition, leaves });
  const client = await openBenchClient(place.ownerUrl);
  await client.settle();
  await client.close();
  return { community, units: units.map(({ unit }) => unit), authorisations: authorised.authorisations };
}
