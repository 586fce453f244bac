import { backup } from './backup.ts';
import { runBenchmarks } from './benchmark.ts';
import { checks } from './checks.ts';
import { delivery } from './delivery.ts';
import { history } from './history.ts';
import { outbox } from './outbox.ts';
import { page } from './page.ts';
import { results } from './results.ts';
import { scale } from './scale.ts';
import { startup } from './startup.ts';

await runBenchmarks([startup, page, results, outbox, delivery, backup, history, ...checks, ...scale]);
