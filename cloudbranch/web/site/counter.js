// SPDX-License-Identifier: Apache-2.0
import { newKey, request } from './api.js';
import { el } from './dom.js';
import { ask, choose } from './dialogs.js';
import { follow } from './live.js';
import { main, say } from './page.js';
import { SignIn, wordsFor } from './sign_in.js';

const branch = main.dataset.branch;
const undoSeconds = 10; // as long as the hub takes a step back
const silence = 20_000;
const signIn = new SignIn();

/// All that the page knows; `render` shows it.
const state = {
  token: sessionStorage.getItem('token'), counter: sessionStorage.getItem('counter'),
  outlet: null, session: null, visit: null, visits: [], queue: null,
  undo: null, message: '', busy: false, heard: performance.now(), nextKey: newKey(), prepared: null,
};

const api = (method, path, options = {}) => request(method, path, { ...options, bearer: state.token });
const isMine = (visit) => visit && (visit.state === 'called' || visit.state === 'serving');
const serviceName = (id) => {
  const names = state.outlet?.services.find((service) => service.id === id)?.names ?? {};
  return names[document.documentElement.lang] ?? Object.values(names)[0] ?? id;
};
const at = (time) => time.slice(11, 16);

/// Does one thing at a time; what goes wrong is said in plain words, and the page shows the truth again.
async function attempt(step) {
  if (state.busy) return;
  state.busy = true;
  state.message = '';
  render();
  try {
    await step();
  } catch (refusal) {
    state.message = wordsFor(refusal);
    if (refusal.code === 'bearer-needed') signOut();
    if (refusal.code === 'session-ended' || refusal.code === 'unknown-session') leaveCounter();
    await refresh().catch(() => {});
  } finally {
    state.busy = false;
    render();
  }
}

async function refresh() {
  if (!state.session) return;
  const list = await api('GET', `/v1/branches/${branch}/visits?state=waiting,parked,called,serving`);
  state.visits = list.visits;
  if (state.visit) {
    const now = list.visits.find((visit) => visit.id === state.visit.id);
    state.visit = isMine(now) && now.counter === state.counter ? now : null;
  }
  if (state.prepared?.visit !== state.visit?.id) {
    const { form } = state.visit ? await api('GET', `/v1/visits/${state.visit.id}`) : {};
    state.prepared = { visit: state.visit?.id, form };
  }
}

function signOut() {
  for (const key of ['token', 'counter']) sessionStorage.removeItem(key);
  Object.assign(state, { token: null, counter: null, session: null, visit: null, undo: null });
}

function leaveCounter() {
  sessionStorage.removeItem('counter');
  Object.assign(state, { counter: null, session: null, visit: null, undo: null });
}

const enter = (user, password, code) => attempt(async () => {
  state.token = await signIn.log(user, password, code);
  if (state.token) sessionStorage.setItem('token', state.token);
});

/// The hub gives the same user the session back that is open there, with whoever is being served.
const openCounter = (counter) => attempt(async () => {
  state.session = await api('POST', `/v1/branches/${branch}/sessions`, { create: newKey(), body: { counter, profile: 'default' } });
  state.counter = counter;
  sessionStorage.setItem('counter', counter);
  state.visit = state.session.visit ? await api('GET', `/v1/visits/${state.session.visit}`) : null;
  await refresh();
});

const leave = () => attempt(async () => {
  await api('DELETE', `/v1/sessions/${state.session.id}`);
  leaveCounter();
  state.message = say('away');
});

function done(visit) {
  state.undo = visit ? { visit, until: performance.now() + undoSeconds * 1000 } : null;
  state.visit = isMine(visit) ? visit : null;
}

const callNext = () => attempt(async () => {
  // The key stays until an answer has come: a repeated press never calls two.
  const visit = await api('POST', `/v1/sessions/${state.session.id}/call-next`, { create: state.nextKey, body: {} });
  state.nextKey = newKey();
  if (visit) done(visit);
  else state.message = say('nobody');
  await refresh();
});

const callThis = (visit) => attempt(async () => {
  done(await api('POST', `/v1/sessions/${state.session.id}/call`, { version: visit.version, body: { visit: visit.id } }));
  await refresh();
});

const command = (word, body = {}) => attempt(async () => {
  const visit = await api('POST', `/v1/visits/${state.visit.id}/${word}`, { version: state.visit.version, body });
  done(visit);
  if (word === 'recall') state.undo = null; // what was announced was heard
  await refresh();
});

