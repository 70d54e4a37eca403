// SPDX-License-Identifier: Apache-2.0
import { request } from './api.js';
import { el } from './dom.js';
import { say } from './page.js';
import { wordsFor } from './sign_in.js';

const language = document.documentElement.lang;

/// One answer as text, with where it stands.
function answer({ title, section, version, document: file, text }) {
  return el('article', { class: 'answer' }, el('h3', {}, section), el('p', { class: 'words' }, text),
    el('p', { class: 'source' }, say('knowledge.source', { title, section, version, file })));
}

/// Asks the bank's articles while a customer waits. `token()` is the login's.
export class KnowledgeSearch {
  #token;
  #answers = el('div', { class: 'answers', role: 'status' });
  #asked = 0;

  constructor(token) { this.#token = token; }

  /// The form and what it found, for a dialog.
  element() {
    this.#answers.replaceChildren();
    const input = el('input', { name: 'question', type: 'search', maxlength: 60, autocomplete: 'off', required: true });
    return el('div', { class: 'knowledge' }, el('form', { class: 'line-in', onsubmit: (event) => {
      event.preventDefault();
      this.#ask(input.value.trim());
    } }, el('label', {}, say('knowledge.question'), input), el('button', { class: 'small' }, say('knowledge.find'))), this.#answers);
  }

  async #ask(question) {
    if (!question) return;
    const turn = ++this.#asked;
    const show = (...parts) => turn === this.#asked && this.#answers.replaceChildren(...parts);
    try {
      const { findings } = await request('GET', `/v1/knowledge?${new URLSearchParams({ q: question, language })}`, { bearer: this.#token() });
      if (findings.length) show(...findings.map(answer));
      else show(el('p', { class: 'none' }, say('knowledge.none')));
    } catch (refusal) {
      show(el('p', { class: 'note' }, wordsFor(refusal)));
    }
  }
}
