// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';

const ticks = 100; // a second: USER_HZ of Linux

/// What a process has used of a core so far.
export function secondsOfCore(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}
