// SPDX-License-Identifier: Apache-2.0
import { show } from './dialogs.js';
import { el } from './dom.js';
import { say } from './page.js';

const kinds = ['portrait', 'photo', 'scan', 'signature', 'writing'];
const types = ['image/jpeg', 'image/png'];

/// Whether it is { kind, mediaType, data } that can be shown.
export const isPicture = ({ kind, mediaType, data }) => kinds.includes(kind) && types.includes(mediaType) && typeof data === 'string';

/// The pictures that the customer's steps brought, oldest first.
export const picturesOf = (entries) => entries.filter(({ type }) => type === 'result')
  .flatMap(({ body }) => (Array.isArray(body.detail?.pictures) ? body.detail.pictures : []))
  .filter(isPicture);

async function draw(canvas, { mediaType, data }) {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: mediaType }));
  Object.assign(canvas, { width: image.width, height: image.height });
  canvas.getContext('2d').drawImage(image, 0, 0);
  image.close();
}

/// Drawn, not loaded: so the page's policy needs no door for images out of data.
function canvasOf(picture, name, attributes = {}) {
  const canvas = el('canvas', { role: 'img', 'aria-label': name, width: 3, height: 4, ...attributes });
  draw(canvas, picture).catch(() => canvas.replaceWith(el('p', { class: 'none' }, say('picture.broken'))));
  return canvas;
}

/// A picture with its name, larger at a touch.
export function figure(picture) {
  const name = say(`picture.${picture.kind}`);
  return el('figure', { class: picture.kind },
    el('button', { class: 'enlarge', title: say('picture.enlarge'), onclick: () => show(name, canvasOf(picture, name, { class: 'large' })) },
      canvasOf(picture, name)),
    el('figcaption', {}, name));
}
