// SPDX-License-Identifier: Apache-2.0
import { el } from './dom.js';
import { say } from './page.js';

/// A button of the kiosk's page, given as text or as { title, note }.
const title = (button) => (typeof button === 'string' ? button : button?.title ?? '');
const list = (value) => (Array.isArray(value) ? value : []);

/// The page that the customer sees, in small. What it shows can be pointed at; only the customer can press it.
/// `point(message)`: tells the terminal; null: there is no way to. `marked`: the last message, or null.
export function mirror(page, { point, marked }) {
  const at = (element, tag, attributes, ...content) => el(point ? 'button' : tag,
    { ...attributes, class: `${attributes.class ?? ''}${marked?.element === element ? ' marked' : ''}`, 'data-element': element,
      'data-do': point && `mark-${element}`, title: point && say('mirror.show'), onclick: point && (() => point({ type: 'highlight', element })) }, ...content);
  const facts = list(page.facts).map((fact, index) => at(`fact-${index}`, 'div', { class: 'fact' }, el('span', {}, fact.label ?? ''), el('b', {}, fact.value ?? '')));
  const choices = list(page.choices).map((choice, index) => at(`choice-${index}`, 'div', { class: choice.emphasis ? 'choice first' : 'choice' },
    el('b', {}, title(choice)), choice.note ? el('span', {}, choice.note) : null));
  const ticket = page.ticket && el('div', { class: 'ticket' }, el('span', {}, page.ticket.service ?? ''), el('strong', {}, page.ticket.label ?? ''));
  const sheet = el('div', { class: 'sheet', 'data-page': page.id ?? '' },
    el('div', { class: 'content' },
      page.title ? el('h3', {}, page.trouble ? el('i', { class: 'trouble', 'aria-hidden': 'true' }, '!') : null, page.title) : null,
      page.subtitle ? el('p', {}, page.subtitle) : null,
      page.live ? el('p', {}, page.live) : null,
      page.busy ? el('p', { class: 'busy' }, say('mirror.busy')) : null,
      ticket || null,
      page.typed ? el('p', { class: 'typed' }, page.typed) : null,
      facts.length ? el('div', { class: 'facts' }, facts) : null,
      choices.length ? el('div', { class: 'choices' }, choices) : null),
    el('div', { class: 'foot' },
      page.back ? at('back', 'div', { class: 'choice' }, title(page.back)) : null,
      page.primary ? at('primary', 'div', { class: 'choice first' }, title(page.primary)) : null),
    marked?.type === 'point' ? dot(marked) : null);
  if (point) {
    sheet.classList.add('open');
    sheet.addEventListener('click', (event) => {
      if (event.target.closest('[data-element]')) return;
      const { left, top, width, height } = sheet.getBoundingClientRect();
      const within = (value) => Number(Math.min(1, Math.max(0, value)).toFixed(4));
      point({ type: 'point', x: within((event.clientX - left) / width), y: within((event.clientY - top) / height) });
    });
  }
  return sheet;
}

function dot({ x, y }) {
  const mark = el('i', { class: 'dot', 'aria-hidden': 'true' });
  mark.style.left = `${100 * x}%`;
  mark.style.top = `${100 * y}%`;
  return mark;
}