const undo = () => attempt(async () => {
  const { visit } = state.undo;
  state.undo = null;
  const before = await api('POST', `/v1/visits/${visit.id}/undo`, { version: visit.version, body: {} });
  state.visit = isMine(before) ? before : null;
  state.message = say('undo.done');
  await refresh();
});

async function park() {
  const reason = await choose(say('park.reason'), say('park.reasons').split('|').map((text) => ({ text, value: text })));
  if (reason) command('park', { reason });
}

async function transfer() {
  const target = await choose(say('transfer.title'), [
    ...state.outlet.services.filter(({ id }) => id !== state.visit.service)
      .map((service) => ({ text: serviceName(service.id), group: say('transfer.service'), value: { service: service.id } })),
    ...state.outlet.counters.filter((counter) => counter !== state.counter)
      .map((counter) => ({ text: say('counter', { counter }), group: say('transfer.counter'), value: { counter } })),
  ]);
  if (target) command('transfer', target);
}

async function finish() {
  const outcome = await choose(say('finish.title'), say('finish.outcomes').split('|').map((text) => ({ text, value: text })));
  if (outcome) command('finish', { outcome });
}

async function noShow() {
  if (await ask(say('confirm.noShow'), say('yes'))) command('no-show');
}

/// key, word, what it does, and when it is there.
const actions = [
  { key: 'N', word: 'next', run: callNext, when: () => !state.visit, main: true },
  { key: 'A', word: 'arrive', run: () => command('arrive'), when: () => state.visit?.state === 'called', main: true },
  { key: 'R', word: 'recall', run: () => command('recall'), when: () => state.visit?.state === 'called' },
  { key: 'B', word: 'putBack', run: () => command('requeue', { after: 3 }), when: () => state.visit?.state === 'called' },
  { key: 'X', word: 'noShow', run: noShow, when: () => state.visit?.state === 'called' },
  { key: 'F', word: 'finish', run: finish, when: () => state.visit?.state === 'serving', main: true },
  { key: 'S', word: 'start', run: () => command('start'), when: () => state.visit?.state === 'serving' },
  { key: 'P', word: 'park', run: park, when: () => state.visit?.state === 'serving' },
  { key: 'T', word: 'transfer', run: transfer, when: () => state.visit },
  { key: 'U', word: 'undo', run: undo, when: () => undoLeft() > 0 },
];
const undoLeft = () => (state.undo ? Math.ceil((state.undo.until - performance.now()) / 1000) : 0);

document.addEventListener('keydown', (event) => {
  const typing = event.target.matches('input, select, textarea') || document.querySelector('dialog[open]');
  if (typing || event.ctrlKey || event.altKey || event.metaKey || event.repeat || !state.session) return;
  const action = actions.find(({ key, when }) => key === event.key.toUpperCase() && when());
  if (action) {
    event.preventDefault();
    action.run();
  }
});

function counterChoice() {
  return el('section', { class: 'panel narrow' }, el('h1', {}, say('choose')),
    el('ul', { class: 'choices' }, state.outlet.counters.map((counter) =>
      el('li', {}, el('button', { class: 'button quiet', disabled: state.busy, onclick: () => openCounter(counter) }, say('counter', { counter }))))),
    el('button', { class: 'link', onclick: () => { signOut(); render(); } }, say('signOut')));
}

function current() {
  const { visit } = state;
  return el('section', { class: `panel current ${visit?.state ?? 'idle'}` },
    el('h1', {}, say('counter', { counter: state.counter })),
    visit ? el('p', { class: 'number' }, visit.ticket.label) : null,
    visit ? el('p', { class: 'service' }, serviceName(visit.service)) : null,
    prepared(),
    el('p', { class: 'doing', role: 'status' }, say(visit?.state ?? 'idle')),
    el('div', { class: 'actions' }, actions.filter(({ when }) => when()).map(({ key, word, run, main: first }) =>
      el('button', { class: first ? 'button' : 'button quiet', disabled: state.busy, onclick: run, 'data-do': word, 'aria-keyshortcuts': key },
        say(word, { n: undoLeft() }), el('kbd', { 'aria-hidden': 'true' }, key)))));
}

