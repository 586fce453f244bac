import process from 'node:process';
import { type TestContext, test } from 'node:test';

export const isRoot = process.getuid?.() === 0;

/**
 * What only root can show: another user's rights, a disk of its own. For others it is counted as still to do, so that
 * nobody takes it for done.
 */
export function rootTest(name: string, run: (t: TestContext) => Promise<void>): void {
  if (isRoot) void test(name, run);
  else void test(name, { todo: 'Only root can show this: run the tests as root.' });
}
