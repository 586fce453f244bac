import type { Detector } from '../detector.ts';
import { engineOfPackage } from '../engines.ts';
import { type Certainty, conclude, type Fact, type Finding, serviceName, shown } from '../finding.ts';
import { baseName, folderOf, type SourceText } from '../project-view.ts';
import { sourceHints } from '../source-hints.ts';

export const pyproject: Detector = {
  type: 'pyproject',
  summary: 'Reads pyproject.toml and requirements.txt: names, web frameworks and their ports, database clients.',
  async detect(view) {
    const findings: Finding[] = [];
    const folders = new Set<string>();
    for (const path of view.paths.filter((candidate) => FILES.has(baseName(candidate)))) {
      const source = await view.read(path);
      // A project often has both files; the first one says it all.
      if (source === undefined || folders.has(folderOf(path))) continue;
      const found = findingsOf(source);
      findings.push(...found);
      const [part] = found.filter(({ fact }) => fact.kind === 'part');
      if (part === undefined) continue;
      folders.add(folderOf(path));
      findings.push(...(await sourceHints(view, part.subject)));
    }
    return findings;
  },
};

const FILES = new Set(['pyproject.toml', 'requirements.txt']);

const FRAMEWORKS: Readonly<Record<string, number>> = {
  django: 8000,
  fastapi: 8000,
  starlette: 8000,
  litestar: 8000,
  sanic: 8000,
  flask: 5000,
  quart: 5000,
  aiohttp: 8080,
  tornado: 8888,
  streamlit: 8501,
  gradio: 7860,
};

interface Requirement {
  readonly name: string;
  readonly line: number;
}

interface Requirements {
  readonly name: Requirement | undefined;
  readonly requirements: readonly Requirement[];
}

function findingsOf(source: SourceText): readonly Finding[] {
  const { file } = source;
  const folder = folderOf(file);
  const subject = { name: folder === '.' ? 'app' : serviceName(baseName(folder)), source: folder };
  const { name, requirements } = baseName(file) === 'pyproject.toml' ? readPyproject(source) : readRequirements(source);
  const say = (line: number, fact: Fact, verb: string, certainty: Certainty = 'written') =>
    conclude(subject, fact, { evidence: { file, line }, verb, certainty });

  const isNamed = name !== undefined && folder === '.';
  const app = isNamed ? [say(name.line, { kind: 'app', name: name.name }, `names it ${shown(name.name)}`)] : [];
  const framework = Object.keys(FRAMEWORKS)
    .map((known) => requirements.find((requirement) => requirement.name === known))
    .find((requirement) => requirement !== undefined);
  if (framework === undefined) return app;

  const port = FRAMEWORKS[framework.name] ?? null;
  const habit = `depends on ${framework.name}, which usually listens on port ${port}`;
  return [
    ...app,
    say(framework.line, { kind: 'part' }, `depends on ${framework.name}`),
    say(framework.line, { kind: 'port', port, protocol: 'http' }, habit, 'habit'),
    ...requirements.flatMap((client) => {
      const engine = engineOfPackage(client.name)?.engine;
      const verb = `depends on ${client.name}, a client of ${engine}`;
      return engine === undefined ? [] : [say(client.line, { kind: 'needs engine', engine }, verb)];
    }),
  ];
}

const REQUIREMENT = /^(?<name>[A-Za-z0-9][A-Za-z0-9._-]*)(?=\s*(?:$|[[<>=!~;@ #]))/;

function readRequirements({ text }: SourceText): Requirements {
  const requirements = text.split('\n').flatMap((line, index) => requirementIn(line.trim(), index + 1));
  return { name: undefined, requirements };
}

/**
 * The few lines of TOML we want, without a parser for all of it: the name, the list `dependencies` of `[project]`, and
 * the keys of Poetry's table. Whatever is written more cleverly than people write it goes unseen, which is harmless.
 */
function readPyproject({ text }: SourceText): Requirements {
  const requirements: Requirement[] = [];
  const names: Requirement[] = [];
  for (const { table, line, number } of linesByTable(text)) {
    if (table === 'project.dependencies') {
      const quoted = [...line.matchAll(/["'](?<spec>[^"']+)["']/g)];
      requirements.push(...quoted.flatMap(({ groups }) => requirementIn(groups?.['spec'] ?? '', number)));
    } else if (table === 'tool.poetry.dependencies') {
      requirements.push(...requirementIn(line, number));
    } else if (table === 'project' || table === 'tool.poetry') {
      const name = /^name\s*=\s*["'](?<name>[^"']+)["']/.exec(line)?.groups?.['name'];
      if (name !== undefined) names.push({ name, line: number });
    }
  }
  return { name: names[0], requirements };
}

/** Each line with the table it stands in; the list of dependencies counts as a table of its own. */
function linesByTable(text: string) {
  let table = '';
  let isInList = false;
  return text.split('\n').map((untrimmed, index) => {
    const line = untrimmed.trim();
    const header = /^\[(?<table>[\w.-]+)\]/.exec(line)?.groups?.['table'];
    if (header !== undefined && !isInList) table = header;
    const isListed = isInList || (table === 'project' && /^dependencies\s*=/.test(line));
    isInList = isListed && !/\](?:\s*#.*)?$/s.test(line);
    return { table: isListed ? 'project.dependencies' : table, line, number: index + 1 };
  });
}

function requirementIn(text: string, line: number): readonly Requirement[] {
  const name = REQUIREMENT.exec(text)?.groups?.['name']?.toLowerCase();
  return name === undefined ? [] : [{ name, line }];
}
