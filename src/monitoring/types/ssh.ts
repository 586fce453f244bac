import * as z from 'zod';
import { expectations } from '../expectations/expectations.ts';
import { unreached, withExpectations } from '../expectations/verdict.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { downBecause } from '../protocols/failure.ts';
import { hostAndPort, printHostAndPort } from '../protocols/server-address.ts';
import type { SshServer } from '../protocols/ssh.ts';

const PORT = 22;
const COOKIE_BYTES = 16;

const SshSettings = z.strictObject({
  ssh: hostAndPort({ defaultPort: PORT, example: 'a server such as shop.example or shop.example:2222' }).describe(
    'Server to greet, e.g. "shop.example:2222". Default port 22.',
  ),
  fingerprint: z
    .string()
    .regex(/^SHA256:[A-Za-z\d+/]{43}=?$/, 'Expected a fingerprint as ssh-keygen -l prints it, such as SHA256:….')
    .transform((text) => text.replace(/=$/, ''))
    .optional()
    .describe('The host key the server must have, as `ssh-keygen -l` prints it: "SHA256:…". Default: any.'),
  expect: expectations(['CONNECTED', 'RESPONSE_TIME', 'BODY'])
    .optional()
    .describe(
      'Conditions that must all hold, or `{ down: […], degraded: […] }`. [BODY] is what the server calls itself.',
    ),
});
type SshSettings = z.output<typeof SshSettings>;

export const ssh = defineMonitor({
  type: 'ssh',
  summary: 'Greets an SSH server and has it prove its host key. It does not log in.',
  example: 'login: { ssh: "shop.example:22", fingerprint: "SHA256:9LgvNhUmNbjpLnLdqCwZxj6uRYVcJ3yHTrDYFaG4yCE" }',
  testedAgainst: 'OpenSSH 9.2',
  settings: SshSettings,
  target: ({ ssh: target }) => printHostAndPort(target),
  check,
});

async function check(settings: SshSettings, io: ProbeIo): Promise<CheckResult> {
  const { ssh: target, fingerprint, expect } = settings;
  const where = printHostAndPort(target);
  const { lookAtSsh } = await import('../protocols/ssh.ts');
  const { KEY_KINDS } = await import('../protocols/ssh-host-key.ts');
  const { SshUnreadable } = await import('../protocols/ssh-wire.ts');
  const startedAt = io.clock.ticks();
  try {
    const server = await look(KEY_KINDS.flat());
    const latencyMs = io.clock.ticks() - startedAt;
    const complaint =
      fingerprint === undefined || server.fingerprint === fingerprint
        ? undefined
        : await otherKeyOf(server, fingerprint);
    const own: CheckResult =
      complaint === undefined
        ? { latencyMs, ...judge(server, where) }
        : { latencyMs, state: 'down', reason: `${where} ${complaint}` };
    return withExpectations(expect, own, { connected: true, responseTimeMs: latencyMs, body: server.software });
  } catch (error) {
    if (error instanceof SshUnreadable && !io.signal.aborted)
      return withExpectations(expect, { state: 'down', reason: `${where} ${error.message}` }, { connected: true });
    return unreached(expect, downBecause(error, io, where), io.clock.ticks() - startedAt);
  }

  async function look(keyAlgorithms: readonly string[]): Promise<SshServer> {
    const cookie = Buffer.from(io.ids.secret(COOKIE_BYTES), 'base64url');
    const socket = await io.net.tcp.connect(target, io.signal);
    try {
      return await lookAtSsh(socket, { cookie, keyAlgorithms });
    } finally {
      socket.destroy();
    }
  }

  /** A server has one key of each kind, and shows one at a time. */
  async function otherKeyOf(server: SshServer, expected: string): Promise<string | undefined> {
    if (server.fingerprint === null) return 'offers no way to prove its host key that is known here.';
    for (const kind of KEY_KINDS) {
      const offered = kind.filter((algorithm) => server.keyAlgorithms.includes(algorithm));
      if (offered.length === 0) continue;
      const shown = await look(offered);
      if (shown.fingerprint === expected) return undefined;
    }
    return `has another host key than the one expected: ${server.fingerprint}.`;
  }
}

function judge({ fingerprint, speaksSsh1 }: SshServer, where: string): CheckResult {
  if (speaksSsh1) return { state: 'degraded', reason: `${where} still speaks SSH 1, which anybody can read.` };
  if (fingerprint === null) {
    // Too old, or too new: servers may be told to take nothing but what came after this was written.
    return {
      state: 'degraded',
      reason: `${where} has no way in common with us to prove its host key: it may be anybody.`,
    };
  }
  return { state: 'up' };
}
