// SPDX-License-Identifier: Apache-2.0
import { newKey } from './api.js';
import { choose, show, weigh, write } from './dialogs.js';
import { el } from './dom.js';
import { main, say } from './page.js';
import { SeatCall } from './seat_call.js';
import { caseFile, entryLine, inOwnLanguage } from './seat_case.js';
import { guidedPanel } from './seat_guided.js';
import { KnowledgeSearch } from './seat_knowledge.js';
import { SeatLine } from './seat_line.js';
import { OwnMedia } from './seat_media.js';
import { mirror } from './seat_page_mirror.js';
import { picturesOf } from './seat_pictures.js';
import { ring } from './seat_ring.js';
import { Said } from './seat_said.js';
import { Slot } from './seat_slots.js';
import { CustomerSound } from './seat_sound.js';
import { Stage } from './seat_stage.js';
import { SignIn, wordsFor } from './sign_in.js';

const signIn = new SignIn();
const requests = ['confirm', 'scan', 'photo', 'signature'];
const markedFor = 5_000; // ms that a place pointed at stays marked here
const ofTheCall = /^signal (?:answer|candidate|needOffer|quality):/;
const languages = new Intl.DisplayNames([document.documentElement.lang], { type: 'language', fallback: 'code' });
const list = (key) => say(key).split('|');

/// All that the page knows; `render` shows it.
const state = { token: sessionStorage.getItem('seat'), line: null, link: 'lost', seat: null, case: null, guided: null, call: null, marked: null, message: '', busy: false };

const media = new OwnMedia(() => {
  state.call?.send();
  showStage();
});
const sound = new CustomerSound(() => showStage());
const stage = new Stage({ sound, press });
const knowledge = new KnowledgeSearch(() => state.token);

const assist = () => state.seat?.assist;
const holds = () => Boolean(assist()) && state.seat.state !== 'ringing';
const talks = () => ['joining', 'talking', 'interrupted'].includes(assist()?.state);
const guides = () => talks() && state.seat.scripts?.length > 0;
const onSlip = (assist) => assist.slice(-6).toUpperCase(); // as parts/assist.xml prints it
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
    else if (message.approvals.length > (state.seat?.approvals.length ?? 0)) ring();
    state.seat = message;
    if (!assist()) Object.assign(state, { case: null, marked: null, guided: null });
  } else if (message.type === 'case') {
    if (assist() && message.assist !== assist().id) return; // a colleague asks beside a call of one's own
    state.case = { ...message, page: state.case?.assist === message.assist ? state.case.page : null };
  } else if (message.type === 'error') {
    if (ofTheCall.test(message.detail)) return; // said by the page itself, just when the customer left
    state.message = say(`e.${message.code}`) === `e.${message.code}` ? say('failed') : say(`e.${message.code}`);
    state.line.drop();
  } else if (message.type === 'kept' && state.case?.assist === message.assist) {
    add({ by: 'me', type: message.waits ? 'proposal' : message.of, body: message.waits ?? message.body });
  } else if (mine && (message.type === 'chat' || message.type === 'result')) {
    const { type, assist: _, ...body } = message;
    add({ by: 'terminal', type, body });
  } else if (mine && (message.type === 'approve' || message.type === 'proposal')) { // a colleague's
    const { type, assist: _, by, ...body } = message;
    add({ by, type, body });
  } else if (message.type === 'look') {
    second(message);
  } else if (mine && message.type === 'page') {
    state.marked = null;
    state.case.page = message.page;
  } else if (mine && message.type === 'guided') {
    state.guided = message.guided;
  } else if (mine && (message.type === 'offer' || message.type === 'candidate')) {
    state.call?.hear(message);
  }
  render();
}

