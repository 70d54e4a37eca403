// SPDX-License-Identifier: Apache-2.0
import { adviceFor, counters, figures, levelOf, QualityLight } from './seat_quality.js';
import { SeatRate } from './seat_rate.js';
import { withRates } from './seat_sdp.js';

const rates = { start: 700, least: 250 }; // kbit/s: what the customer's side sends too, and what passes a line of 400
const patience = 4_000; // ms without a sign of life before a new offer is asked for, and between two such wishes
const soundGap = 2_000; // ms
const lossy = 10; // % of packets
const mostEarly = 100;
const kinds = ['audio', 'video'];

/// One customer's picture and sound. The terminal alone offers; a connection that does not live is not mended but
/// replaced by its next offer.
export class SeatCall {
  stream = null; // of the customer; another one after each fresh offer
  figures = null;
  level = '';
  advice = '';
  stopped = false; // there was a picture or sound, and it does not move
  pictureMissing = false; // sound comes and no picture, also over a new connection
  #parts;
  #mode = 'text';
  #connection = null;
  #channel = null;
  #early = []; // candidates that came before their description
  #work = Promise.resolve();
  #before = null;
  #light = new QualityLight();
  #rate = new SeatRate();
  #alive = performance.now(); // a frame came; in a voice call, a packet of sound
  #heard = -Infinity;
  #asked = -Infinity;
  #ticks = 0;
  #timer;
  #over = false;
  #again;

  /// `say(type, body)` tells the terminal of that assist, false if the line is cut; `changed()` after each change;
  /// `media`: OwnMedia; `ice()`: the hub's servers, if it has any; `again`: the call went on while this page was loaded.
  constructor({ assist, again, ...parts }) {
    this.assist = assist;
    this.#again = again;
    this.#parts = parts;
    this.#timer = setInterval(() => this.#watch(), 1000);
  }

