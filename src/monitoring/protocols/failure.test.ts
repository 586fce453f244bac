import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeIo } from '../../../test/support/probe-io.ts';
import { defineErrors } from '../../kernel/errors.ts';
import { downBecause } from './failure.ts';

const SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'db:5432 refused the connection.',
  ECONNRESET: 'db:5432 broke off the connection.',
  ENOTFOUND: 'The name in db:5432 does not exist.',
  EAI_AGAIN: 'The name in db:5432 could not be looked up: the name server does not answer.',
  EHOSTUNREACH: 'No way leads to db:5432.',
  CERT_HAS_EXPIRED: 'The certificate of db:5432 has expired.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate of db:5432 is made out to another name.',
  ERR_SSL_WRONG_VERSION_NUMBER: 'db:5432 does not speak TLS as it should (ERR_SSL_WRONG_VERSION_NUMBER).',
  EWHATEVER: 'Asking db:5432 failed (EWHATEVER).',
};

for (const [code, reason] of Object.entries(SENTENCES)) {
  test(`${code} is told in plain words, and without what the error says`, () => {
    const error = Object.assign(new Error('postgres://app:hush@db'), { code, syscall: 'connect' });

    assert.deepEqual(downBecause(error, fakeIo(), 'db:5432'), { state: 'down', reason });
  });
}

const CERTIFICATES: Readonly<Record<string, string>> = {
  INVALID_PURPOSE: 'The certificate of db:5432 is not made out for servers.',
  INVALID_CA: 'The certificate of db:5432 is signed by one that may not sign others.',
  CERT_SIGNATURE_FAILURE: 'The certificate of db:5432 cannot be trusted (CERT_SIGNATURE_FAILURE).',
  UNABLE_TO_GET_CRL: 'The certificate of db:5432 cannot be trusted (UNABLE_TO_GET_CRL).',
  PATH_LENGTH_EXCEEDED: 'The certificate of db:5432 cannot be trusted (PATH_LENGTH_EXCEEDED).',
  UNSPECIFIED: 'The certificate of db:5432 cannot be trusted (UNSPECIFIED).',
};

for (const [code, reason] of Object.entries(CERTIFICATES)) {
  test(`a certificate that Node refuses with ${code} is a failure of the target`, () => {
    // Node hands on what OpenSSL says of a chain with nothing but its code.
    const error = Object.assign(new Error('unsuitable'), { code });

    assert.deepEqual(downBecause(error, fakeIo(), 'db:5432'), { state: 'down', reason });
  });
}

test('that none of several addresses could be connected to is a failure of the target', () => {
  const cause = Object.assign(new Error('x'), { code: 'EADDRNOTAVAIL', syscall: 'connect' });
  const error = Object.assign(new AggregateError([cause, cause]), { code: cause.code });

  assert.deepEqual(downBecause(error, fakeIo(), 'db:5432'), {
    state: 'down',
    reason: 'Asking db:5432 failed (EADDRNOTAVAIL).',
  });
});

test('what our own network refuses explains itself', () => {
  const errors = defineErrors({ NET_TEST: { kind: 'forbidden', message: 'Not there.', hint: '' } });

  assert.deepEqual(downBecause(errors.NET_TEST({}), fakeIo(), 'db:5432'), { state: 'down', reason: 'Not there.' });
});

test('after the deadline only the deadline counts', () => {
  const signal = AbortSignal.abort(new DOMException('late', 'TimeoutError'));
  const reset = Object.assign(new Error('x'), { code: 'ECONNRESET' });

  assert.deepEqual(downBecause(reset, fakeIo({ signal, timeoutMs: 1_500 }), 'db:5432'), {
    state: 'down',
    reason: 'db:5432 did not answer within 1s500ms.',
  });
});

test('a shutdown of ours is no failure of the target', () => {
  const signal = AbortSignal.abort(new Error('stopping'));

  assert.throws(() => downBecause(new Error('x'), fakeIo({ signal }), 'db:5432'), /stopping/);
});

test('a mistake of ours is no failure of the target', () => {
  assert.throws(() => downBecause(new TypeError('x is not a function'), fakeIo(), 'db:5432'), TypeError);
});
