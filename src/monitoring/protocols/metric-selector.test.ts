import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selector } from './metric-selector.ts';

const LABELS = new Map([
  ['status', '503'],
  ['path', '/a"b'],
]);

const MATCHING: Readonly<Record<string, boolean>> = {
  http_requests_total: true,
  'http_requests_total{}': true,
  'x{status="503"}': true,
  'x{status="50"}': false,
  'x{status!="503"}': false,
  'x{status=~"5.."}': true,
  'x{status=~"5"}': false,
  'x{status!~"4..|5.."}': false,
  [String.raw`x { status = '503' , path = "/a\"b", }`]: true,
  'x{status="503",path="/"}': false,
  'x{job=""}': true,
  'x{job!=""}': false,
};

for (const [text, isMatch] of Object.entries(MATCHING)) {
  test(`${text} ${isMatch ? 'selects' : 'leaves out'}`, () => {
    assert.equal(selector().parse(text).matches(LABELS), isMatch);
  });
}

const REFUSED: Readonly<Record<string, RegExp>> = {
  '': /Expected a metric such as/,
  '{a="b"}': /Expected a metric such as/,
  'x{a}': /Expected a metric such as/,
  'x{a="b"': /Expected a metric such as/,
  'x{a="b" c="d"}': /Expected a metric such as/,
  'rate(x[5m])': /Expected a metric such as/,
  'x{a=~"("}': /Expected a regular expression/,
  'x{a=~"(a+)+"}': /cannot hold another one/,
};

for (const [text, complaint] of Object.entries(REFUSED)) {
  test(`${JSON.stringify(text)} is refused`, () => {
    assert.match(selector().safeParse(text).error?.issues[0]?.message ?? '', complaint);
  });
}
