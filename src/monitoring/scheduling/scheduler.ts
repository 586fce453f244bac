import type { Clock } from '../../kernel/clock.ts';
import { createDueQueue } from './due-queue.ts';

export interface SchedulerDeps {
  readonly clock: Clock;
  /** Must not reject, and must end by itself: a running task is never started a second time. */
  readonly run: (name: string) => Promise<void>;
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
}

interface Task extends ScheduledTask {
  dueAt: number;
}

/** The first runs after a start follow each other this closely, instead of all at once or a minute late. */
const FIRST_RUN_SPACING_MS = 5;

/** Runs every task on a grid of its own, on the monotonic clock: neither drift nor a changed wall clock moves it. */
export function createScheduler({ clock, run }: SchedulerDeps): Scheduler {
  const tasks = new Map<string, Task>();
  const running = new Map<string, Promise<void>>();
  const due = createDueQueue<Task>();
  const stopping = new AbortController();
  let looping: Promise<void> | undefined;
  let wake = new AbortController();

  return {
    set(wanted) {
      const names = new Set(wanted.map(({ name }) => name));
      for (const name of tasks.keys()) if (!names.has(name)) tasks.delete(name);
      const fresh = wanted.filter(({ name, intervalMs }) => tasks.get(name)?.intervalMs !== intervalMs);
      for (const [index, task] of fresh.entries()) plan(task, index);
      wake.abort();
    },
    async trigger(name) {
      if (!tasks.has(name)) return false;
      await launch(name);
      return true;
    },
    start() {
      looping ??= loop();
    },
    async stop() {
      stopping.abort();
      await looping;
      await Promise.all(running.values());
    },
  };

  function plan({ name, intervalMs }: ScheduledTask, index: number): void {
    const spread = Math.min(index * FIRST_RUN_SPACING_MS, intervalMs);
    const task: Task = { name, intervalMs, dueAt: clock.ticks() + spread };
    tasks.set(name, task);
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
    void launch(task.name);
    // Turns missed while the process was held up are not caught up: the next one is on the grid, in the future.
    const missed = Math.floor((clock.ticks() - task.dueAt) / task.intervalMs);
    task.dueAt += (missed + 1) * task.intervalMs;
    due.push(task, task.dueAt);
  }

  function launch(name: string): Promise<void> {
    const underWay = running.get(name);
    if (underWay !== undefined) return underWay;
    const started = run(name).finally(() => running.delete(name));
    running.set(name, started);
    return started;
  }

  async function pause(ms: number): Promise<void> {
    wake = new AbortController();
    await clock.sleep(ms, AbortSignal.any([wake.signal, stopping.signal])).catch(() => undefined);
  }
}
