// SPDX-License-Identifier: Apache-2.0
// guichet-call as the kiosk runs it, a camera that films something moving, and a page in the seat's place.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import { launchWith } from './support.js';

launchWith('--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--allow-loopback-in-peer-connection');

const bin = process.env.GUICHET_BIN;
export const program = (name) => join(bin, name);

/// A folder of its own, with the bank's keys and a minute of speech.
export function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-call-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const run = (command, ...words) => execFileSync(command, words, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  run('openssl', 'genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', 'bank.pem');
  run('openssl', 'pkey', '-in', 'bank.pem', '-pubout', '-out', 'bank-public.pem');
  run('espeak-ng', '-w', 'speech.wav', 'Good morning. I would like to change the telephone number of my account, please.');
  return folder;
}

/// A moving picture on a frames socket.
export function startCamera(socket) {
  const camera = spawn(program('frames-source'), [socket], { stdio: ['pipe', 'inherit', 'inherit'] });
  after(() => camera.kill());
  return camera;
}

export class CallProcess {
  constructor(folder, ...words) {
    this.heard = [];
    this.waiting = new Set();
    this.process = spawn(program('guichet-call'), ['--loopback', '--audio-sink', 'fakesink sync=true',
      '--audio-source', `filesrc location=${join(folder, 'speech.wav')} ! wavparse`, ...words],
    { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' } });
    this.ended = new Promise((done) => this.process.once('exit', (status, signal) => done({ status, signal })));
    this.process.stdin.on('error', () => {}); // it was killed
    createInterface({ input: this.process.stdout }).on('line', (line) => {
      const event = { ...JSON.parse(line), at: performance.now() };
      this.heard.push(event);
      for (const look of this.waiting) look(event);
    });
    after(() => this.process.kill('SIGKILL'));
  }

  say(command) { this.process.stdin.write(`${typeof command === 'string' ? command : JSON.stringify(command)}\n`); }

  /// The first event of that kind that fits, from now on or since `from`.
  until(kind, fits = () => true, from = this.heard.length) {
    const wanted = (event) => event.event === kind && fits(event);
    const found = this.heard.slice(from).find(wanted);
    if (found) return Promise.resolve(found);
    return new Promise((done) => {
      const look = (event) => {
        if (!wanted(event)) return;
        this.waiting.delete(look);
        done(event);
      };
      this.waiting.add(look);
    });
  }
}

/// What a seat's page does with an offer; in the page.
export const seatScript = `
  const seat = globalThis.seat = { told: [], offers: 0 };
  seat.media = async () => {
    const canvas = document.createElement('canvas');
    canvas.width = 640; canvas.height = 360;
    const context = canvas.getContext('2d');
    setInterval(() => {
      context.fillStyle = 'hsl(' + (performance.now() / 20 % 360) + ' 80% 50%)';
      context.fillRect(0, 0, 640, 360);
      context.fillStyle = 'white';
      context.fillRect(performance.now() / 5 % 600, 100, 40, 160);
    }, 40);
    const stream = canvas.captureStream(25);
    for (const track of (await navigator.mediaDevices.getUserMedia({ audio: true })).getAudioTracks()) stream.addTrack(track);
    return stream;
  };
  seat.take = async (sdp) => {
    seat.early.length = 0; // of an earlier offer
    seat.stream ??= await seat.media();
    seat.peer?.close();
    const peer = seat.peer = new RTCPeerConnection();
    seat.offers += 1;
    seat.offeredAt = performance.now();
    seat.pictureAt = null;
    peer.onicecandidate = ({ candidate }) => candidate?.candidate && seatSays({ do: 'candidate', candidate: candidate.candidate, line: candidate.sdpMLineIndex });
    peer.ondatachannel = ({ channel }) => {
      seat.channel = channel;
      channel.onmessage = ({ data }) => seat.told.push(JSON.parse(data));
      channel.onopen = () => { seat.open = channel.label; };
    };
    peer.ontrack = ({ track, streams }) => {
      if (track.kind === 'audio') { // what nobody plays is not counted either
        seat.sound = new Audio();
        seat.sound.srcObject = new MediaStream([track]);
        seat.sound.play().catch(() => {});
        return;
      }
      const video = document.querySelector('video');
      video.srcObject = streams[0];
      video.requestVideoFrameCallback(() => { seat.pictureAt = Date.now(); });
      video.play().catch(() => {});
    };
    await peer.setRemoteDescription({ type: 'offer', sdp });
    for (const track of seat.stream.getTracks()) peer.addTrack(track, seat.stream);
    const answer = await peer.createAnswer();
    await peer.setLocalDescription(answer);
    seatSays({ do: 'answer', sdp: answer.sdp });
    for (const candidate of seat.early.splice(0)) await peer.addIceCandidate(candidate);
  };
  seat.early = [];
  seat.candidate = async (candidate, line) => {
    const init = { candidate, sdpMLineIndex: line };
    if (seat.peer?.remoteDescription && seat.peer.signalingState === 'stable') await seat.peer.addIceCandidate(init).catch(() => {});
    else seat.early.push(init);
  };
  seat.figures = async () => {
    const figures = { pictures: 0, sound: 0, level: 0, concealed: 0 };
    for (const one of (await seat.peer.getStats()).values()) {
      if (one.type !== 'inbound-rtp') continue;
      if (one.kind === 'video') Object.assign(figures, { pictures: one.framesDecoded ?? 0, width: one.frameWidth });
      else Object.assign(figures, { sound: one.totalSamplesReceived ?? 0, concealed: one.concealedSamples ?? 0, energy: one.totalAudioEnergy ?? 0 });
    }
    return figures;
  };
`;
