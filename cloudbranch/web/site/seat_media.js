// SPDX-License-Identifier: Apache-2.0
const sound = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const picture = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 25, max: 30 } };
const cardEvery = 500; // ms; a line without any frame would be taken for a broken one

/// What a refusal of the browser means: "denied", "missing", "taken", "insecure" or "failed".
function faultOf({ name }) {
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  if (name === 'InsecureContextError') return 'insecure';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing';
  return name === 'NotReadableError' || name === 'AbortError' ? 'taken' : 'failed';
}

/// Instead of a camera's picture: a figure on ink, in no language.
class Card {
  constructor() {
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
    const paper = canvas.getContext('2d');
    const draw = () => {
      paper.fillStyle = '#1B1F23';
      paper.fillRect(0, 0, 640, 360);
      paper.fillStyle = '#5B6470';
      paper.beginPath();
      paper.arc(320, 140, 56, 0, 2 * Math.PI);
      paper.fill();
      paper.beginPath();
      paper.roundRect(200, 216, 240, 200, 100);
      paper.fill();
    };
    draw();
    this.track = canvas.captureStream().getVideoTracks()[0];
    this.timer = setInterval(draw, cardEvery);
  }

  stop() {
    clearInterval(this.timer);
    this.track.stop();
  }
}

/// The seat's own camera and microphone, for as long as a call wants them. What is switched off is really off: the
/// camera's light goes out. `changed()` after each change.
export class OwnMedia {
  muted = false;
  cameraOff = false;
  faults = {}; // microphone, camera: why there is none
  #tracks = { audio: null, video: null };
  #wanted = { audio: false, video: false };
  #card = null;
  #turn = 0; // of asking: what an older turn brings is stopped
  #changed;

  constructor(changed) {
    this.#changed = changed;
    navigator.mediaDevices?.addEventListener('devicechange', () => {
      if (Object.values(this.faults).some((fault) => fault !== 'denied')) this.#ask();
    });
  }

  /// Takes what a call of that mode needs, and lets go of the rest.
  want(mode) {
    const wanted = { audio: mode !== 'text', video: mode === 'video' };
    if (wanted.audio === this.#wanted.audio && wanted.video === this.#wanted.video) return;
    this.#wanted = wanted;
    return this.#ask();
  }

  release() {
    this.muted = this.cameraOff = false;
    return this.want('text');
  }

  /// Asks again, after the person has put right what was wrong.
  retry() { return this.#ask(); }

  /// To be sent now: the microphone; the camera, or the figure instead; or null.
  track(kind) { return this.#tracks[kind] ?? (kind === 'video' ? this.#card?.track ?? null : null); }
  get camera() { return this.#tracks.video; }

  mute(on) {
    this.muted = on;
    if (this.#tracks.audio) this.#tracks.audio.enabled = !on;
    this.#changed();
  }

  switchCamera(off) {
    this.cameraOff = off;
    return this.#ask();
  }

  async #ask() {
    const turn = ++this.#turn;
    const needs = { audio: this.#wanted.audio, video: this.#wanted.video && !this.cameraOff };
    for (const kind of ['audio', 'video']) {
      if (!needs[kind]) this.#drop(kind);
    }
    if (this.#wanted.video) this.#card ??= new Card();
    else this.#card = this.#card?.stop();
    this.faults = {};
    const lacking = ['audio', 'video'].filter((kind) => needs[kind] && !this.#tracks[kind]);
    this.#changed();
    if (lacking.length === 2 && await this.#open(lacking, turn)) return; // one question to the person, not two
    for (const kind of lacking) {
      if (turn === this.#turn && !this.#tracks[kind]) await this.#open([kind], turn);
    }
  }

  async #open(kinds, turn) {
    try {
      if (!navigator.mediaDevices) throw new DOMException('neither https nor localhost', 'InsecureContextError');
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: kinds.includes('audio') && sound, video: kinds.includes('video') && picture });
      for (const track of stream.getTracks()) this.#take(track, turn);
    } catch (refusal) {
      if (turn !== this.#turn) return true;
      if (kinds.length === 2) return false;
      this.faults[kinds[0] === 'audio' ? 'microphone' : 'camera'] = faultOf(refusal);
    }
    if (turn === this.#turn) this.#changed();
    return true;
  }

  #take(track, turn) {
    if (turn !== this.#turn) {
      track.stop();
      return;
    }
    this.#tracks[track.kind] = track;
    if (track.kind === 'audio') track.enabled = !this.muted;
    track.onended = () => { // unplugged, or taken back by the person
      this.#tracks[track.kind] = null;
      this.faults[track.kind === 'audio' ? 'microphone' : 'camera'] = 'missing';
      this.#changed();
    };
  }

  #drop(kind) {
    const track = this.#tracks[kind];
    if (!track) return;
    track.onended = null;
    track.stop();
    this.#tracks[kind] = null;
  }
}