  /// What the assist is held in now. Text needs neither camera nor microphone, and nobody waits for a picture.
  setMode(mode) {
    if (mode === this.#mode) return;
    this.#mode = mode;
    this.#alive = performance.now();
    this.pictureMissing = this.stopped = false;
    this.#parts.media.want(mode);
    if (this.#again && mode !== 'text') this.#need('reloaded');
    this.#again = false;
  }

  get mode() { return this.#mode; }
  get canPoint() { return this.#channel?.readyState === 'open'; }

  hear(message) {
    this.#work = this.#work.then(() => this.#handle(message)).catch((error) => {
      console.warn(`${message.type} of the terminal: ${error.message}`);
      this.#need('refused');
    });
  }

  /// Shows the customer where to look; false if there is no way to.
  point(message) {
    if (!this.canPoint) return false;
    this.#channel.send(JSON.stringify(message));
    return true;
  }

  /// Own tracks are other ones now.
  send() {
    for (const { sender, receiver } of this.#firstOfEach()) {
      const track = this.#parts.media.track(receiver.track.kind);
      if (sender.track !== track) sender.replaceTrack(track).catch(() => this.#need('track'));
    }
  }

  close() {
    this.#over = true;
    clearInterval(this.#timer);
    this.#drop();
    this.#parts.media.release();
  }

  #firstOfEach() {
    const all = this.#connection?.getTransceivers() ?? [];
    return kinds.map((kind) => all.find(({ receiver }) => receiver.track.kind === kind)).filter(Boolean);
  }

  async #handle({ type, sdp, fresh, candidate, line }) {
    if (this.#over) return;
    if (type === 'offer') await this.#answer(sdp, fresh);
    else if (this.#connection?.remoteDescription) await this.#add({ candidate, sdpMLineIndex: line });
    else if (this.#early.length < mostEarly) this.#early.push({ candidate, sdpMLineIndex: line });
  }

  /// One candidate that is no use costs nothing: there are others.
  #add(candidate) { return this.#connection.addIceCandidate(candidate).catch(() => {}); }

  async #answer(sdp, fresh) {
    if (this.#mode === 'text') this.#parts.media.want(/^m=video /m.test(sdp) ? 'video' : 'voice'); // the terminal tries again: it needs to hear something
    if (fresh) this.#renew();
    if (!this.#connection) {
      this.#need('noConnection');
      return;
    }
    const connection = this.#connection;
    await connection.setRemoteDescription({ type: 'offer', sdp: withRates(sdp, rates) });
    for (const transceiver of this.#firstOfEach()) transceiver.direction = 'sendrecv'; // a track may come later, without an offer
    this.send();
    await connection.setLocalDescription();
    if (this.#over || connection !== this.#connection) return;
    this.#parts.say('answer', { sdp: connection.localDescription.sdp });
    await this.#limit();
    for (const candidate of this.#early.splice(0)) await this.#add(candidate);
  }

  async #limit() {
    const sender = this.#firstOfEach().find(({ receiver }) => receiver.track.kind === 'video')?.sender;
    const parameters = sender?.getParameters();
    if (!parameters?.encodings?.length) return;
    parameters.encodings[0].maxBitrate = this.#rate.kbps * 1_000;
    parameters.degradationPreference = 'maintain-framerate'; // lips and hands are read
    await sender.setParameters(parameters);
  }

  #renew() {
    this.#drop();
    const { changed, say } = this.#parts;
    const ice = this.#parts.ice();
    const connection = new RTCPeerConnection({
      iceServers: ice?.servers ?? [], iceTransportPolicy: ice?.relayOnly ? 'relay' : 'all', bundlePolicy: 'max-bundle' });
    this.#connection = connection;
    this.#rate = new SeatRate();
    this.#before = null;
    this.#alive = performance.now();
    this.stream = new MediaStream();
    connection.ontrack = ({ track }) => {
      if (this.stream.getTracks().every(({ kind }) => kind !== track.kind)) this.stream.addTrack(track);
      changed();
    };
    connection.onicecandidate = ({ candidate }) => candidate?.candidate &&
      say('candidate', { candidate: candidate.candidate, line: candidate.sdpMLineIndex ?? 0 });
    connection.onconnectionstatechange = () => connection.connectionState === 'failed' && this.#need('failed');
    connection.ondatachannel = ({ channel }) => {
      if (channel.label !== 'app') return;
      this.#channel = channel;
      channel.onopen = channel.onclose = changed;
      changed();
    };
  }

  #drop() {
    const connection = this.#connection;
    if (!connection) return;
    connection.ontrack = connection.onicecandidate = connection.onconnectionstatechange = connection.ondatachannel = null;
    if (this.#channel) this.#channel.onopen = this.#channel.onclose = null;
    connection.close();
    this.#connection = this.#channel = this.stream = null;
  }

  /// True if the terminal was told.
  #need(why) {
    if (this.#over || performance.now() - this.#asked < patience || !this.#parts.say('needOffer', { why })) return false;
    this.#asked = performance.now();
    return true;
  }

  async #watch() {
    if (this.#mode === 'text') return;
    const connection = this.#connection;
    const read = connection && counters(await connection.getStats());
    if (this.#over || connection !== this.#connection) return;
    if (read) this.#judge(read);
    const silent = performance.now() - this.#alive;
    const hears = performance.now() - this.#heard < soundGap;
    this.stopped = Boolean(this.#before?.packets) && silent > soundGap;
    if (connection?.connectionState === 'failed') this.#need('failed');
    // Sound comes and no picture: a new connection mends no line that loses packets, and a second one no camera; it would
    // only cost the sound.
    else if (silent >= patience && !(hears && (this.pictureMissing || this.figures?.loss > lossy))) this.pictureMissing = this.#need(connection ? 'noFrames' : 'noOffer') && hears;
    this.#parts.changed();
  }

  #judge(read) {
    const before = this.#before;
    this.#before = read;
    const last = before && figures(before, read);
    if (!last) return;
    if (this.#rate.look({ rtt: read.rtt, sent: (8 * (read.sentBytes - before.sentBytes)) / (read.at - before.at) })) this.#limit().catch(() => {});
    const sound = read.soundPackets > before.soundPackets;
    const picture = read.frames > before.frames;
    if (picture) this.pictureMissing = false;
    if (sound) this.#heard = performance.now();
    if (this.#mode === 'video' ? picture : sound) this.#alive = performance.now();
    const judged = this.#mode === 'video' && !this.pictureMissing;
    if (judged ? !before.frames : !before.soundPackets) return; // the first second is no whole one
    this.figures = last;
    this.level = this.#light.show(levelOf(last, judged));
    this.advice = this.level === 'good' ? '' : adviceFor(last, judged);
    if (this.#ticks++ % 2 === 0) this.#parts.say('quality', { figures: { ...last, level: this.level } });
  }
}
