// SPDX-License-Identifier: Apache-2.0
import { request } from './api.js';
import { el } from './dom.js';
import { say } from './page.js';

/// Logs a member of staff in. Whoever has a second factor is asked for its code, with what was typed before kept.
export class SignIn {
  typed = {};
  wantsCode = false;
  role = null; // of whoever logged in last

  /// A token, or null if the code is still wanted; throws what the hub refuses.
  async log(user, password, code) {
    Object.assign(this.typed, { user, password });
    try {
      const { token, role } = await request('POST', '/v1/login', { body: code ? { user, password, code } : { user, password } });
      this.role = role;
      this.typed = {};
      this.wantsCode = false;
      return token;
    } catch (refusal) {
      if (refusal.code === 'second-factor-needed') {
        this.wantsCode = true;
        return null;
      }
      if (code && refusal.code === 'login-refused') refusal.code = 'code-refused';
      throw refusal;
    }
  }

  /// `done(user, password, code)` when the form is sent.
  form(busy, done) {
    const field = (name, type, autocomplete) => el('label', {}, say(name), el('input', { name, type, required: true, autocomplete, value: this.typed[name] ?? '' }));
    return el('form', {
      class: 'panel narrow',
      onsubmit: (event) => {
        event.preventDefault();
        const form = new FormData(event.target);
        done(form.get('user'), form.get('password'), form.get('code'));
      },
    }, el('h1', {}, say('signIn')), field('user', 'text', 'username'), field('password', 'password', 'current-password'),
    this.wantsCode ? field('code', 'text', 'one-time-code') : null,
    el('button', { class: 'button', disabled: busy }, say('signIn.yes')));
  }
}

/// What a refusal says in plain words.
export function wordsFor(refusal) {
  const key = `e.${refusal.code}`;
  return refusal.code === 'offline' ? say('lost') : say(key) === key ? say('failed') : say(key);
}
