import type { Detector } from '../detector.ts';
import { engineOfImage } from '../engines.ts';
import { type Certainty, conclude, type Fact, type Finding, portNumber, serviceName } from '../finding.ts';
import { pathAskedFor } from '../health-command.ts';
import { baseName, folderOf, type SourceText } from '../project-view.ts';

export const dockerfile: Detector = {
  type: 'dockerfile',
  summary: 'Reads Dockerfiles: the port of the last stage and the path its health check asks for.',
  async detect(view) {
    const findings: Finding[] = [];
    for (const path of view.paths.filter((candidate) => FILE.test(baseName(candidate))).slice(0, FILES_MAX)) {
      const source = await view.read(path);
      if (source !== undefined) findings.push(...findingsOf(source));
    }
    return findings;
  },
};

const FILE = /^(?:Dockerfile|Containerfile)$/;
const FILES_MAX = 40;
const INSTRUCTION = /^\s*(?<word>FROM|EXPOSE|HEALTHCHECK)\s+(?<rest>.+)$/i;

interface Instruction {
  readonly word: string;
  readonly rest: string;
  readonly line: number;
}

function findingsOf({ file, text }: SourceText): readonly Finding[] {
  const folder = folderOf(file);
  const subject = { name: folder === '.' ? 'app' : serviceName(baseName(folder)), source: folder };
  const stage = lastStage(instructionsIn(text));
  const [from] = stage;
  if (from === undefined) return [];

  const engine = engineOfImage(from.rest.split(/\s/)[0] ?? '')?.engine;
  const say = (line: number, fact: Fact, verb: string, certainty: Certainty = 'written') =>
    conclude(subject, fact, { evidence: { file, line }, verb, certainty });
  const protocol = engine === undefined ? 'http' : 'tcp';
  return [
    say(from.line, { kind: 'part' }, 'builds an image of it'),
    ...(engine === undefined ? [] : [say(from.line, { kind: 'engine', engine }, `starts from ${engine}`)]),
    ...stage.flatMap(({ word, rest, line }) => {
      const port = word === 'EXPOSE' ? portNumber(/^\d+/.exec(rest)?.[0]) : undefined;
      if (port !== undefined) return [say(line, { kind: 'port', port, protocol }, `exposes port ${port}`, 'likely')];
      const path = word === 'HEALTHCHECK' ? pathAskedFor(rest) : undefined;
      return path === undefined ? [] : [say(line, { kind: 'health', path }, `asks ${path} in its health check`)];
    }),
  ];
}

/** Comments may stand between the lines of an instruction that goes on after a backslash. */
function instructionsIn(text: string): readonly Instruction[] {
  const instructions: Instruction[] = [];
  let started: number | undefined;
  let parts: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*#/.test(line)) continue;
    const part = line.replace(/\\\s*$/, '');
    started ??= index + 1;
    parts.push(part);
    if (part !== line) continue;
    const { word, rest = '' } = INSTRUCTION.exec(parts.join(' '))?.groups ?? {};
    if (word !== undefined) instructions.push({ word: word.toUpperCase(), rest, line: started });
    started = undefined;
    parts = [];
  }
  return instructions;
}

/** What is built earlier is thrown away. */
function lastStage(instructions: readonly Instruction[]): readonly Instruction[] {
  const start = instructions.findLastIndex(({ word }) => word === 'FROM');
  return start === -1 ? [] : instructions.slice(start);
}
