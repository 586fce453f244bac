import type { Engine } from './engines.ts';
import type { Finding } from './finding.ts';
import { type Part, reason, strongest } from './survey.ts';

/** The lines of a part that say where it answers, and the sentences that say why. */
export interface Address {
  readonly reasons: readonly string[];
  readonly lines: readonly string[];
  /** A variable that should be set. */
  readonly variable?: string;
  /** False while the address is only a suggestion in a comment. */
  readonly isWatched: boolean;
}

const IN_CONTAINERS = 'It can be reached from other containers only';

/** For what the team wrote: the port it was found on, and its health endpoint. */
export function ownAddress({ findings }: Part): Address {
  const found = strongest(findings, 'port');
  if (found === undefined) return withHeartbeat(unwatched('Nothing says where it answers', 'https://…'));
  if (found.fact.port === null) return withHeartbeat(unwatched(IN_CONTAINERS, 'http://…'));

  const { port, protocol } = found.fact;
  const address = { reasons: [reason(found)], lines: [`url: "${protocol}://127.0.0.1:${port}"`], isWatched: true };
  if (protocol === 'tcp') return address;
  const health = strongest(findings, 'health');
  const healthReason =
    health === undefined
      ? 'No health endpoint was found: add one that asks the database, and name it here.'
      : reason(health);
  return {
    reasons: [...address.reasons, healthReason],
    isWatched: true,
    lines: [...address.lines, health === undefined ? '# health: /health' : `health: ${health.fact.path}`],
  };
}

/** For databases and the like. */
export function engineAddress(engine: Engine, { findings }: Part): Address {
  const found = strongest(findings, 'port');
  const example = `tcp://127.0.0.1:${engine.port}`;
  if (found?.fact.port === null) return unwatched(IN_CONTAINERS, example);
  if (engine.hasMonitor) return withLogin(engine, findings);
  if (found === undefined) return unwatched('Nothing says where it answers', example);
  return {
    reasons: [reason(found), `Evenkeel does not speak to ${engine.engine} yet: it looks whether the port is open.`],
    lines: [`url: "tcp://127.0.0.1:${found.fact.port}"`],
    isWatched: true,
  };
}

/** It works before any variable is set, and better once it is. */
function withLogin({ engine, port: usual, variables }: Engine, findings: readonly Finding[]): Address {
  const found = strongest(findings, 'port');
  const told = strongest(findings, 'variable');
  const port = found?.fact.port ?? usual;
  const variable = told?.fact.variable ?? variables[0] ?? '';
  return {
    reasons: [
      found === undefined ? `Guess: it listens on port ${port}, as ${engine} usually does.` : reason(found),
      ...(told === undefined ? [] : [reason(told)]),
      `Set ${variable} and Evenkeel logs in and asks it; until then it only looks whether the port is open.`,
    ],
    lines: [`url: "\${${variable}:-tcp://127.0.0.1:${port}}"`],
    variable,
    isWatched: true,
  };
}

function unwatched(why: string, example: string): Address {
  return { reasons: [`${why}, so it is not watched yet.`], lines: [`# url: "${example}"`], isWatched: false };
}

/** What nobody can ask may still tell. */
function withHeartbeat(address: Address): Address {
  return { ...address, reasons: [...address.reasons, 'Give it a url, or let it ping a heartbeat (see below).'] };
}
