// SPDX-License-Identifier: Apache-2.0
// The terminal's side of a call, played by a second page of the browser: it offers, sends a drawn picture and a tone, and
// writes down what comes over its data channel "app".
import { open, Terminal, until } from './support.js';

/// Runs in the page. `toHub` is the terminal's line.
function kiosk() {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
  const paper = canvas.getContext('2d');
  paper.scale(0.5, 0.5);
  let turn = 0;
  setInterval(() => {
    turn += 0.1;
    paper.fillStyle = '#46606B';
    paper.fillRect(0, 0, 640, 360);
    paper.fillStyle = '#E8C9A6';
    paper.beginPath();
    paper.arc(320 + 12 * Math.sin(turn), 150, 70, 0, 7);
    paper.fill();
    paper.fillStyle = '#7A4B00';
    paper.beginPath();
    paper.roundRect(190 + 12 * Math.sin(turn), 230, 260, 200, 110);
    paper.fill();
  }, 66);
  const sound = new AudioContext();
  const tone = new OscillatorNode(sound, { frequency: 300 });
  const out = sound.createMediaStreamDestination();
  tone.connect(out);
  tone.start();
  globalThis.call = { points: [], answers: 0, candidates: [] };

  globalThis.offer = async ({ modes = ['audio', 'video'], fresh = true } = {}) => {
    if (fresh) {
      call.connection?.close();
      call.connection = new RTCPeerConnection();
      call.candidates = [];
      const channel = call.connection.createDataChannel('app');
      channel.onmessage = ({ data }) => call.points.push(JSON.parse(data));
      call.channel = channel;
      const own = call.connection;
      own.onicecandidate = ({ candidate }) => candidate?.candidate && own === call.connection &&
        toHub({ type: 'candidate', candidate: candidate.candidate, line: candidate.sdpMLineIndex });
      if (modes.includes('audio')) own.addTrack(out.stream.getAudioTracks()[0]);
      if (modes.includes('video')) own.addTrack(canvas.captureStream(15).getVideoTracks()[0]);
    }
    await call.connection.setLocalDescription(await call.connection.createOffer());
    await toHub({ type: 'offer', sdp: call.connection.localDescription.sdp, fresh });
  };

  globalThis.hear = async ({ type, sdp, candidate, line }) => {
    if (type === 'answer') {
      await call.connection.setRemoteDescription({ type: 'answer', sdp });
      call.answers++;
      for (const early of call.candidates.splice(0)) await call.connection.addIceCandidate(early);
    } else if (type === 'candidate') {
      if (call.connection?.remoteDescription) await call.connection.addIceCandidate({ candidate, sdpMLineIndex: line });
      else call.candidates.push({ candidate, sdpMLineIndex: line });
    }
  };

  globalThis.received = async (kind) => {
    const report = await call.connection.getStats();
    return [...report.values()].find((each) => each.type === 'inbound-rtp' && each.kind === kind) ?? {};
  };
}

export class KioskCall {
  /// A customer who asks over `hub`, and the page that will play the terminal's media.
  static async ask(hub, body) {
    const kioskCall = new KioskCall();
    kioskCall.page = await open(`${hub.url}/healthz`, { viewport: { width: 320, height: 180 } }); // any address of that origin: its content does not matter
    kioskCall.terminal = await Terminal.ask(hub, body);
    await kioskCall.page.exposeFunction('toHub', (message) => kioskCall.terminal.say(message));
    await kioskCall.page.evaluate(kiosk);
    kioskCall.terminal.socket.on('message', (data) => {
      const message = JSON.parse(data);
      if (message.type === 'answer' || message.type === 'candidate') kioskCall.page.evaluate((each) => globalThis.hear(each), message);
    });
    return kioskCall;
  }

  offer(options) { return this.page.evaluate((how) => globalThis.offer(how), options); }
  received(kind) { return this.page.evaluate((each) => globalThis.received(each), kind); }
  points() { return this.page.evaluate(() => globalThis.call.points); }
  answers() { return this.page.evaluate(() => globalThis.call.answers); }

  /// Until the counter of what the kiosk gets from the seat has grown by `many`.
  async grows(kind, counter, many = 5) {
    const from = (await this.received(kind))[counter] ?? 0;
    await until(this.page, async ([each, name, least]) => ((await globalThis.received(each))[name] ?? 0) >= least,
      [kind, counter, from + many]);
  }
}
