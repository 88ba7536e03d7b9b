export * from './client';
export * from './event_stream';
export * from './follow_order';
export * from './format';
export * from './idempotency_key';
