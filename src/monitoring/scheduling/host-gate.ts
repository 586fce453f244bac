/** Keeps checks from overwhelming one host: only so many of them run at once, the others wait in line. */
export interface HostGate {
  /** Works out anew how many each host may have at once. */
  resize(tasks: Iterable<HostLoad>): void;
  enter(host: string | undefined, run: () => Promise<void>): Promise<void>;
}

export interface HostLoad {
  readonly host?: string;
  readonly intervalMs: number;
  readonly timeoutMs?: number;
}

interface Host {
  running: number;
  readonly waiting: (() => void)[];
}

/** As many as a browser opens to one server, and then some. */
const AT_ONCE_MIN = 10;
/** Room for late ones, so that a host of which nothing answers is still checked as often as it should be. */
const SLACK = 1.5;

export function createHostGate(): HostGate {
  const hosts = new Map<string, Host>();
  let limits: ReadonlyMap<string, number> = new Map();

  return {
    resize(tasks) {
      limits = limitsOf(tasks);
    },
    async enter(host, run) {
      if (host === undefined) return run();
      const line = hosts.get(host) ?? { running: 0, waiting: [] };
      hosts.set(host, line);
      // Whoever makes room hands its place on, so it is counted already.
      if (line.running < (limits.get(host) ?? AT_ONCE_MIN)) line.running += 1;
      else await new Promise<void>((resolve) => line.waiting.push(resolve));
      try {
        await run();
      } finally {
        leave(host, line);
      }
    },
  };

  function leave(host: string, line: Host): void {
    const next = line.waiting.shift();
    if (next !== undefined) return next();
    line.running -= 1;
    if (line.running === 0) hosts.delete(host);
  }
}

/** When every check of a host takes as long as it may, this many are under way at any moment (Little's law). */
function limitsOf(tasks: Iterable<HostLoad>): ReadonlyMap<string, number> {
  const busy = new Map<string, number>();
  for (const { host, intervalMs, timeoutMs = 0 } of tasks) {
    if (host !== undefined) busy.set(host, (busy.get(host) ?? 0) + timeoutMs / intervalMs);
  }
  return new Map([...busy].map(([host, share]) => [host, Math.max(AT_ONCE_MIN, Math.ceil(share * SLACK))]));
}
