import type * as z from 'zod';
import { readEnvironment } from './environment.ts';
import { createLog, type Log, reasonOf } from './log.ts';

export interface Running {
  readonly port: number;
  stop(): Promise<void>;
}

const STOP_MS = 5_000;
const EXIT_MISCONFIGURED = 2;

/** The life of one process: check the environment, start, and end in good order when told to. */
export async function runProcess<Shape extends z.ZodRawShape>(
  name: string,
  variables: Shape,
  start: (environment: z.output<z.ZodObject<Shape>>, log: Log) => Promise<Running>,
): Promise<void> {
  const log = createLog(name);
  const reading = readEnvironment(variables, process.env);
  if (!reading.ok) {
    log.error('the environment is not complete', { problems: reading.problems });
    process.exitCode = EXIT_MISCONFIGURED;
    process.disconnect?.();
    return;
  }

  let running: Running;
  try {
    running = await start(reading.environment, log);
  } catch (error) {
    log.error('could not start', { reason: reasonOf(error) });
    process.exit(1);
  }
  log.info('ready', { port: running.port });
  process.send?.({ port: running.port });

  let isStopping = false;
  const stop = (why: string) => {
    if (isStopping) return;
    isStopping = true;
    log.info('stopping', { why });
    setTimeout(() => process.exit(1), STOP_MS).unref();
    void running.stop().then(() => process.exit(0));
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  // The channel to whoever started us closes even when that process was killed: nobody is left to stop us.
  process.once('disconnect', () => stop('the parent has gone'));
}
