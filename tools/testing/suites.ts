/** Everything `npm test` runs with Node's test runner, in this order. A test of the suites holds that none is left out. */
export interface Suite {
  readonly name: string;
  readonly files: readonly string[];
  /** Test files side by side; those that break things on time want the machine to themselves. */
  readonly concurrency: number;
  /** All in one process, which saves the start of each: for tests that share nothing with the world. */
  readonly isOneProcess?: boolean;
  /** The longest that one test may take, and that nothing may be heard at all. */
  readonly timeoutMs: number;
}

export const SUITES: readonly Suite[] = [
  {
    name: 'unit',
    files: ['src/**/*.test.ts', 'tools/**/*.test.ts', 'test/*.test.ts'],
    concurrency: 1,
    isOneProcess: true,
    timeoutMs: 60_000,
  },
  { name: 'conformance', files: ['test/conformance/**/*.test.ts'], concurrency: 2, timeoutMs: 180_000 },
  // Half of their time they wait, for answers that do not come.
  { name: 'integration', files: ['test/integration/**/*.test.ts'], concurrency: 3, timeoutMs: 180_000 },
  { name: 'drills', files: ['test/drills/**/*.test.ts'], concurrency: 1, timeoutMs: 300_000 },
  { name: 'e2e', files: ['test/e2e/**/*.test.ts'], concurrency: 2, timeoutMs: 300_000 },
  { name: 'faults', files: ['test/faults/**/*.test.ts'], concurrency: 1, timeoutMs: 420_000 },
];
