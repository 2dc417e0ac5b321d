// Entry of its own: a command line that only reads settings must not wait for Nest to load.
export * from './config.error.js';
export * from './env-example.js';
export * from './env.decorator.js';
export * from './load-config.js';
export * from './log-level.js';
export * from './validators.js';
