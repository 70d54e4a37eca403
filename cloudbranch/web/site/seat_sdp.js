// SPDX-License-Identifier: Apache-2.0
const pictures = /^a=rtpmap:(\d+) (?:VP8|VP9|H264|AV1)\//i;

/// The offer, so that Chromium sends its picture at `kbps` from the first second: left alone it begins at 300 kbit/s and
/// may stay there. Nothing else of the offer is changed.
export function withStartRate(sdp, kbps) {
  const extra = `x-google-start-bitrate=${kbps}`;
  const lines = sdp.split(/\r?\n/);
  const types = new Set(lines.map((line) => pictures.exec(line)?.[1]).filter(Boolean));
  const described = new Set(lines.map((line) => /^a=fmtp:(\d+) /.exec(line)?.[1]));
  return lines.flatMap((line) => {
    const [, name, type] = /^a=(fmtp|rtpmap):(\d+) /.exec(line) ?? [];
    if (!types.has(type)) return [line];
    if (name === 'fmtp') return [`${line};${extra}`];
    return described.has(type) ? [line] : [line, `a=fmtp:${type} ${extra}`];
  }).join('\r\n');
}
