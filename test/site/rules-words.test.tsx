// Goal: the public page of the rules says each value in words, whatever a community may choose. Method: every alternative of every profile
// through the page as it is rendered; identifiers of values are looked for in its cells.
import { renderToString } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import { profileById, profileIds } from '../../src/assembly/domain/profile.ts';
import type { SettingInForce } from '../../src/assembly/own-rules.ts';
import { present } from '../../src/base/assert.ts';
import { RulesPage } from '../../src/web/public/rules-page.tsx';

const settings = profileIds()
  .map((id) => present(profileById(id), id))
  .flatMap(({ settings: all }) =>
    Object.entries(all).flatMap(([name, { zh, article, kind, ...setting }]) =>
      ('choices' in setting ? setting.choices : [setting.value]).map(
        (value): SettingInForce => ({
          name,
          zh,
          article,
          kind,
          value: String(value),
          choices: [],
          isFixed: false,
        }),
      ),
    ),
  );

const valueCellOf = (setting: SettingInForce): string => {
  const props = { community: 'c', communityName: '小区', profileName: 'CN', own: undefined, demo: false };
  const html = renderToString(<RulesPage {...props} settings={[setting]} />);
  return /<td>(.*?)<\/td>/u.exec(html)?.[1]?.trim() ?? '';
};

describe('the page of the rules', () => {
  it.each(settings.map((each) => [`${each.name} ${each.value}`, each] as const))(
    'says %s in words',
    (_name, each) => {
      const cell = valueCellOf(each);
      if (each.kind === 'int') expect(cell).toBe(each.value);
      else expect(cell).toMatch(/^[\p{Script=Han}，（）]+$/u);
    },
  );
});
