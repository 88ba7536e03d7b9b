// A client that hides nothing: no redirects, no decoding, any body, and a connection of its own when asked.
import { Agent, request as send } from 'node:http';

const patienceMs = 30_000;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

// → { status, headers, bytes, text, json() }. `body`: text and bytes go as they are, anything else as JSON.
export function call(url, { method = 'GET', headers = {}, body } = {}) {
  const isRaw = body === undefined || typeof body === 'string' || Buffer.isBuffer(body);
  const content = isRaw ? body : JSON.stringify(body);
  const wanted = { ...headers };
  if (!isRaw && !('Content-Type' in wanted)) wanted['Content-Type'] = 'application/json';
  if (content !== undefined) wanted['Content-Length'] = Buffer.byteLength(content);
  return new Promise((resolve, reject) => {
    const outgoing = send(url, { method, headers: wanted, agent, timeout: patienceMs }, (incoming) => {
      const chunks = [];
      incoming.on('data', (chunk) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString('utf8');
        resolve({ status: incoming.statusCode, headers: incoming.headers, bytes, text, json: () => JSON.parse(text) });
      });
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`${method} ${url}: no answer`)));
    outgoing.on('error', reject);
    outgoing.end(content);
  });
}

// Asks until `probe` gives something; the last thing seen is in the error.
export async function until(what, probe, { withinMs = patienceMs, everyMs = 50, seen = () => '' } = {}) {
  const end = Date.now() + withinMs;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() >= end) throw new Error(`not within ${withinMs} ms: ${what}${seen()}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
