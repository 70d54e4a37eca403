// SPDX-License-Identifier: Apache-2.0
// Members of remote staff at their page.
import { open } from './support.js';

export const wide = { width: 1600, height: 900 };

/// At the seat, and still away.
export async function sit(hub, user = 'agent', language = 'zh-CN') {
  const page = await open(`${hub.url}/seat/?lang=${language}`, { viewport: wide, locale: language });
  await page.locator('[name=user]').fill(user);
  await page.locator('[name=password]').fill('demo');
  await page.keyboard.press('Enter');
  await page.locator('.current.away').waitFor();
  return page;
}

export const inState = (page, state) => page.locator(`.current.${state}`).waitFor();

/// Ready, rung by that customer, and in a call by text.
export async function answerText(page, customer) {
  await page.keyboard.press('r');
  await inState(page, 'ringing');
  await page.keyboard.press('a');
  await inState(page, 'busy');
  customer.say({ type: 'media', state: 'up', mode: 'text' });
  await customer.until('assist', ({ state }) => state === 'talking');
}
