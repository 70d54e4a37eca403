// SPDX-License-Identifier: Apache-2.0
import { el } from './dom.js';
import { say } from './page.js';
import { figure } from './seat_pictures.js';

/// The customer's picture and sound, one's own picture, what to press and how good the line is. Built once: a picture
/// that is taken out of its page stands still.
export class Stage {
  element;
  #parts;
  #view = {};

  /// `press(what)` for "mute", "camera", "noise", "retry" and "hear"; `sound`: CustomerSound.
  constructor({ press, sound }) {
    const key = (word, letter) => el('button', { class: 'small', 'data-do': word, 'aria-keyshortcuts': letter, onclick: () => press(word) },
      say(word), el('kbd', { 'aria-hidden': 'true' }, letter));
    const part = {
      live: el('video', { class: 'customer', autoplay: true, muted: true, playsinline: true, 'aria-label': say('live') }),
      own: el('video', { class: 'own', autoplay: true, muted: true, playsinline: true, 'aria-label': say('own') }),
      who: el('p', { class: 'tag who' }),
      over: el('p', { class: 'over', role: 'status' }),
      ownState: el('p', { class: 'tag own-state' }),
      beside: el('div', { class: 'beside' }),
      faults: el('div', { role: 'alert' }),
      mute: key('mute', 'M'),
      camera: key('camera', 'V'),
      noise: key('noise', 'N'),
      hear: el('button', { class: 'button', 'data-do': 'hear', onclick: () => press('hear') }, say('hear')),
      light: el('p', { class: 'light', role: 'status' }, el('i', { 'aria-hidden': 'true' }), el('b', {})),
      figures: el('p', { class: 'figures' }),
      advice: el('p', { class: 'advice', role: 'status' }),
    };
    part.live.muted = part.own.muted = true; // the attribute alone does nothing to an element made by a script
    this.#parts = { ...part, press, sound };
    this.element = el('section', { class: 'panel stage', 'aria-label': say('live') },
      el('div', { class: 'faces' },
        el('div', { class: 'picture' }, part.live, part.over, part.who, el('div', { class: 'self' }, part.own, part.ownState)),
        part.beside),
      part.faults,
      el('div', { class: 'controls' }, part.light, part.mute, part.camera, part.noise, part.hear),
      part.figures, part.advice);
  }

  /// `call`: SeatCall; `media`: OwnMedia; `who`: text; `portrait`: a picture of the case, or none.
  show({ call, media, who, portrait }) {
    const { live, own, over, ownState, faults, mute, camera, noise, hear, sound, light, figures, advice } = this.#parts;
    const video = call.mode === 'video';
    this.element.classList.toggle('voice', !video);
    this.#stream(live, video ? call.stream : null);
    sound.play(call.stream);
    this.#stream(own, media.camera);
    this.#text(this.#parts.who, who);
    this.#text(over, this.#over(call, live, video));
    own.hidden = !media.camera;
    ownState.parentElement.hidden = !video && !media.muted;
    this.#text(ownState, [media.muted && say('muted'), video && !media.camera && say('cameraOff')].filter(Boolean).join(' · '));
    if (this.#view.portrait !== portrait) this.#parts.beside.replaceChildren(...(portrait ? [figure(portrait)] : []));
    this.#view.portrait = portrait;
    this.#press(mute, media.muted);
    this.#press(camera, media.cameraOff);
    camera.hidden = !video;
    this.#press(noise, sound.cleans);
    noise.hidden = !sound.canClean;
    hear.hidden = !sound.blocked;
    light.dataset.level = call.level;
    this.#text(light.querySelector('b'), say(`quality.${call.level || 'none'}`));
    this.#text(figures, call.figures ? this.#figures(call.figures, video) : '');
    this.#text(advice, call.advice && say(`advice.${call.advice}`));
    this.#faults(faults, media.faults, video);
  }

  #over(call, live, video) {
    if (call.pictureMissing) return say('live.missing');
    if (call.stopped) return say('live.stopped');
    if (video) return call.stream && live.videoWidth ? '' : say('live.waiting');
    return call.figures ? say('live.voice') : say('live.voice.waiting');
  }

  #figures({ fps, width, height, loss, rtt, jitter, buffer, concealed, mos, relayed }, video) {
    return [video && say('figures.picture', { fps, width, height }), say('figures.line', { loss, rtt, jitter, buffer }),
      say('figures.sound', { mos: mos.toFixed(1), concealed }), relayed && say('figures.relayed')].filter(Boolean).join(' · ');
  }

  /// One sentence for both devices, if they want for the same.
  #faults(place, { microphone, camera }, video) {
    const now = [microphone, video && camera].map((fault) => fault || '');
    if (now.join() === this.#view.faults) return;
    this.#view.faults = now.join();
    const named = now[0] && now[0] === now[1] ? [['both', microphone]] : [['microphone', now[0]], ['camera', now[1]]].filter(([, fault]) => fault);
    place.replaceChildren(...named.map(([device, fault]) => el('p', { class: 'note' }, say(`fault.${device}`), ' ', say(`fault.${fault}`, { device: say(`device.${device}`) }))),
      ...(named.length ? [el('button', { class: 'small', 'data-do': 'retry', onclick: () => this.#parts.press('retry') }, say('retry'))] : []));
  }

  /// A stream, a track or nothing.
  #stream(element, what) {
    const known = element.srcObject;
    if (what instanceof MediaStreamTrack ? known?.getTracks()[0] === what : known === what) return;
    element.srcObject = what instanceof MediaStreamTrack ? new MediaStream([what]) : what;
    if (what) element.play().catch(() => {}); // it goes on by itself; sound is not its business
  }

  #text(element, text) {
    if (element.textContent !== (text || '')) element.textContent = text || '';
  }

  #press(button, on) {
    if (button.getAttribute('aria-pressed') !== String(on)) button.setAttribute('aria-pressed', String(on));
  }

  /// Nothing of the last customer stays to be seen.
  clear() {
    const { live, own, sound } = this.#parts;
    this.#stream(live, null);
    this.#stream(own, null);
    this.#parts.beside.replaceChildren();
    this.#view = {};
    sound.stop();
  }
}
