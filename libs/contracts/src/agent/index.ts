// Decorators need it when the classes are defined; an app without Nest has nobody else to load it.
import 'reflect-metadata';

export * from './allow.js';
export * from './bulk.js';
export * from './commands.js';
export * from './events.js';
export * from './hello.js';
export * from './jail-commands.js';
export * from './jail-results.js';