/// Once, however often it was said.
function add(entry) {
  const key = ({ type, body }) => [type, body.id ?? body.request ?? newKey()].join('\n');
  if (!state.case.entries.some((known) => key(known) === key(entry))) state.case.entries.push(entry);
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

function accept() {
  state.accepted = assist().id;
  about('accept');
}

async function away() {
  const reason = await choose(say('away.title'), list('away.reasons').map((text, index) => ({ text, value: `reason-${index + 1}` })));
  if (reason) tell('away', { reason });
}

async function finish() {
  const outcome = await choose(say('finish.title'), list('finish.outcomes').map((text, index) => ({ text, value: ['done', 'not-done', 'counter', 'comes-again'][index] })));
  if (outcome) about('finish', { outcome });
}

/// What the task offers by name where the customer stands now.
function offered(kind, member) {
  return (state.case.page?.[`${kind}s`] ?? []).map(({ name, titles }) => ({ text: inOwnLanguage(titles), value: { kind, arguments: { [member]: name } }, group: say(`request.${kind}`) }));
}

async function ask() {
  const wish = await choose(say('request.title'), [...requests.map((kind) => ({ text: say(`request.${kind}`), value: { kind } })),
    ...offered('form', 'form'), ...offered('print', 'document')]);
  if (!wish) return;
  const text = wish.kind === 'confirm' ? await write(say('request.confirm.question'), say('send')) : null;
  if (wish.kind !== 'confirm' || text) keep('request', { request: newKey(), ...wish, ...(text ? { arguments: { text } } : {}) });
}

const verdicts = () => [{ text: say('approve.yes'), value: { ok: true } },
  ...[...list('approve.reasons').map((text) => ({ text, value: { ok: false, reason: text } })), { text: say('approve.other'), value: { ok: false } }]
    .map((verdict) => ({ ...verdict, group: say('approve.no') }))];

/// A no says why.
async function reasoned(verdict) {
  if (!verdict || verdict.ok || verdict.reason) return verdict;
  const reason = await write(say('approve.why'), say('send'));
  return reason && { ok: false, reason };
}

async function approve() {
  const verdict = await reasoned(await choose(say('approve.title'), verdicts()));
  if (verdict) keep('approve', { step: state.case.page?.id ?? 'task', ...verdict });
}

/// What colleagues have approved and may not approve alone: the case first, then the decision.
async function review() {
  const { approvals } = state.seat;
  const wait = approvals.length === 1 ? approvals[0]
    : await choose(say('review.title'), approvals.map((each) => ({ text: `${each.terminal} · ${each.step} · ${each.by}`, value: each })));
  if (wait) tell('look', { assist: wait.assist });
}

async function second({ assist: id, terminal, content, entries }) {
  const wait = state.seat.approvals.find((each) => each.assist === id);
  if (!wait) return;
  const verdict = await reasoned(await weigh(say('review.of', { terminal, step: wait.step, by: wait.by }),
    el('div', { class: 'case looked-at' }, caseFile(content, picturesOf(entries)), el('div', { class: 'entries' }, entries.map(entryLine))), verdicts()));
  if (!verdict) return;
  state.line.keep('approve', id, { step: wait.step, of: wait.proposal, ...verdict });
  render();
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
  { key: 'A', word: 'accept', run: accept, when: () => state.seat.state === 'ringing', main: true },
  { key: 'D', word: 'decline', run: () => about('decline', { reason: 'busy' }), when: () => state.seat.state === 'ringing' },
  { key: 'R', word: 'ready', run: () => tell('ready'), when: () => state.seat.state === 'away' || state.seat.awayNext, main: true },
  { key: 'Q', word: 'request', run: ask, when: talks, main: true },
  { key: 'Y', word: 'approve', run: approve, when: talks },
  { key: 'E', word: 'review', run: review, when: () => state.seat.approvals.length > 0, count: () => state.seat.approvals.length },
  { key: 'C', word: 'consult', run: consult, when: talks },
  { key: 'T', word: 'transfer', run: transfer, when: talks },
  { key: 'H', word: 'hangUp', run: () => about('hangUp'), when: talks },
  { key: 'F', word: 'finish', run: finish, when: () => assist()?.state === 'wrap_up', main: true },
  { key: 'K', word: 'knowledge', run: () => show(say('knowledge'), knowledge.element()), when: () => state.seat.state !== 'ringing' },
  { key: 'P', word: 'away', run: away, when: () => state.seat.state !== 'away' && !state.seat.awayNext && state.seat.state !== 'ringing' },
];

const ownKeys = { M: 'mute', V: 'camera', N: 'noise' };

document.addEventListener('keydown', (event) => {
  const typing = event.target.matches('input, select, textarea') || document.querySelector('dialog[open]');
  if (typing || event.ctrlKey || event.altKey || event.metaKey || event.repeat || !state.seat) return;
  const action = actions.find(({ key, when }) => key === event.key.toUpperCase() && when());
  const own = onScreen() && ownKeys[event.key.toUpperCase()];
  if (!action && !own) return;
  event.preventDefault();
  if (action) action.run();
  else press(own);
});

const button = ({ key, word, run, count, main: first }) => el('button', { class: first ? 'button' : 'button quiet', onclick: run, 'data-do': word, 'aria-keyshortcuts': key, disabled: state.link !== 'live' },
  say(word), count ? el('span', { class: 'count' }, String(count())) : null, el('kbd', { 'aria-hidden': 'true' }, key));

function needs({ language, signLanguage, product }) {
  return [signLanguage ? say('sign') : languages.of(language), product && say(`product.${product}`).replace(/^product\./, '')].filter(Boolean).join(' · ');
}

/// The call lives as long as its customer is at this seat: after a hang-up, a transfer, or in another page, camera and
/// microphone are let go.
function keepCall() {
  const held = state.link !== 'replaced' && holds() && talks() ? assist() : null;
  if (state.call && state.call.assist !== held?.id) {
    state.call.close();
    state.call = null;
  }
  if (held && !state.call && state.case?.assist === held.id) {
    state.call = new SeatCall({
      assist: held.id, again: state.accepted !== held.id, media, changed: showStage, ice: () => state.case?.ice,
      say: (type, body) => !(type === 'needOffer' && assist()?.terminalLost) && state.line.say({ type, assist: held.id, ...body }),
    });
  }
  state.call?.setMode(held.mode);
}

function press(what) {
  if (what === 'mute') media.mute(!media.muted);
  else if (what === 'camera' && state.call.mode === 'video') media.switchCamera(!media.cameraOff);
  else if (what === 'retry') media.retry();
  else if (what === 'hear') sound.start();
  else if (what === 'noise' && sound.canClean) sound.clean(!sound.cleans);
}

/// Shows the customer where to look.
function point(message) {
  if (!state.call?.point(message)) return;
  state.marked = message;
  setTimeout(() => {
    if (state.marked !== message) return;
    state.marked = null;
    render();
  }, markedFor);
  render();
}

const said = new Said((type, body) => keep(type, body));
const slots = Object.fromEntries(['stage', 'now', 'mirror', 'case', 'waiting'].map((name) => [name, new Slot({ class: `slot at-${name}` })]));
const desk = el('div', { class: 'seat-desk' }, ...[slots.stage, slots.now, slots.mirror, slots.case, said.slot, slots.waiting].map(({ element }) => element));
const panel = (name, ...content) => el('section', { class: `panel ${name}` }, ...content);

const onScreen = () => state.call && state.call.mode !== 'text';

function showStage() {
  const shown = Boolean(onScreen());
  desk.classList.toggle('in-call', shown);
  slots.stage.show(shown, () => shown && stage.element);
  if (!shown) return stage.clear();
  const portrait = state.case ? picturesOf(state.case.entries).findLast(({ kind }) => kind === 'portrait') : null;
  stage.show({ call: state.call, media, who: [state.case?.content.customer?.name, assist().terminal].filter(Boolean).join(' · '), portrait });
  showMirror();
}

function showMirror() {
  const page = holds() && state.case?.page;
  const way = Boolean(state.call?.canPoint);
  desk.classList.toggle('with-page', Boolean(page));
  slots.mirror.show([page, way, state.marked], () => page && panel('seen', el('h2', {}, say('page')),
    mirror(page, { point: way && point, marked: state.marked }), el('p', { class: 'hint' }, say(way ? 'mirror.hint' : 'mirror.off'))));
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

function caseOf() {
  if (!holds() || !state.case) return panel('', el('h2', {}, say('case')), el('p', { class: 'none' }, say('case.none')));
  const known = panel('case', caseFile(state.case.content, picturesOf(state.case.entries)));
  return guides() ? el('div', {}, guidedPanel(state.seat.scripts, state.guided, (body) => about('guide', body)), known) : known;
}

function waiting() {
  const row = (each, ...more) => el('li', {}, el('b', {}, each.terminal), el('span', {}, [needs(each.needs), say('since', { n: minutes(each.asked) })].join(' · ')), ...more);
  const { waiting: line, callBacks, seats } = state.seat;
  return el('div', {},
    el('section', { class: 'panel' }, el('h2', {}, say('waiting'), ' ', el('span', { class: 'count' }, String(line.length))),
      line.length ? el('ul', {}, line.map((each) => row(each))) : el('p', { class: 'none' }, say('waiting.none'))),
    callBacks.length ? el('section', { class: 'panel' }, el('h2', {}, say('callBacks')), el('ul', {}, callBacks.map((each) => row(each, el('code', { title: say('callBacks.slip') }, onSlip(each.id)),
      el('button', { class: 'small', disabled: Boolean(assist()), onclick: () => tell('takeCallBack', { assist: each.id }) }, say('takeCallBack')))))) : null,
    el('section', { class: 'panel' }, el('h2', {}, say('colleagues')), el('ul', {}, seats.map(({ id, state: doing, lost }) => el('li', {}, el('b', {}, id), el('span', {}, lost ? say('seat.lost') : say(`seat.${doing}`)))))),
    el('button', { class: 'link', disabled: holds(), onclick: () => signOut() }, say('signOut')));
}

function showDesk() {
  const { seat, link } = state;
  desk.classList.toggle('holds', holds());
  slots.now.show([seat, link], now);
  slots.case.show([holds(), guides(), state.seat.scripts, state.guided, state.case?.content, state.case && picturesOf(state.case.entries).map(({ data }) => data)], caseOf);
  slots.waiting.show([seat, Math.floor(Date.now() / 30_000)], waiting);
  said.show(holds() ? assist().id : null, talks(), holds() ? [...(state.case?.entries ?? []), ...state.line.pending(assist().id)] : []);
  showStage();
  showMirror();
}

function body() {
  if (!state.token) return signIn.form(state.busy, enter);
  if (state.link === 'replaced') return panel('narrow', el('h1', {}, say('replaced')), el('button', { class: 'button', onclick: () => location.reload() }, say('here')));
  return state.seat ? desk : el('p', { class: 'none' }, say('connecting'));
}

const notice = el('p', { role: 'alert' });

function render() {
  keepCall();
  const text = state.token && state.link === 'lost' && state.seat ? say('lost') : state.message;
  notice.className = text ? 'note' : 'note hidden';
  if (notice.textContent !== text) notice.textContent = text;
  const form = !state.token && main.querySelector('form.panel');
  if (form && Boolean(form.elements.code) === signIn.wantsCode) { // what was typed stays
    for (const each of form.querySelectorAll('button')) each.disabled = state.busy;
    return;
  }
  const shown = body();
  if (shown === desk) showDesk();
  if (shown !== main.lastElementChild || notice !== main.firstElementChild) main.replaceChildren(notice, shown);
  if (!state.token && signIn.wantsCode) main.querySelector('[name=code]')?.focus();
  document.title = state.seat?.state === 'ringing' ? `● ${say('seat.ringing')}` : say('title');
}

render();
if (state.token) open();
setInterval(() => state.seat && render(), 30_000);
