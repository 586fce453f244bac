import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadText } from '../../test/support/manifests.ts';
import { formatProblems } from './index.ts';

const problem = { file: 'evenkeel.yaml', line: 7, column: 5, path: 'services.web.helth' };

describe('problems on a terminal', () => {
  test('show the place, the sentence, the hint and the line', () => {
    const text = formatProblems(
      [
        {
          ...problem,
          message: 'services.web.helth is not a known key.',
          hint: 'Did you mean "health"?',
          excerpt: '    helth: /health',
        },
      ],
      { hasColours: false },
    );

    assert.equal(
      text,
      [
        'evenkeel.yaml:7:5  services.web.helth is not a known key. Did you mean "health"?',
        '',
        '   7 |     helth: /health',
        '     |     ^',
        '',
      ].join('\n'),
    );
  });

  test('are separated by an empty line and need no excerpt', () => {
    const one = { ...problem, message: 'One.', excerpt: '' };

    assert.equal(
      formatProblems([one, one], { hasColours: false }),
      'evenkeel.yaml:7:5  One.\n\nevenkeel.yaml:7:5  One.\n',
    );
  });

  test('have colours only where they are wanted', () => {
    const some = [{ ...problem, message: 'M', excerpt: '    x' }];

    assert.ok(formatProblems(some, { hasColours: true }).includes('\u{1b}[31m^'));
    assert.ok(formatProblems(some, { hasColours: true, severity: 'warning' }).includes('\u{1b}[33m^'));
    assert.ok(!formatProblems(some, { hasColours: false }).includes('\u{1b}'));
  });

  test('mark the place in a long line, and show only the part around it', () => {
    const excerpt = `${'a'.repeat(300)}HERE${'b'.repeat(300)}`;
    const text = formatProblems([{ ...problem, column: 301, message: 'M', excerpt }], { hasColours: false });

    const [, , shown = '', mark = ''] = text.split('\n');
    assert.ok(shown.length < 125);
    assert.equal(shown.slice(mark.indexOf('^')).slice(0, 4), 'HERE');
  });

  test('cannot steer the terminal', async () => {
    const result = await loadText('app: shop\n"\\e[2J": 1 # \u{202e}\u{1b}]0;owned\u{7}\n');

    assert.ok('problems' in result);
    // oxlint-disable-next-line no-control-regex -- these are what must not be there
    assert.doesNotMatch(formatProblems(result.problems, { hasColours: false }), /[\u{1b}\u{7}\u{202e}]/u);
  });
});
