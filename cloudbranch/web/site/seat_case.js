// SPDX-License-Identifier: Apache-2.0
import { el } from './dom.js';
import { say } from './page.js';
import { figure, isPicture } from './seat_pictures.js';

/// The word of a list of words by a prefix, or what was said itself.
const word = (prefix, name) => {
  const found = say(`${prefix}.${name}`);
  return found === `${prefix}.${name}` ? name : found;
};

/// Names and values of any depth, as the kiosk gave them.
function facts(object) {
  return el('dl', {}, Object.entries(object).map(([name, value]) => [el('dt', {}, word('fact', name)),
    el('dd', {}, factValue(value))]).flat());
}

function factValue(value) {
  if (typeof value === 'boolean') return say(value ? 'yes' : 'no');
  return value !== null && typeof value === 'object' ? facts(value) : String(value);
}

/// What the customer brought along and the pictures of their steps.
export function caseFile(content, pictures) {
  return [el('h2', {}, say('case')), Object.keys(content).length ? facts(content) : el('p', { class: 'none' }, say('case.empty')),
    pictures.length ? el('div', { class: 'pictures' }, pictures.map(figure)) : null].filter(Boolean);
}

/// A text that came in several languages, in this page's.
export const inOwnLanguage = (texts) => texts[document.documentElement.lang] ?? Object.values(texts)[0] ?? '';

function entryText({ type, body }) {
  if (type === 'chat' || type === 'note') return body.text ?? '';
  if (type === 'request') return [say(`request.${body.kind}`), word('paper', body.arguments?.form ?? body.arguments?.document ?? '')].filter(Boolean).join(' · ');
  if (type === 'result') return [`${say('result')} ${word('result', body.outcome)}`,
    ...(body.detail?.fields ?? []).map(({ labels, values }) => `${inOwnLanguage(labels)} ${inOwnLanguage(values)}`)].join(' · ');
  if (type === 'proposal') return say('proposal', { step: body.step, authority: body.authority });
  return `${say(body.of ? 'review' : 'approve')} ${body.step}: ${body.ok ? say('approve.yes') : body.reason}`;
}

/// One line of what was said and done.
export function entryLine(entry) {
  const who = entry.body.of && entry.by !== 'me' ? entry.by : say(entry.by === 'terminal' ? 'customer' : entry.type === 'note' ? 'note' : 'us');
  return el('div', { class: `line ${entry.type} ${entry.by === 'terminal' ? 'theirs' : 'ours'}` }, el('span', { class: 'who' }, who), ' ',
    entryText(entry), isPicture(entry.body.picture ?? {}) ? figure(entry.body.picture) : null, entry.pending ? el('em', {}, ` ${say('pending')}`) : null);
}
