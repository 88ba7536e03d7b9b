// Requests that no honest client sends: bytes on a socket, and what comes back until the server closes.
import { connect } from 'node:net';

const patienceMs = 20_000;
const blockBytes = 64 * 1024;

// → { status, text, closed, sentBytes }. `head` goes out as it is; then up to `bodyBytes` of a body, as far as the
// server lets it. `closed` says that the server ended the connection.
export function exchange(url, head, bodyBytes = 0) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    const chunks = [];
    const block = Buffer.alloc(blockBytes, 0x20);
    let sentBytes = 0;
    const finish = (closed) => {
      socket.destroy();
      const text = Buffer.concat(chunks).toString('latin1');
      resolve({ status: Number(text.match(/^HTTP\/1\.1 (\d{3})/)?.[1] ?? 0), text, closed, sentBytes });
    };
    const pump = () => {
      while (sentBytes < bodyBytes && socket.writable) {
        sentBytes += blockBytes;
        if (!socket.write(block)) return socket.once('drain', pump);
      }
    };
    socket.setTimeout(patienceMs, () => finish(false));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => {});
    socket.on('end', () => finish(true));
    socket.on('close', () => finish(true));
    socket.write(head, pump);
  });
}

export const lines = (...rows) => `${rows.join('\r\n')}\r\n\r\n`;
