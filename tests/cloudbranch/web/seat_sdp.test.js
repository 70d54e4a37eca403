// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withRates } from '../../../cloudbranch/web/site/seat_sdp.js';

const lines = (...all) => `${all.join('\r\n')}\r\n`;

test('sdp: picture codecs get the rate to start with, others are left alone', () => {
  const offer = lines('v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 97', 'a=rtpmap:97 OPUS/48000/2', 'a=fmtp:97 useinbandfec=1',
    'm=video 9 UDP/TLS/RTP/SAVPF 96 98 99', 'a=rtpmap:96 VP8/90000', 'a=rtcp-fb:96 nack', 'a=rtpmap:98 H264/90000',
    'a=fmtp:98 profile-level-id=42e01f;packetization-mode=1', 'a=rtpmap:99 rtx/90000', 'a=fmtp:99 apt=96');
  assert.equal(withRates(offer, { start: 700, least: 250 }), lines('v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 97', 'a=rtpmap:97 OPUS/48000/2', 'a=fmtp:97 useinbandfec=1',
    'm=video 9 UDP/TLS/RTP/SAVPF 96 98 99', 'a=rtpmap:96 VP8/90000', 'a=fmtp:96 x-google-start-bitrate=700;x-google-min-bitrate=250', 'a=rtcp-fb:96 nack', 'a=rtpmap:98 H264/90000',
    'a=fmtp:98 profile-level-id=42e01f;packetization-mode=1;x-google-start-bitrate=700;x-google-min-bitrate=250', 'a=rtpmap:99 rtx/90000', 'a=fmtp:99 apt=96'));
});

test('sdp: an offer without a picture stays as it is', () => {
  const offer = lines('v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 97', 'a=rtpmap:97 OPUS/48000/2');
  assert.equal(withRates(offer, { start: 700, least: 250 }), offer);
});
