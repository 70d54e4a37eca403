// SPDX-License-Identifier: Apache-2.0
import { el } from './dom.js';

/// A part of the page that is built anew only when what it shows has changed: a press, a selection or half a Chinese
/// word being typed elsewhere on the page is not disturbed.
export class Slot {
  #known;

  constructor(attributes) { this.element = el('div', attributes); }

  /// `facts`: all that `build` shows; `build` gives an element, a list of elements, or null.
  show(facts, build) {
    const key = JSON.stringify(facts);
    if (key === this.#known) return;
    this.#known = key;
    const inside = this.element.contains(document.activeElement) ? document.activeElement : null;
    const focus = { name: inside?.name, do: inside?.dataset.do, at: inside?.selectionStart };
    this.element.replaceChildren(...[build()].flat().filter(Boolean));
    if (!inside) return;
    const again = focus.name ? this.element.querySelector(`[name="${focus.name}"]`)
      : this.element.querySelector(`[data-do="${focus.do}"]`) ?? this.element.querySelector('.actions .button');
    again?.focus();
    if (focus.name && again && focus.at != null) again.setSelectionRange(focus.at, focus.at);
  }
}
