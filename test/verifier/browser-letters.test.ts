// Goal: whoever reads a result learns that letters were made in a page, and a result that is silent about it, or letters of a page that one
// officer signed alone, is refused. Method: the story of bundle-builder.ts with letters of a page, and one lie at a time.
import { describe, expect, it } from 'vitest';
import type { TallyRecord } from '../../src/record/tally-record.ts';
import { printReport } from '../../src/verifier/report.ts';
import { buildBundle, publicBundle } from './bundle-builder.ts';
import { failing, failuresOf, reportOf } from './failing-checks.ts';
import type { Forge } from './forge.ts';
import { reissued } from './story-reissue.ts';

const SAID = /网页里制作[^\n]*letters were made in a page/;

/** The story's letters, made in a page and signed by these. */
const madeInPage = (...signers: readonly string[]): Forge => ({
  entry: (entry) => (entry.kind === 'letters.issued' ? { ...entry, madeIn: 'browser' } : entry),
  signers: (names, step) => (step === 'letters' ? signers : names),
});
const stating = (lettersFrom: TallyRecord['lettersFrom']): Pick<Forge, 'record'> => ({
  record: (record) => ({ ...record, lettersFrom }),
});

describe('letters that were made in a page', () => {
  it.each(['street', 'regulator'])(
    'stand with the result when a %s signed beside the registrar',
    async (office) => {
      const bundle = buildBundle(madeInPage('registrar', office));
      expect(await failuresOf(bundle)).toEqual([]);
      const said = JSON.parse(new TextDecoder().decode(bundle.files.get('tally.json')));
      expect(said.lettersFrom).toBe('browser');
      for (const each of [bundle, publicBundle(bundle)]) {
        const report = await reportOf(each);
        expect(report.lettersFrom).toBe('browser');
        expect(printReport(report, false)).toMatch(SAID);
      }
    },
  );

  it('TALLY-01: are not told by the tally, in the public bundle too', async () => {
    const lie = { ...madeInPage('registrar', 'street'), ...stating('command') };
    expect(await failing(lie)).toEqual(['TALLY-01']);
    const open = publicBundle(buildBundle(lie));
    expect(await failuresOf(open)).toEqual(['TALLY-01']);
    // The report says it whatever the tally says.
    expect(printReport(await reportOf(open), false)).toMatch(SAID);
  });

  it('TALLY-01: are told where there are none', async () => {
    expect(await failing(stating('browser'))).toEqual(['TALLY-01']);
    expect(printReport(await reportOf(buildBundle({})), false)).not.toMatch(SAID);
  });

  it('TALLY-01: are not told of a reissue during the vote', async () => {
    const forge = () => reissued({ entry: (entry) => ({ ...entry, madeIn: 'browser' }) });
    expect(await failing(forge())).toEqual([]);
    expect(await failing({ ...forge(), ...stating('command') })).toEqual(['TALLY-01']);
  });

  it.each([
    [['registrar']],
    [['registrar', 'committee']],
    [['committee', 'street']],
    [['registrar', 'street', 'regulator']],
  ])('ACT-01: are signed by %j', async (signers) => {
    expect(await failing(madeInPage(...signers))).toEqual(['ACT-01']);
  });

  it('ACT-01: the command’s letters are signed by two', async () => {
    const lie: Forge = { signers: (names, step) => (step === 'letters' ? ['registrar', 'street'] : names) };
    expect(await failing(lie)).toEqual(['ACT-01']);
  });
});
