import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rootCauseOf } from './root-cause.ts';

const DEPENDS_ON: Readonly<Record<string, readonly string[]>> = {
  web: ['api'],
  api: ['db', 'cache'],
  ring: ['wheel'],
  wheel: ['ring'],
};

const cases = [
  { failing: ['web'], name: 'web', cause: 'web' },
  { failing: ['web', 'api'], name: 'web', cause: 'api' },
  { failing: ['web', 'api', 'db'], name: 'web', cause: 'db' },
  { failing: ['web', 'db'], name: 'web', cause: 'web' },
  { failing: ['api', 'db', 'cache'], name: 'api', cause: 'db' },
  { failing: ['ring', 'wheel'], name: 'ring', cause: 'wheel' },
];

for (const { failing, name, cause } of cases) {
  test(`while ${failing.join(', ')} fail, the failure of ${name} comes from ${cause}`, () => {
    const failures = {
      dependsOn: (other: string) => DEPENDS_ON[other] ?? [],
      isFailing: (other: string) => failing.includes(other),
    };

    assert.equal(rootCauseOf(name, failures), cause);
  });
}
