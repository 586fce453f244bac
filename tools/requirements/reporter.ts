import path from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import { claimsIn } from './requirement.ts';

/** A test that claims to prove a requirement, and whether it did. One JSON line each in `.test-results/`. */
export interface Proof {
  readonly claim: string;
  readonly passed: boolean;
  readonly test: string;
  readonly file: string;
}

/** For `node --test --test-reporter ./tools/requirements/reporter.ts --test-reporter-destination FILE`. */
export default async function* reporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    // What was skipped, or is still to do, proved nothing.
    const passed = type === 'test:pass' && data.skip === undefined && data.todo === undefined;
    const file = path.relative(process.cwd(), data.file ?? '');
    for (const claim of claimsIn(data.name)) {
      const proof: Proof = { claim, passed, test: data.name, file };
      yield `${JSON.stringify(proof)}\n`;
    }
  }
}
