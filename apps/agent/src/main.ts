#!/usr/bin/env node
import 'reflect-metadata';
import { runCli } from './cli/run-cli.js';

const { argv, env, stdin, stdout, stderr } = process;
await runCli(argv.slice(2), { env, stdin, stdout, stderr });
