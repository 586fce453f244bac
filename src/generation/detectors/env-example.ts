import type { Detector } from '../detector.ts';
import { engineOfScheme, engineOfVariable } from '../engines.ts';
import { conclude, type Evidence, type Finding } from '../finding.ts';
import { baseName } from '../project-view.ts';

export const envExample: Detector = {
  type: 'env-example',
  summary: 'Reads .env.example and its like: which databases and stores the application is told about. Never values.',
  async detect(view) {
    const findings: Finding[] = [];
    for (const path of view.paths.filter((candidate) => FILES.has(baseName(candidate))).slice(0, FILES_MAX)) {
      const source = await view.read(path);
      for (const [index, line] of (source?.text ?? '').split('\n').entries()) {
        findings.push(...findingsOf(line, { file: path, line: index + 1 }));
      }
    }
    return findings;
  },
};

/** Examples only: a real `.env` holds real secrets and is none of our business. */
const FILES = new Set(['.env.example', '.env.sample', '.env.template', '.env.dist', 'env.example']);
const FILES_MAX = 10;
const LINE =
  /^\s*(?:export\s+)?(?<name>[A-Z][A-Z0-9_]{1,63})\s*=\s*["']?(?:(?<scheme>[a-z][a-z0-9]*)(?:\+[a-z0-9]+)?:\/\/)?/;

function findingsOf(line: string, evidence: Evidence): readonly Finding[] {
  const { name: variable, scheme = '' } = LINE.exec(line)?.groups ?? {};
  if (variable === undefined) return [];
  // The scheme is the one part of a value that is no secret and says more than the name.
  const certain = engineOfScheme(scheme);
  const engine = certain ?? engineOfVariable(variable);
  if (engine === undefined) return [];

  const subject = { name: engine.name, engine: engine.engine };
  const certainty = certain === undefined && variable === 'DATABASE_URL' ? 'likely' : 'written';
  // A host or a bucket alone is not an address.
  return /_(?:URL|URI|DSN)$/.test(variable)
    ? [
        conclude(
          subject,
          { kind: 'variable', variable },
          { evidence, verb: `keeps its address in ${variable}`, certainty },
        ),
      ]
    : [conclude(subject, { kind: 'part' }, { evidence, verb: `has the variable ${variable}`, certainty })];
}
