import * as z from 'zod';
import type { Detector } from '../detector.ts';
import { engineOfPackage } from '../engines.ts';
import { type Certainty, conclude, type Fact, type Finding, portNumber, serviceName, shown } from '../finding.ts';
import { baseName, folderOf, type ProjectView, type SourceText } from '../project-view.ts';
import { sourceHints } from '../source-hints.ts';

export const packageJson: Detector = {
  type: 'package-json',
  summary: 'Reads package.json files: names, web frameworks and their ports, health routes, database clients.',
  async detect(view) {
    const findings: Finding[] = [];
    const names = new Set<string>();
    for (const path of view.paths.filter((candidate) => baseName(candidate) === 'package.json')) {
      const source = await view.read(path);
      const content = source === undefined ? undefined : parse(source, view);
      // The same name twice is the same package twice: a copy or a link.
      if (source === undefined || content === undefined || names.has(content.name ?? path)) continue;
      names.add(content.name ?? path);
      findings.push(...(await findingsOf(source, content, view)));
    }
    return findings;
  },
};

const Package = z.looseObject({
  name: z.string().optional().catch(undefined),
  workspaces: z.unknown().optional(),
  scripts: z.record(z.string(), z.string()).catch({}).default({}),
  dependencies: z.record(z.string(), z.unknown()).catch({}).default({}),
  devDependencies: z.record(z.string(), z.unknown()).catch({}).default({}),
});
type Package = z.output<typeof Package>;

/** The port each listens on when nobody says otherwise; the more telling name stands first. */
const FRAMEWORKS: Readonly<Record<string, number>> = {
  next: 3000,
  nuxt: 3000,
  '@remix-run/serve': 3000,
  '@react-router/serve': 3000,
  '@sveltejs/kit': 3000,
  astro: 4321,
  gatsby: 9000,
  '@angular/core': 4200,
  '@nestjs/core': 3000,
  '@adonisjs/core': 3333,
  '@strapi/strapi': 1337,
  fastify: 3000,
  express: 3000,
  koa: 3000,
  hono: 3000,
  '@hapi/hapi': 3000,
  restify: 8080,
  vite: 5173,
  'react-scripts': 3000,
};

const PORT_IN_SCRIPT = /(?:\bPORT=|\s-p[ =]?|--port[ =])(?<port>\d{2,5})\b/;

function parse(source: SourceText, view: ProjectView): Package | undefined {
  try {
    return Package.parse(JSON.parse(source.text));
  } catch {
    view.leaveOut(source.file, 'it is not the JSON of a package');
    return undefined;
  }
}

async function findingsOf(source: SourceText, content: Package, view: ProjectView): Promise<readonly Finding[]> {
  const { name, dependencies, devDependencies } = content;
  const folder = folderOf(source.file);
  const subject = { name: folder === '.' ? 'app' : serviceName(baseName(folder)), source: folder };
  const framework = Object.keys(FRAMEWORKS).find((known) => known in { ...devDependencies, ...dependencies });
  const say: Say = (key, fact, verb, certainty = 'written') => {
    const evidence = { file: source.file, line: source.lineAt(source.text.indexOf(`"${key}"`)) };
    return conclude(subject, fact, { evidence, verb, certainty });
  };

  const app =
    folder === '.' && name !== undefined ? [say('name', { kind: 'app', name }, `names it ${shown(name)}`)] : [];
  const part = partOf(framework, content, say);
  if (part === undefined) return app;
  return [
    ...app,
    part,
    ...portInScripts(content, say),
    ...(await sourceHints(view, subject)),
    ...(framework === undefined ? [] : [usualPort(framework, say)]),
    ...Object.keys(dependencies).flatMap((client) => neededBy(client, say)),
  ];
}

/** A finding about one key of the file. */
type Say = (key: string, fact: Fact, verb: string, certainty?: Certainty) => Finding;

/** A package that nothing starts is a library; the root of workspaces starts others. */
function partOf(framework: string | undefined, { scripts, workspaces }: Package, say: Say): Finding | undefined {
  if (framework !== undefined) return say(framework, { kind: 'part' }, `depends on ${framework}`);
  const isStarted = 'start' in scripts && workspaces === undefined;
  return isStarted ? say('start', { kind: 'part' }, 'has a script that starts it') : undefined;
}

function usualPort(framework: string, say: Say): Finding {
  const port = FRAMEWORKS[framework] ?? null;
  const verb = `depends on ${framework}, which usually listens on port ${port}`;
  return say(framework, { kind: 'port', port, protocol: 'http' }, verb, 'habit');
}

function neededBy(client: string, say: Say): readonly Finding[] {
  const engine = engineOfPackage(client)?.engine;
  return engine === undefined
    ? []
    : [say(client, { kind: 'needs engine', engine }, `depends on ${client}, a client of ${engine}`)];
}

function portInScripts({ scripts }: Package, say: Say): readonly Finding[] {
  return ['start', 'serve', 'dev'].flatMap((name) => {
    const port = portNumber(PORT_IN_SCRIPT.exec(scripts[name] ?? '')?.groups?.['port']);
    if (port === undefined) return [];
    const certainty = name === 'dev' ? 'likely' : 'written';
    return [say(name, { kind: 'port', port, protocol: 'http' }, `starts it on port ${port}`, certainty)];
  });
}
