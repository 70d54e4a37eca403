// SPDX-License-Identifier: Apache-2.0
import { EventParser } from './event_parser.js';

const silence = 40_000; // two heartbeats of the hub and a little
const pauses = [500, 1000, 2000, 4000, 8000];
const pollEvery = 5_000;
const streamsBeforePolling = 3;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/// Follows a branch for the life of the page: by its event stream, which resumes behind the last event after a tear,
/// or by asking for the document where streams do not get through.
/// on: time(now), queue(document), call(call), alive() at each sign of life.
export async function follow(branch, on) {
  const parser = new EventParser();
  const hear = {
    time: (data) => on.time?.(data.now),
    queue: (data) => on.queue?.(data),
    call: (data) => on.call?.(data),
  };
  let failures = 0;
  let etag = '';

  async function stream() {
    const tear = new AbortController();
    let watchdog = setTimeout(() => tear.abort(), silence);
    try {
      const response = await fetch(`/v1/branches/${branch}/events`, {
        headers: parser.lastId ? { 'Last-Event-ID': parser.lastId } : {},
        cache: 'no-store',
        signal: tear.signal,
      });
      if (!response.ok) return;
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        failures = 0;
        clearTimeout(watchdog);
        watchdog = setTimeout(() => tear.abort(), silence);
        for (const { event, data } of parser.push(value)) hear[event]?.(JSON.parse(data));
        on.alive?.();
      }
    } finally {
      clearTimeout(watchdog);
    }
  }

  async function poll() {
    const response = await fetch(`/v1/branches/${branch}/queue`, { headers: etag ? { 'If-None-Match': etag } : {} });
    if (response.status === 200) {
      etag = response.headers.get('ETag') ?? '';
      on.queue?.(await response.json());
    }
    if (response.status === 200 || response.status === 304) on.alive?.();
  }

  for (;;) {
    try {
      await stream();
    } catch { /* torn; what follows tries again */ }
    if (++failures >= streamsBeforePolling) {
      try {
        await poll();
      } catch { /* no network at all */ }
      await pause(pollEvery * (0.75 + Math.random() / 2));
    } else {
      await pause(pauses[Math.min(failures, pauses.length - 1)] * (0.75 + Math.random() / 2));
    }
  }
}
