export interface Log {
  info(message: string, data?: LogData): void;
  warn(message: string, data?: LogData): void;
  error(message: string, data?: LogData): void;
}

type LogData = Readonly<Record<string, unknown>>;

/** One JSON object a line on standard output, where every log collector looks first. */
export function createLog(service: string): Log {
  const write = (level: string) => (message: string, data?: LogData) => {
    const line = { time: new Date().toISOString(), level, service, message, ...data };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}

/** What may be logged of a failure: enough to find it, without addresses that carry passwords. */
export function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'unknown';
  if (thrown.cause !== undefined) return reasonOf(thrown.cause);
  return 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : `${thrown.name}: ${thrown.message}`;
}