/// What the customer filled in online, so that nobody asks for it again.
function prepared() {
  const form = state.visit && state.prepared?.visit === state.visit.id && state.prepared.form;
  const fields = Object.entries(form?.fields ?? {});
  return fields.length ? el('section', { class: 'prepared' }, el('h2', {}, say('prepared')),
    el('dl', {}, fields.map(([name, value]) => [el('dt', {}, say(`field.${name}`).replace(/^field\./, '')), el('dd', {}, name === 'service' ? serviceName(value) : String(value))]).flat())) : null;
}

function visitRow(visit) {
  return el('li', {}, el('b', {}, visit.ticket.label),
    el('span', {}, [say('since', { time: at(visit.waitingSince) }), visit.reason, visit.state === 'parked' && visit.counter ? say('counter', { counter: visit.counter }) : null].filter(Boolean).join(' · ')),
    el('button', { class: 'small', disabled: state.busy || Boolean(state.visit), onclick: () => callThis(visit), 'aria-label': `${say('callThis')} ${visit.ticket.label}` }, say('callThis')));
}

function lines() {
  const waiting = state.visits.filter((visit) => visit.state === 'waiting');
  const groups = state.outlet.services.map(({ id }) => {
    const line = waiting.filter((visit) => visit.service === id);
    return el('section', { class: 'line', 'data-service': id },
      el('h3', {}, serviceName(id), ' ', el('span', { class: 'count' }, String(line.length))),
      el('ul', {}, line.slice(0, 6).map(visitRow)), line.length > 6 ? el('p', { class: 'more' }, `+${line.length - 6}`) : null);
  });
  return el('section', { class: 'panel' }, el('h2', {}, say('line')),
    waiting.length ? null : el('p', { class: 'none' }, say('line.none')), groups);
}

function parked() {
  const pool = state.visits.filter((visit) => visit.state === 'parked');
  return el('section', { class: 'panel parked' }, el('h2', {}, say('parked')),
    pool.length ? el('ul', {}, pool.map(visitRow)) : el('p', { class: 'none' }, say('parked.none')));
}

function elsewhere() {
  const busy = state.visits.filter((visit) => isMine(visit) && visit.counter !== state.counter);
  return busy.length === 0 ? null : el('section', { class: 'panel' }, el('h2', {}, say('calledElsewhere')),
    el('ul', {}, busy.map((visit) => el('li', {}, el('b', {}, visit.ticket.label),
      el('span', {}, `${say('counter', { counter: visit.counter })} · ${say(visit.state)}`)))));
}

function render() {
  if (!state.outlet) return;
  const focus = document.activeElement?.dataset?.do;
  const lost = performance.now() - state.heard > silence;
  const body = !state.token ? signIn.form(state.busy, enter)
    : !state.session ? counterChoice()
    : el('div', { class: 'desk' }, el('div', {}, current(),
        el('button', { class: 'link', disabled: state.busy || Boolean(state.visit), onclick: leave }, say('leave'))),
      el('div', {}, lines(), parked(), elsewhere()));
  // A form that is being typed into stays as it is, until one more thing is asked for.
  const form = !state.token && main.querySelector('form');
  const typed = form && Boolean(form.elements.code) === signIn.wantsCode && form;
  const notice = lost ? say('lost') : state.message;
  const alert = el('p', { class: notice ? 'note' : 'note hidden', role: 'alert' }, notice);
  if (typed) { // where it stands: what is put in anew has lost the focus
    main.querySelector('[role=alert]').replaceWith(alert);
    for (const button of typed.querySelectorAll('button')) button.disabled = state.busy;
    return;
  }
  main.replaceChildren(alert, body);
  (main.querySelector(`[data-do="${focus}"]`) ?? (focus ? main.querySelector('.actions .button') : null))?.focus();
  if (!state.token && signIn.wantsCode) main.querySelector('[name=code]')?.focus();
}

function showUndo() {
  const button = main.querySelector('[data-do="undo"]');
  if (button && undoLeft() > 0) button.firstChild.textContent = say('undo', { n: undoLeft() });
  else if (button) {
    state.undo = null;
    render();
  }
}

async function begin() {
  state.outlet = await request('GET', `/v1/branches/${branch}`);
  render();
  if (state.token && state.counter) await openCounter(state.counter);
  let wasLost = false;
  setInterval(() => {
    showUndo();
    const lost = performance.now() - state.heard > silence;
    if (lost !== wasLost) render();
    wasLost = lost;
  }, 500);
  follow(branch, {
    queue: () => refresh().then(render, () => {}),
    alive: () => { state.heard = performance.now(); },
  });
}

begin();
