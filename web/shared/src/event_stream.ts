// Server-sent events over fetch, which (unlike EventSource) can send an Authorization header.
// Grammar: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream

export type StreamEvent = { id: string | null; name: string; data: string };

export class EventStreamParser {
  private pending = '';
  private id: string | null = null;
  private name = '';
  private data: string[] = [];

  // Takes any cut of the text; returns the events completed by it.
  push(text: string): StreamEvent[] {
    const events: StreamEvent[] = [];
    const lines = (this.pending + text).split(/\r\n|\n|\r(?!$)/);
    this.pending = lines.pop() ?? '';
    for (const line of lines) {
      const event = this.takeLine(line);
      if (event) events.push(event);
    }
    return events;
  }

  private takeLine(line: string): StreamEvent | null {
    if (line === '') return this.dispatch();
    const colon = line.indexOf(':');
    if (colon === 0) return null;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.name = value;
    if (field === 'data') this.data.push(value);
    if (field === 'id' && !value.includes('\0')) this.id = value;
    return null;
  }

  private dispatch(): StreamEvent | null {
    const data = this.data.join('\n');
    const event = this.data.length > 0 ? { id: this.id, name: this.name || 'message', data } : null;
    this.data = [];
    this.name = '';
    return event;
  }
}

// Ends when the stream ends; throws what the stream throws. `onBytes` is called for heartbeats too.
export async function readEventStream(
  body: ReadableStream<Uint8Array>,
  onEvent: (event: StreamEvent) => void,
  onBytes: () => void,
): Promise<void> {
  const parser = new EventStreamParser();
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onBytes();
      parser.push(decoder.decode(value, { stream: true })).forEach(onEvent);
    }
  } finally {
    reader.releaseLock();
  }
}
