import type { Clock } from '../../kernel/clock.ts';
import { createDueQueue } from './due-queue.ts';
import { createHostGate } from './host-gate.ts';

export interface SchedulerDeps {
  readonly clock: Clock;
  /** Must not reject, and must end by itself: a running task is never started a second time. */
  readonly run: (name: string) => Promise<void>;
  /** Told how late each regular run began, in milliseconds after its turn. */
  readonly onStart?: (lateMs: number) => void;
}

export interface Scheduler {
  /** What to run from now on. A task whose interval did not change keeps its phase. */
  set(tasks: readonly ScheduledTask[]): void;
  /** Runs a task now, or joins the run under way; its regular turns stay where they are. False if there is none. */
  trigger(name: string): Promise<boolean>;
  start(): void;
  /** Starts nothing more and waits for what runs. */
  stop(): Promise<void>;
}

export interface ScheduledTask {
  readonly name: string;
  readonly intervalMs: number;
  /** Tasks of one host wait for each other when too many of them run; without it, nothing is shared. */
  readonly host?: string;
  /** How long one run may take; decides how many of one host may run at once. */
  readonly timeoutMs?: number;
  /** When it should first run, for a task that somebody else ran until now. Without it: as soon as possible. */
  readonly firstInMs?: number;
}

interface Task extends ScheduledTask {
  host?: string;
  dueAt: number;
}

/** The first runs after a start follow each other this closely, or closer where the interval is too short for that. */
const FIRST_RUN_SPACING_MS = 20;
/** What is left of the interval is for the start itself, so that nothing waits longer than usual after a restart. */
const FIRST_RUNS_SHARE = 0.9;

/** Runs every task on a grid of its own, on the monotonic clock: neither drift nor a changed wall clock moves it. */
export function createScheduler({ clock, run, onStart }: SchedulerDeps): Scheduler {
  const tasks = new Map<string, Task>();
  const due = createDueQueue<Task>();
  const runs = createRuns(run);
  const stopping = new AbortController();
  let looping: Promise<void> | undefined;
  let wake = new AbortController();

  return {
    set(wanted) {
      const names = new Set(wanted.map(({ name }) => name));
      for (const name of tasks.keys()) if (!names.has(name)) tasks.delete(name);
      runs.resize(wanted);
      const fresh = wanted.filter((task) => !isKept(tasks.get(task.name), task));
      for (const [index, task] of fresh.entries()) plan(task, index / fresh.length, index);
      wake.abort();
    },
    async trigger(name) {
      const task = tasks.get(name);
      if (task !== undefined) await runs.join(task);
      return task !== undefined;
    },
    start() {
      looping ??= loop();
    },
    async stop() {
      stopping.abort();
      wake.abort();
      await looping;
      await runs.settled();
    },
  };

  /** All of them within one interval, whatever their number, and no two at one moment. */
  function plan(wanted: ScheduledTask, share: number, index: number): void {
    const spread = Math.min(index * FIRST_RUN_SPACING_MS, share * wanted.intervalMs * FIRST_RUNS_SHARE);
    const task: Task = { ...wanted, dueAt: clock.ticks() + (wanted.firstInMs ?? spread) };
    tasks.set(task.name, task);
    due.push(task, task.dueAt);
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      const next = due.peek();
      const waitMs = next === undefined ? Number.MAX_SAFE_INTEGER : next.dueAt - clock.ticks();
      if (waitMs > 0) await pause(waitMs);
      else startNext();
    }
  }

  function startNext(): void {
    const task = due.pop()?.key;
    // A task that was removed, or planned anew with another interval, is still in the queue once.
    if (task === undefined || tasks.get(task.name) !== task) return;
    const lateMs = clock.ticks() - task.dueAt;
    onStart?.(lateMs);
    void runs.join(task);
    task.dueAt = nextTurn(task, lateMs);
    due.push(task, task.dueAt);
  }

  async function pause(ms: number): Promise<void> {
    wake = new AbortController();
    if (stopping.signal.aborted) return;
    await clock.sleep(ms, wake.signal).catch(() => undefined);
  }
}

/** Where it is asked may have changed, and with it whom it has to wait for; only another interval is a new beginning. */
function isKept(task: Task | undefined, { intervalMs, host }: ScheduledTask): boolean {
  if (task?.intervalMs !== intervalMs) return false;
  if (host === undefined) delete task.host;
  else task.host = host;
  return true;
}

/** What is under way: a task is joined while it runs, and never started a second time. */
function createRuns(run: SchedulerDeps['run']) {
  const running = new Map<string, Promise<void>>();
  const gate = createHostGate();
  return {
    resize: gate.resize,
    join({ name, host }: ScheduledTask): Promise<void> {
      const underWay = running.get(name);
      if (underWay !== undefined) return underWay;
      const started = gate.enter(host, () => run(name)).finally(() => running.delete(name));
      running.set(name, started);
      return started;
    },
    settled: () => Promise.all(running.values()),
  };
}

/** The next turn on the grid: those missed while the process was held up are not caught up. */
function nextTurn({ dueAt, intervalMs }: Task, lateMs: number): number {
  return dueAt + (Math.floor(lateMs / intervalMs) + 1) * intervalMs;
}
