// SPDX-License-Identifier: Apache-2.0
/// Server-Sent Events out of text as it arrives (WHATWG HTML 9.2.6). Pure.
export class EventParser {
  #rest = '';
  #event = { id: '', event: '', data: [] };
  /// Of the last event that had one; what a reconnect sends as Last-Event-ID.
  lastId = '';

  /// The events that this piece completes.
  push(text) {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop();
    return lines.map((line) => this.#take(line.replace(/\r$/, ''))).filter(Boolean);
  }

  #take(line) {
    if (line === '') {
      const { event, data } = this.#event;
      this.#event = { id: '', event: '', data: [] };
      return data.length ? { event: event || 'message', data: data.join('\n') } : null;
    }
    const [, field, value] = /^([^:]*)(?::[ ]?(.*))?$/s.exec(line);
    if (field === 'data') this.#event.data.push(value ?? '');
    else if (field === 'event') this.#event.event = value ?? '';
    else if (field === 'id') this.lastId = value ?? '';
    return null;
  }
}
