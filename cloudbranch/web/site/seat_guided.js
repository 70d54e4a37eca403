// SPDX-License-Identifier: Apache-2.0
import { el } from './dom.js';
import { say } from './page.js';

const inOwn = (words) => words[document.documentElement.lang] ?? Object.values(words)[0] ?? '';

/// A guided recording as the seat sees it: what may be begun, which step it is, what its checks found. Staff lead on from what
/// they read, have a step done again, or stop; there is no button that answers for the customer.
/// `scripts`: as the hub offers them; `guided`: as the terminal told last, or null; `order(body)`: says it.
export function guidedPanel(scripts, guided, order) {
  const runs = ['step', 'checking'].includes(guided?.stage);
  return el('section', { class: 'panel guided' }, el('h2', {}, say('guided')),
    guided && !runs ? el('p', { class: `outcome ${guided.stage}`, role: 'status', 'data-stage': guided.stage }, say(`guided.${guided.stage}`)) : null,
    runs ? under(guided, order) : el('ul', { class: 'scripts' }, scripts.map((script) => offer(script, order))));
}

function offer({ script, version, names, product, missing }, order) {
  return el('li', { 'data-script': script },
    el('b', {}, inOwn(names)), el('span', {}, `${inOwn(product)} · ${version}`),
    missing.length
      ? el('p', { class: 'lacks' }, say('guided.lacks', { what: missing.map((each) => named(each)).join('、') }))
      : el('button', { class: 'small', 'data-do': 'guided-begin', onclick: () => order({ do: 'begin', script }) }, say('guided.begin')));
}

/// A qualification in words, where there are some.
function named(qualification) {
  const words = say(`qualification.${qualification}`);
  return words === `qualification.${qualification}` ? qualification : words;
}

function under(guided, order) {
  const checking = guided.stage === 'checking';
  const own = guided.kind === 'staff';
  const button = (what, word, main, disabled) => el('button', { class: main ? 'button' : 'button quiet', 'data-do': `guided-${what}`, disabled,
    onclick: () => order({ do: what, step: guided.step }) }, say(word));
  return el('div', { 'data-step': guided.step },
    el('p', { class: 'doing' }, say('guided.step', { n: guided.index + 1, of: guided.count }), ' · ', say(`guided.kind.${guided.kind}`),
      guided.attempt > 1 ? ` · ${say('guided.attempt', { n: guided.attempt })}` : ''),
    el('progress', { max: guided.count, value: guided.index, 'aria-label': say('guided') }),
    el('blockquote', { class: own ? 'aloud' : '' }, guided.text),
    guided.flaws.length ? el('div', { class: 'flaws', role: 'alert' }, guided.flaws.map((flaw) => el('p', {}, say(`guided.flaw.${flaw}`)))) : null,
    checking ? el('p', { role: 'status' }, say('guided.checking')) : own ? null : el('p', { role: 'status' }, say('guided.wait')),
    el('div', { class: 'actions' },
      own ? button('goOn', 'guided.goOn', true, checking) : null, button('repeat', 'guided.repeat', false, checking), button('stop', 'guided.stop', false, false)));
}
