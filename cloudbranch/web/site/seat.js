// SPDX-License-Identifier: Apache-2.0
import { newKey } from './api.js';
import { choose } from './dialogs.js';
import { el } from './dom.js';
import { main, say } from './page.js';
import { SeatLine } from './seat_line.js';
import { SignIn, wordsFor } from './sign_in.js';

const signIn = new SignIn();
const requests = ['scan', 'photo', 'signature', 'print', 'form'];
const languages = new Intl.DisplayNames([document.documentElement.lang], { type: 'language', fallback: 'code' });
const list = (key) => say(key).split('|');

/// All that the page knows; `render` shows it.
const state = { token: sessionStorage.getItem('seat'), line: null, link: 'lost', seat: null, case: null, message: '', busy: false, draft: '', note: '' };

const assist = () => state.seat?.assist;
const holds = () => Boolean(assist()) && state.seat.state !== 'ringing';
const talks = () => ['joining', 'talking', 'interrupted'].includes(assist()?.state);
const minutes = (time) => Math.max(0, Math.floor((Date.now() - Date.parse(time)) / 60_000));

async function enter(user, password, code) {
  if (state.busy) return;
  state.busy = true;
  state.message = '';
  render();
  try {
    state.token = await signIn.log(user, password, code);
    if (state.token) {
      sessionStorage.setItem('seat', state.token);
      open();
    }
  } catch (refusal) {
    state.message = wordsFor(refusal);
  } finally {
    state.busy = false;
    render();
  }
}

function signOut(message = '') {
  state.line?.close();
  sessionStorage.removeItem('seat');
  Object.assign(state, { token: null, line: null, seat: null, case: null, message });
  render();
}

function open() {
  state.line = new SeatLine(state.token, {
    state: (link) => {
      state.link = link;
      if (link === 'signedOut') signOut(say(state.seat ? 'e.bearer-needed' : 'noSeat'));
      else render();
    },
    heard,
  });
}

function heard(message) {
  const mine = message.assist === assist()?.id && state.case;
  if (message.type === 'seat') {
    if (message.state === 'ringing' && state.seat?.state !== 'ringing') ring();
    state.seat = message;
    if (!assist()) Object.assign(state, { case: null, note: '', draft: '' });
  } else if (message.type === 'case') {
    state.case = { ...message, page: null };
  } else if (message.type === 'error') {
    state.message = say(`e.${message.code}`) === `e.${message.code}` ? say('failed') : say(`e.${message.code}`);
    state.line.drop();
  } else if (message.type === 'kept' && state.case?.assist === message.assist) {
    add({ by: 'me', type: message.of, body: message.body });
  } else if (mine && (message.type === 'chat' || message.type === 'result')) {
    const { type, assist: _, ...body } = message;
    add({ by: 'terminal', type, body });
  } else if (mine && message.type === 'page') {
    state.case.page = message.page;
  }
  render();
}

/// Once, however often it was said.
function add(entry) {
  const key = ({ type, body }) => [type, body.id ?? body.request ?? newKey()].join('\n');
  if (!state.case.entries.some((known) => key(known) === key(entry))) state.case.entries.push(entry);
}

/// Two soft tones, also behind another window.
function ring() {
  try {
    const sound = new AudioContext();
    [660, 880].forEach((pitch, index) => {
      const tone = new OscillatorNode(sound, { frequency: pitch });
      const volume = new GainNode(sound, { gain: 0.15 });
      tone.connect(volume).connect(sound.destination);
      tone.start(sound.currentTime + index * 0.25);
      tone.stop(sound.currentTime + index * 0.25 + 0.2);
    });
  } catch { /* a browser without sound still shows it */ }
}

function tell(type, body = {}) {
  state.message = '';
  if (!state.line.say({ type, ...body })) state.message = say('lost');
  render();
}
const about = (type, body = {}) => tell(type, { assist: assist().id, ...body });
const keep = (type, body) => {
  state.line.keep(type, assist().id, body);
  render();
};

async function away() {
  const reason = await choose(say('away.title'), list('away.reasons').map((text, index) => ({ text, value: `reason-${index + 1}` })));
  if (reason) tell('away', { reason });
}

async function finish() {
  const outcome = await choose(say('finish.title'), list('finish.outcomes').map((text, index) => ({ text, value: ['done', 'not-done', 'counter', 'comes-again'][index] })));
  if (outcome) about('finish', { outcome });
}

async function ask() {
  const kind = await choose(say('request.title'), requests.map((value) => ({ text: say(`request.${value}`), value })));
  if (kind) keep('request', { request: newKey(), kind });
}

