import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { monitorTypes } from '../../src/monitoring/index.ts';
import type { CheckResult, MonitorType, ProbeIo } from '../../src/monitoring/monitor-type.ts';
import { probe } from './probe-io.ts';

/** Planted wherever a type takes something secret; it must not come out anywhere. */
export const PLANTED = 'hush-6Vb3-planted';

/** A target in some condition, and the settings that lead to it, as they stand in a manifest. */
export type Scene = (t: TestContext) => Promise<object>;

const handedIn = new WeakMap<object, Partial<ProbeIo>>();

/** For types that are told: the settings, and what was told. */
export function withIo<Settings extends object>(settings: Settings, io: Partial<ProbeIo>): Settings {
  handedIn.set(settings, io);
  return settings;
}

export interface TypeTrial {
  readonly up: Scene;
  readonly down: Scene;
  /** It works, and something about it is not as it should be. */
  readonly degraded: Scene | Missing;
  /** It takes the question and never answers. */
  readonly silent: Scene | Missing;
  /** Each answers with something else than it should: another protocol, garbage, or no end of it. */
  readonly hostile: Readonly<Record<string, Scene>> | Missing;
  /** It wants other credentials than it gets; what it gets holds `PLANTED`. */
  readonly rejected: Scene | Missing;
}

/** Why a type cannot have this, as a sentence. */
export type Missing = string;

const SILENT_TIMEOUT_MS = 300;
/** A hostile server may keep us busy, but no longer than a check may take. */
const HOSTILE_TIMEOUT_MS = 2_000;
const HELD_UP_MS = 1_500;
const REASON_CHARS_MAX = 600;

/**
 * What every monitor type has to get through: up, down, degraded, silence, hostile answers, wrong credentials. None may
 * throw, outlive its deadline, or show what is secret. The tests of a type begin with this, and go on with its own.
 */
export function tryType(type: MonitorType, trial: TypeTrial): void {
  describe(`the monitor type ${type.type}`, () => {
    test('is one that a manifest may name', async () => {
      await monitorTypes.load([type.type]);
      assert.equal(monitorTypes.get(type.type), type);
    });
    for (const state of ['up', 'down', 'degraded'] as const) {
      ifThere(trial[state], `tells a target that is ${state}`, (scene, t) => become(state, scene, t));
    }
    ifThere(trial.silent, 'waits for an answer no longer than it may', async (scene, t) => {
      const result = await become('down', scene, t, SILENT_TIMEOUT_MS);
      assert.match(reasonIn(result), /within 300ms/);
    });
    ifThere(trial.rejected, 'says that credentials are wrong without showing them', (scene, t) =>
      become('down', scene, t),
    );
    if (typeof trial.hostile === 'string') assertSentence(trial.hostile);
    else {
      for (const [how, scene] of Object.entries(trial.hostile)) {
        test(`finds a target down that ${how}`, async (t) => void (await become('down', scene, t, HOSTILE_TIMEOUT_MS)));
      }
    }

    async function become(state: CheckResult['state'], scene: Scene, t: TestContext, timeoutMs?: number) {
      const settings = await scene(t);
      const startedAt = performance.now();
      const io = handedIn.get(settings) ?? {};
      const result = await probe(type, settings, { ...(timeoutMs !== undefined && { timeoutMs }), io });
      if (timeoutMs !== undefined) assert.ok(performance.now() - startedAt < timeoutMs + HELD_UP_MS, 'It is held up.');
      assert.equal(result?.state, state, JSON.stringify(result));
      assertDiscreet(result, type.target(type.settings.parse(settings)));
      return result;
    }
  });
}

type Run = (scene: Scene, t: TestContext) => Promise<unknown>;

function ifThere(scene: Scene | Missing, name: string, run: Run): void {
  if (typeof scene === 'string') assertSentence(scene);
  else test(name, async (t) => void (await run(scene, t)));
}

function assertSentence(reason: Missing): void {
  assert.match(reason, /^[A-Z].{10,}\.$/, 'What a type cannot have needs a sentence that says why.');
}

/** Nothing planted, nothing that a terminal would obey, and no more than fits a message. */
function assertDiscreet(result: CheckResult | undefined, target: string): void {
  const { picture: _picture, ...said } = result ?? {};
  const text = JSON.stringify({ said, target });
  assert.ok(!text.includes(PLANTED) && !text.includes(encodeURIComponent(PLANTED)), `a secret came out: ${text}`);
  assert.ok(!text.includes(Buffer.from(PLANTED).toString('base64')), `a secret came out in base64: ${text}`);
  if (result?.state === 'up') return;
  const reason = reasonIn(result);
  assert.match(reason, /^\S.*\.$/s, 'A reason is a sentence.');
  assert.doesNotMatch(reason, /\p{Cc}/u, 'Control characters reach a terminal.');
  assert.ok(reason.length <= REASON_CHARS_MAX, `A reason has ${reason.length} characters.`);
}

function reasonIn(result: CheckResult | undefined): string {
  return result !== undefined && 'reason' in result ? result.reason : '';
}
