// SPDX-License-Identifier: Apache-2.0
import { newKey, request } from './api.js';
import { ask } from './dialogs.js';
import { el } from './dom.js';
import { main, say, words } from './page.js';
import { SignIn, wordsFor } from './sign_in.js';

const part = 4 * 1024 * 1024; // of a folder, as the hub gives it
const signIn = new SignIn();

/// All that the page knows; `render` shows it.
const state = {
  token: sessionStorage.getItem('token'), role: sessionStorage.getItem('role'),
  cases: [], next: null, look: null, loaded: null, message: '', busy: false,
};

const api = (method, path, options = {}) => request(method, path, { ...options, bearer: state.token });
const caseId = () => decodeURIComponent(location.hash.slice(1));
const pathOf = (id) => `/v1/cases/${encodeURIComponent(id)}`;
const times = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'medium' });
const at = (time) => (time ? times.format(new Date(time)) : '–');
const bytes = (count) => (count < 1e6 ? say('kb', { n: Math.ceil(count / 1000) }) : say('mb', { n: (count / 1e6).toFixed(1) }));
/// A word for what the hub calls so; else as the hub has it.
const worded = (kind, key) => (`${kind}.${key}` in words ? say(`${kind}.${key}`) : key);

/// Does one thing at a time; what goes wrong is said in plain words.
async function attempt(step) {
  if (state.busy) return;
  state.busy = true;
  state.message = '';
  render();
  try {
    await step();
  } catch (refusal) {
    state.message = wordsFor(refusal);
    if (refusal.code === 'bearer-needed' || refusal.code === 'role-not-admitted') signOut();
  } finally {
    state.busy = false;
    render();
  }
}

function signOut() {
  for (const key of ['token', 'role']) sessionStorage.removeItem(key);
  Object.assign(state, { token: null, role: null, cases: [], next: null, look: null });
}

/// What the address names: one case, or the list.
async function show() {
  state.look = caseId() ? await api('GET', pathOf(caseId())) : null;
  if (state.look) return;
  const { cases, next } = await api('GET', '/v1/cases');
  Object.assign(state, { cases, next });
}

const enter = (user, password, code) => attempt(async () => {
  state.token = await signIn.log(user, password, code);
  if (!state.token) return;
  state.role = signIn.role;
  sessionStorage.setItem('token', state.token);
  sessionStorage.setItem('role', state.role);
  await show();
});

const more = () => attempt(async () => {
  const { cases, next } = await api('GET', `/v1/cases?before=${encodeURIComponent(state.next)}`);
  state.cases.push(...cases);
  state.next = next;
});

const check = () => attempt(async () => {
  await api('POST', `${pathOf(state.look.case)}/check`, { body: {} });
  await show();
});

async function hold() {
  const reason = main.querySelector('[name=reason]').value.trim();
  if (!reason) return;
  await attempt(async () => {
    await api('POST', `${pathOf(state.look.case)}/holds`, { create: newKey(), body: { reason } });
    await show();
  });
}

async function release({ id, reason }) {
  if (!await ask(say('release.sure', { reason }), say('release'))) return;
  await attempt(async () => {
    await api('DELETE', `${pathOf(state.look.case)}/holds/${encodeURIComponent(id)}`);
    await show();
  });
}

/// The folder in parts, each behind the one before, as long as the case does not change.
const download = () => attempt(async () => {
  const id = state.look.case;
  const parts = [];
  for (let from = 0, size = 1, tag = null; from < size; from += parts.at(-1).size) {
    const headers = { Authorization: `Bearer ${state.token}`, Range: `bytes=${from}-${from + part - 1}` };
    if (tag) headers['If-Match'] = tag;
    const response = await fetch(`${pathOf(id)}/folder.tar`, { headers, cache: 'no-store' });
    if (!response.ok) throw Object.assign(new Error(), { code: (await response.json()).code });
    tag = response.headers.get('ETag');
    size = Number(response.headers.get('Content-Range').split('/')[1]);
    parts.push(await response.blob());
    state.loaded = Math.floor(100 * (from + parts.at(-1).size) / size);
    render();
  }
  const address = URL.createObjectURL(new Blob(parts, { type: 'application/x-tar' }));
  el('a', { href: address, download: `${id}.tar` }).click();
  URL.revokeObjectURL(address);
  await show();
}).finally(() => {
  state.loaded = null;
  render();
});

const mark = (verdict) => el('span', { class: `mark ${verdict ?? 'unknown'}` }, say(`verdict.${verdict ?? 'unknown'}`));

function standing(one) {
  return one.removed ? say('removed') : one.completed ? say('completed') : one.closed ? say('uploading') : say('open');
}

/// A table with a heading for each column.
function table(name, columns, rows) {
  return el('div', { class: 'wide', tabindex: 0, role: 'region', 'aria-label': name },
    el('table', {}, el('thead', {}, el('tr', {}, columns.map((column) => el('th', { scope: 'col' }, say(column))))), el('tbody', {}, rows)));
}

const row = (...cells) => el('tr', {}, cells.map((cell) => el('td', {}, cell)));

function list() {
  return el('section', { class: 'panel' }, el('h1', {}, say('cases')),
    state.cases.length === 0 ? el('p', { class: 'none' }, say('cases.none'))
      : table(say('cases'), ['case', 'terminal', 'opened', 'standing', 'verdict', 'keptUntil', 'hold'], state.cases.map((one) =>
        row(el('a', { href: `#${encodeURIComponent(one.case)}` }, one.case), one.terminal, at(one.opened), standing(one), mark(one.verdict),
          one.retention.until ? at(one.retention.until) : say('keptUntil.open'), one.hold ? el('span', { class: 'mark held' }, say('held')) : '–'))),
    state.next ? el('button', { class: 'small', disabled: state.busy, onclick: more }, say('more')) : null);
}

