import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { A2sUnreadable, a2sConversation, decodeInfo } from './a2s-info.ts';

test('whatever bytes come, they are read or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const verdict = a2sConversation().isAnswer(bytes);
      assert.ok(typeof verdict === 'boolean' || verdict.length <= 29);
      try {
        assert.equal(typeof decodeInfo(bytes).name, 'string');
      } catch (error) {
        assert.ok(error instanceof A2sUnreadable, String(error));
      }
    }),
  );
});
