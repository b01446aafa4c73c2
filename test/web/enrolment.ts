// Goal: an officer comes into the console as he does in life: an invitation, a passkey of his browser, an appointment by two others.

import type { Page } from 'playwright-core';
import { present } from '../../src/base/assert.ts';
import { taken } from '../../src/base/result.ts';
import { signAsRoot, signBy } from '../../src/cli/demo/officer.ts';
import { invite } from '../../src/officers/enrolling.ts';
import { addAuthenticator } from './browser.ts';
import { rootActAnswer } from './root-act.ts';
import type { WebWorld } from './web-world.ts';

/** A new officer with a passkey of his browser, appointed and signed in. */
export async function enrolOfficer(
  { demo, community, officers, generated }: WebWorld,
  page: Page,
  role: 'committee' | 'registrar' | 'clerk' | 'scrutineer' | 'regulator',
  name: string,
  number: string,
): Promise<void> {
  const { enrolment, code } = taken(
    await invite(demo.service.deps, {
      community,
      role,
      name,
      docKind: 'resident-id',
      number,
    }),
  );
  await addAuthenticator(page);
  await page.goto(`${demo.world.origin}/console/enrol#${enrolment}.${code}`);
  await page.getByLabel('显示名称').fill(name);
  await page.getByRole('button', { name: '登记' }).click();
  const text = await page.getByText('任命事项编号').textContent();
  const act = present(/[a-z2-7]{26}/.exec(text ?? '')?.[0], 'an act id');
  if (role === 'regulator') {
    const drafted = await rootActAnswer(demo.service.deps, act);
    await signAsRoot(demo.world, officers.street.client, drafted, demo.root);
  } else await signBy(demo.world, act, [officers.regulator, officers.street]);
  await demo.world.beatNow();
  await page.goto(`${demo.world.origin}/console`);
  await page.getByRole('button', { name: '用通行密钥登录' }).click();
  await page.getByRole('heading', { name: generated.name }).waitFor();
}