function facts(one) {
  const pairs = [
    ['terminal', one.terminal], ['opened', at(one.opened)], ['lastHeads', at(one.at)], ['standing', standing(one)],
    ['headsKept', String(one.heads)], ['checked', at(one.checked)],
    ['signature', one.checked === null ? '–' : say(one.signature ? 'signature.yes' : 'signature.no')],
    ['class', one.retention.class ? say('class.of', { name: one.retention.class, months: one.retention.months }) : '–'],
    ['keptUntil', one.retention.until ? at(one.retention.until) : say('keptUntil.open')],
  ];
  return el('dl', { class: 'facts' }, pairs.flatMap(([key, value]) => [el('dt', {}, say(key)), el('dd', {}, value)]));
}

const faultLine = ({ kind, chunk, at: when, detail }) =>
  el('li', {}, el('b', {}, worded('fault', kind)), el('span', {}, [chunk ? say('chunk', { n: chunk }) : null, when ? at(when) : null, detail].filter(Boolean).join(' · ')));

function tracks(one) {
  const faults = [...one.faults.map(faultLine), ...one.tracks.flatMap(({ track, faults: found }) =>
    found.map((fault) => faultLine({ ...fault, detail: `${track}: ${fault.detail}` })))];
  return el('section', { class: 'panel' }, el('h2', {}, say('tracks')),
    table(say('tracks'), ['track', 'mediaType', 'size', 'from', 'until', 'verdict'], one.tracks.map((track) =>
      row(worded('track', track.track), track.mediaType, track.bytes < track.promised ? say('size.of', { n: bytes(track.bytes), all: bytes(track.promised) }) : bytes(track.bytes),
        at(track.from), at(track.until), mark(track.verdict)))),
    faults.length ? el('ul', { class: 'faults' }, faults) : null,
    one.removed ? null : el('p', { class: 'none' }, say('sealed')),
    one.removed ? null : el('div', { class: 'ways' },
      el('button', { class: 'button', disabled: state.busy, onclick: download, 'data-do': 'download' },
        state.loaded === null ? say('download') : say('downloading', { n: state.loaded })),
      el('button', { class: 'button quiet', disabled: state.busy, onclick: check, 'data-do': 'check' }, say('check'))));
}

function holds(one) {
  const mayHold = state.role === 'supervisor';
  return el('section', { class: 'panel' }, el('h2', {}, say('holds')),
    one.holds.length ? el('ul', {}, one.holds.map((hold) => el('li', {}, el('b', {}, hold.reason),
      el('span', {}, [say('placed', { who: hold.placedBy, time: at(hold.placed) }),
        hold.released ? say('released', { who: hold.releasedBy, time: at(hold.released) }) : null].filter(Boolean).join(' · ')),
      mayHold && !hold.released ? el('button', { class: 'small', disabled: state.busy, onclick: () => release(hold), 'aria-label': `${say('release')}: ${hold.reason}` }, say('release')) : null)))
      : el('p', { class: 'none' }, say('holds.none')),
    mayHold && !one.removed ? el('form', { class: 'line-in', onsubmit: (event) => { event.preventDefault(); hold(); } },
      el('label', {}, say('reason'), el('input', { name: 'reason', required: true, maxlength: 200 })),
      el('button', { class: 'small', disabled: state.busy }, say('placeHold'))) : null);
}

const eventLine = (event) => el('li', {}, el('span', { class: 'time' }, at(event.at)),
  el('b', {}, worded('ev', event.type)), el('span', {}, [event.who, worded('verdict', event.detail)].filter(Boolean).join(' · ')));

function events(name, all) {
  return el('section', { class: 'panel events' }, el('h2', {}, say(name)),
    all.length ? el('ol', {}, all.map(eventLine)) : el('p', { class: 'none' }, say('events.none')));
}

function detail() {
  const one = state.look;
  return el('div', {}, el('p', {}, el('a', { href: '#' }, say('back'))),
    el('section', { class: 'panel' }, el('h1', {}, one.case, ' ', mark(one.verdict), one.hold ? el('span', { class: 'mark held' }, say('held')) : null), facts(one)),
    tracks(one), holds(one),
    el('div', { class: 'both' }, events('events', one.events), events('assistEvents', one.assistEvents)));
}

function render() {
  const focus = document.activeElement?.dataset?.do;
  const form = !state.token && main.querySelector('form');
  const typed = form && Boolean(form.elements.code) === signIn.wantsCode && form;
  const alert = el('p', { class: state.message ? 'note' : 'note hidden', role: 'alert' }, state.message);
  if (typed) { // where it stands: what is put in anew has lost the focus
    main.querySelector('[role=alert]').replaceWith(alert);
    for (const button of typed.querySelectorAll('button')) button.disabled = state.busy;
    return;
  }
  const reason = main.querySelector('[name=reason]')?.value;
  main.replaceChildren(alert, ...(!state.token ? [signIn.form(state.busy, enter)]
    : [state.look ? detail() : list(), el('button', { class: 'link', onclick: () => { signOut(); render(); } }, say('signOut'))]));
  if (reason && state.busy && main.querySelector('[name=reason]')) main.querySelector('[name=reason]').value = reason;
  main.querySelector(`[data-do="${focus}"]`)?.focus();
  if (!state.token && signIn.wantsCode) main.querySelector('[name=code]')?.focus();
}

addEventListener('hashchange', () => state.token && attempt(show));
render();
if (state.token) attempt(show);
