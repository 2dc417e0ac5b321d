export * from './geo.js';
export * from './queues.js';
