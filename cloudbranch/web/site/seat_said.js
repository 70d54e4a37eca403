// SPDX-License-Identifier: Apache-2.0
import { newKey } from './api.js';
import { el } from './dom.js';
import { say } from './page.js';
import { entryLine } from './seat_case.js';
import { Slot } from './seat_slots.js';

/// What was said and done, and the lines to write in. What somebody is writing stays while everything else changes.
export class Said {
  slot = new Slot({ class: 'slot at-said' });
  #log = new Slot({ class: 'entries', role: 'log', tabindex: 0, 'aria-label': say('said') });
  #drafts = { chat: '', note: '' };
  #keep;

  /// `keep(type, body)` writes it into the case.
  constructor(keep) { this.#keep = keep; }

  /// `assist`: whose; null: nobody is here. `open`: the customer is still there.
  show(assist, open, entries) {
    if (!assist) this.#drafts = { chat: '', note: '' };
    this.slot.show([assist, open], () => assist && el('section', { class: 'panel talk' }, el('h2', {}, say('said')), this.#log.element,
      open ? this.#phrases() : null, this.#line('chat', open), this.#line('note', true)));
    const { scrollHeight, scrollTop, clientHeight } = this.#log.element;
    this.#log.show(entries, () => entries.map(entryLine));
    if (scrollHeight - scrollTop - clientHeight < 40) this.#log.element.scrollTop = this.#log.element.scrollHeight; // not while somebody reads back
  }

  #phrases() {
    return el('div', { class: 'phrases' }, say('phrases').split('|').map((text) =>
      el('button', { class: 'small', onclick: () => this.#keep('chat', { id: newKey(), text }) }, text)));
  }

  #line(type, enabled) {
    return el('form', { class: 'line-in', onsubmit: (event) => this.#send(type, event) },
      el('label', {}, say(type), el('input', { name: type, value: this.#drafts[type], maxlength: 500, autocomplete: 'off', disabled: !enabled,
        oninput: ({ target }) => { this.#drafts[type] = target.value; } })),
      el('button', { class: 'small', disabled: !enabled }, say('send')));
  }

  #send(type, event) {
    event.preventDefault();
    const text = this.#drafts[type].trim();
    if (!text) return;
    this.#drafts[type] = event.target.elements[type].value = '';
    this.#keep(type, { id: newKey(), text });
  }
}
