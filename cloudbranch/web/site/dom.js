// SPDX-License-Identifier: Apache-2.0
/// An element: el('button', { class: 'button', onclick }, 'Yes'). Attributes that are false or null are left out;
/// functions become listeners; text is never read as HTML.
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child != null));
  return element;
}
