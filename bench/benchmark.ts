import process from 'node:process';
import { parseArgs } from 'node:util';
import { asJson, asTable, type Figure } from './figure.ts';

/** Something that is measured beside a peer or a physical limit, in turns, so that a busy machine is unfair to both. */
export interface Benchmark {
  readonly name: string;
  /** One line: what is compared with what. */
  readonly summary: string;
  measure(effort: Effort): Promise<readonly Figure[]>;
}

export interface Effort {
  /** Figures are the medians of so many rounds. */
  readonly rounds: number;
  /** How long each part of a round runs, where a part has no length of its own. */
  readonly seconds: number;
}

/** Reads the command line, measures, and prints a table or one JSON document. Figures are reported, not asserted. */
export async function runBenchmarks(benchmarks: readonly Benchmark[]): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '3' },
    },
  });
  const unknown = positionals.filter((name) => benchmarks.every((benchmark) => benchmark.name !== name));
  if (unknown.length > 0) {
    const names = benchmarks.map(({ name }) => name);
    process.stderr.write(`There is no benchmark ${unknown.join(', ')}; there are: ${names.join(', ')}.\n`);
    return;
  }
  const chosen = benchmarks.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const effort = { rounds: Number(values.rounds), seconds: Number(values.seconds) };
  const reports = [];
  for (const { name, summary, measure } of chosen) {
    process.stderr.write(`Measuring ${name} …\n`);
    const report = { name, summary, figures: await measure(effort) };
    if (!values.json) process.stdout.write(asTable(report));
    reports.push(report);
  }
  if (values.json) process.stdout.write(asJson(reports));
}
