// Decorators need it when the classes are defined; an app without Nest has nobody else to load it.
import 'reflect-metadata';

export * from './addresses.js';
export * from './audit.js';
export * from './allow.js';
export * from './auth.js';
export * from './bans.js';
export * from './bulk.js';
export * from './campaigns.js';
export * from './dashboard.js';
export * from './guard.js';
export * from './headers.js';
export * from './health.js';
export * from './help-desk.js';
export * from './history.js';
export * from './hosts.js';
export * from './ignore-lists.js';
export * from './ip-network.validator.js';
export * from './jail-control.js';
export * from './jail-detail.js';
export * from './ipv6-policy.js';
export * from './jails.js';
export * from './live.js';
export * from './lookups.js';
export * from './paging.js';
export * from './problem.js';
export * from './settings.js';
export * from './setup.js';