async function approve() {
  const ok = await choose(say('approve.title'), [{ text: say('approve.yes'), value: 'yes' }, ...list('approve.reasons').map((text) => ({ text, value: text, group: say('approve.no') }))]);
  if (ok) keep('approve', { step: state.case.page?.name ?? 'task', ok: ok === 'yes', ...(ok === 'yes' ? {} : { reason: ok }) });
}

async function pass(type, title, none) {
  const others = state.seat.seats.filter(({ id, lost }) => !lost && id !== state.seat.id);
  const choice = await choose(title, [...others.map(({ id, state: now }) => ({ text: `${id} · ${say(`seat.${now}`)}`, value: { seat: id }, group: say('colleagues') })), ...none]);
  if (choice) about(type, choice);
}
const transfer = () => pass('transfer', say('transfer.title'), list('transfer.products').map((text, index) => ({
  text, group: say('transfer.product'), value: { needs: { ...assist().needs, product: ['', 'cards', 'wealth'][index] } } })));
const consult = () => pass('consult', say('consult.title'), [{ text: say('consult.end'), value: {} }]);

/// key, word, what it does, and when it is there.
const actions = [
  { key: 'A', word: 'accept', run: () => about('accept'), when: () => state.seat.state === 'ringing', main: true },
  { key: 'D', word: 'decline', run: () => about('decline', { reason: 'busy' }), when: () => state.seat.state === 'ringing' },
  { key: 'R', word: 'ready', run: () => tell('ready'), when: () => state.seat.state === 'away' || state.seat.awayNext, main: true },
  { key: 'Q', word: 'request', run: ask, when: talks, main: true },
  { key: 'Y', word: 'approve', run: approve, when: talks },
  { key: 'C', word: 'consult', run: consult, when: talks },
  { key: 'T', word: 'transfer', run: transfer, when: talks },
  { key: 'H', word: 'hangUp', run: () => about('hangUp'), when: talks },
  { key: 'F', word: 'finish', run: finish, when: () => assist()?.state === 'wrap_up', main: true },
  { key: 'P', word: 'away', run: away, when: () => state.seat.state !== 'away' && !state.seat.awayNext && state.seat.state !== 'ringing' },
];

document.addEventListener('keydown', (event) => {
  const typing = event.target.matches('input, select, textarea') || document.querySelector('dialog[open]');
  if (typing || event.ctrlKey || event.altKey || event.metaKey || event.repeat || !state.seat) return;
  const action = actions.find(({ key, when }) => key === event.key.toUpperCase() && when());
  if (action) {
    event.preventDefault();
    action.run();
  }
});

const button = ({ key, word, run, main: first }) => el('button', { class: first ? 'button' : 'button quiet', onclick: run, 'data-do': word, 'aria-keyshortcuts': key, disabled: state.link !== 'live' },
  say(word), el('kbd', { 'aria-hidden': 'true' }, key));

function needs({ language, signLanguage, product }) {
  return [signLanguage ? say('sign') : languages.of(language), product && say(`product.${product}`).replace(/^product\./, '')].filter(Boolean).join(' · ');
}

function now() {
  const held = assist();
  return el('section', { class: `panel current ${state.seat.state}` },
    el('p', { class: 'doing', role: 'status' }, say(`seat.${state.seat.state}`), state.seat.awayNext ? ` · ${say('awayNext')}` : ''),
    el('h1', {}, held ? held.terminal : state.seat.id),
    held ? el('p', { class: 'service' }, needs(held.needs)) : null,
    held ? el('p', { class: `doing ${held.state}` }, [say(`assist.${held.state}`), say(`mode.${held.mode}`), held.terminalLost ? say('terminalLost') : null].filter(Boolean).join(' · ')) : null,
    el('div', { class: 'actions' }, actions.filter(({ when }) => when()).map(button)));
}

/// Names and values of any depth, as the kiosk gave them.
function facts(object) {
  return el('dl', {}, Object.entries(object).map(([name, value]) => [el('dt', {}, say(`fact.${name}`).replace(/^fact\./, '')),
    el('dd', {}, value !== null && typeof value === 'object' ? facts(value) : String(value))]).flat());
}

function caseFile() {
  if (!holds() || !state.case) return el('section', { class: 'panel' }, el('h2', {}, say('case')), el('p', { class: 'none' }, say('case.none')));
  const { content } = state.case;
  const { name, ...shown } = state.case.page ?? {};
  return el('section', { class: 'panel case' }, el('h2', {}, say('case')), Object.keys(content).length ? facts(content) : el('p', { class: 'none' }, say('case.empty')),
    name ? [el('h2', {}, say('page', { name })), facts(shown)] : []);
}

function entryText({ type, body }) {
  if (type === 'chat' || type === 'note') return body.text;
  if (type === 'request') return say(`request.${body.kind}`);
  if (type === 'result') return `${say('result')} ${say(`result.${body.outcome}`).replace(/^result\./, '')}`;
  return `${say('approve')} ${body.step}: ${body.ok ? say('approve.yes') : body.reason}`;
}

