// SPDX-License-Identifier: Apache-2.0
/// What the hub refused, by the stable code of its problem; "offline" when nothing came back.
export class Refused extends Error {
  constructor(code, problem = {}) {
    super(code);
    this.code = code;
    this.problem = problem;
  }
}

/// Calls the hub's API. `create`: sends this Idempotency-Key; `version`: commands that version of a visit.
/// Gives the JSON document, or null for an answer without one. Solves a challenge that the hub sets, once.
export async function request(method, path, options = {}) {
  try {
    return await send(method, path, options);
  } catch (refusal) {
    if (refusal.code !== 'proof-needed' || !refusal.problem.challenge) throw refusal;
    const { solve } = await import('./proof.js');
    return send(method, path, { ...options, proof: await solve(refusal.problem.challenge) });
  }
}

async function send(method, path, { body, bearer, create, version, proof }) {
  const headers = {};
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (bearer) headers.Authorization = `Bearer ${bearer}`;
  if (create) headers['Idempotency-Key'] = create;
  if (version !== undefined) headers['If-Match'] = `"${version}"`;
  if (proof) headers['Proof-Of-Work'] = proof;
  let response;
  try {
    response = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), cache: 'no-store' });
  } catch {
    throw new Refused('offline');
  }
  const document = response.headers.get('Content-Type')?.includes('json') ? await response.json() : null;
  if (!response.ok) throw new Refused(document?.code ?? 'failed', { ...document, retryAfter: response.headers.get('Retry-After') });
  return document;
}

/// A fresh Idempotency-Key. Not crypto.randomUUID: pages over plain HTTP in the outlet's own network lack it.
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
