// Decorators need it when the classes are defined; an app without Nest has nobody else to load it.
import 'reflect-metadata';

export * from './geo.js';
export * from './lookups.js';
export * from './queues.js';