function talk() {
  if (!holds()) return null;
  const send = (type, field) => (event) => {
    event.preventDefault();
    const text = state[field].trim();
    if (!text) return;
    state[field] = '';
    keep(type, { id: newKey(), text });
  };
  const line = (type, field, enabled) => el('form', { class: 'line-in', onsubmit: send(type, field) },
    el('label', {}, say(type), el('input', { name: field, value: state[field], maxlength: 500, autocomplete: 'off', disabled: !enabled, oninput: (event) => { state[field] = event.target.value; } })),
    el('button', { class: 'small', disabled: !enabled }, say('send')));
  return el('section', { class: 'panel talk' }, el('h2', {}, say('said')),
    el('div', { class: 'entries', role: 'log', tabindex: 0, 'aria-label': say('said') }, [...(state.case?.entries ?? []), ...state.line.pending(assist().id)].map((entry) =>
      el('p', { class: `${entry.type} ${entry.by === 'terminal' ? 'theirs' : 'ours'}` }, el('span', { class: 'who' }, say(entry.by === 'terminal' ? 'customer' : entry.type === 'note' ? 'note' : 'us')), ' ', entryText(entry), entry.pending ? el('em', {}, ` ${say('pending')}`) : null))),
    talks() ? el('div', { class: 'phrases' }, list('phrases').map((text) => el('button', { class: 'small', onclick: () => keep('chat', { id: newKey(), text }) }, text))) : null,
    line('chat', 'draft', talks()), line('note', 'note', true));
}

function waiting() {
  const row = (each, more) => el('li', {}, el('b', {}, each.terminal), el('span', {}, [needs(each.needs), say('since', { n: minutes(each.asked) })].join(' · ')), more);
  const { waiting: line, callBacks, seats } = state.seat;
  return el('div', {},
    el('section', { class: 'panel' }, el('h2', {}, say('waiting'), ' ', el('span', { class: 'count' }, String(line.length))),
      line.length ? el('ul', {}, line.map((each) => row(each))) : el('p', { class: 'none' }, say('waiting.none'))),
    callBacks.length ? el('section', { class: 'panel' }, el('h2', {}, say('callBacks')), el('ul', {}, callBacks.map((each) => row(each,
      el('button', { class: 'small', disabled: Boolean(assist()), onclick: () => tell('takeCallBack', { assist: each.id }) }, say('takeCallBack')))))) : null,
    el('section', { class: 'panel' }, el('h2', {}, say('colleagues')), el('ul', {}, seats.map(({ id, state: doing, lost }) => el('li', {}, el('b', {}, id), el('span', {}, lost ? say('seat.lost') : say(`seat.${doing}`)))))),
    el('button', { class: 'link', disabled: holds(), onclick: () => signOut() }, say('signOut')));
}

function render() {
  const inside = document.activeElement;
  const focus = { do: inside?.dataset?.do, name: inside?.name, at: inside?.selectionStart };
  const body = !state.token ? signIn.form(state.busy, enter)
    : state.link === 'replaced' ? el('section', { class: 'panel narrow' }, el('h1', {}, say('replaced')), el('button', { class: 'button', onclick: () => location.reload() }, say('here')))
    : !state.seat ? el('p', { class: 'none' }, say('connecting'))
    : el('div', { class: 'seat-desk' }, waiting(), el('div', {}, now(), caseFile()), talk());
  const form = !state.token && main.querySelector('form');
  const typed = form && Boolean(form.elements.code) === signIn.wantsCode && form;
  const notice = state.token && state.link === 'lost' && state.seat ? say('lost') : state.message;
  const alert = el('p', { class: notice ? 'note' : 'note hidden', role: 'alert' }, notice);
  if (typed) {
    main.querySelector('[role=alert]').replaceWith(alert);
    for (const each of typed.querySelectorAll('button')) each.disabled = state.busy;
    return;
  }
  main.replaceChildren(alert, body);
  const log = main.querySelector('.entries');
  if (log) log.scrollTop = log.scrollHeight;
  const again = focus.name ? main.querySelector(`input[name="${focus.name}"]`) : main.querySelector(`[data-do="${focus.do}"]`) ?? (focus.do ? main.querySelector('.actions .button') : null);
  again?.focus();
  if (focus.name && again && focus.at != null) again.setSelectionRange(focus.at, focus.at);
  if (!state.token && signIn.wantsCode) main.querySelector('[name=code]')?.focus();
  document.title = state.seat?.state === 'ringing' ? `● ${say('seat.ringing')}` : say('title');
}

render();
if (state.token) open();
setInterval(() => state.seat && !document.querySelector('dialog[open]') && !main.querySelector('input:focus') && render(), 30_000);
