// SPDX-License-Identifier: Apache-2.0
import { el } from './dom.js';
import { say } from './page.js';

function open(title, content) {
  return new Promise((answer) => {
    const heading = el('h2', { id: 'dialog-title' }, title);
    const dialog = el('dialog', { 'aria-labelledby': 'dialog-title' }, heading);
    const close = (value) => {
      dialog.close();
      dialog.remove();
      answer(value);
    };
    dialog.append(...content(close), el('button', { class: 'link', onclick: () => close(null) }, say('cancel')));
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      close(null);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function lists(choices, close) {
  const groups = Map.groupBy ? Map.groupBy(choices, ({ group }) => group) : new Map([[undefined, choices]]);
  return [...groups].flatMap(([name, entries]) => [
    name ? el('h3', {}, name) : null,
    el('ul', { class: 'choices' }, entries.map(({ text, value }) =>
      el('li', {}, el('button', { class: 'button quiet', onclick: () => close(value) }, text)))),
  ]).filter(Boolean);
}

/// One of `choices` ({ text, value, group }), or null.
export function choose(title, choices) {
  return open(title, (close) => lists(choices, close));
}

/// The same, after a look at `element`.
export function weigh(title, element, choices) {
  return open(title, (close) => [element, ...lists(choices, close)]);
}

/// True if the answer is `yes`.
export function ask(question, yes) {
  return open(question, (close) => [el('button', { class: 'button', onclick: () => close(true) }, yes)]);
}

/// What was typed, or null.
export function write(question, yes) {
  return open(question, (close) => {
    const input = el('input', { name: 'answer', maxlength: 200, autocomplete: 'off', required: true, 'aria-labelledby': 'dialog-title' });
    return [el('form', { class: 'line-in', onsubmit: (event) => {
      event.preventDefault();
      if (input.value.trim()) close(input.value.trim());
    } }, input, el('button', { class: 'small' }, yes))];
  });
}

/// Something to look at, until the person has seen it.
export function show(title, element) {
  return open(title, () => [element]);
}
