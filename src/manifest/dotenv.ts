/**
 * Reads a `.env` file as Docker Compose does, without filling in variables. Our own, because `util.parseEnv` cuts
 * values at every `#`: here a comment needs white space before it, so that `PASSWORD=a#b` is `a#b`.
 */
export function parseDotenv(text: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const match of text.matchAll(ASSIGNMENT)) {
    const { name = '', single, double, plain = '' } = match.groups ?? {};
    variables.set(name, single ?? (double === undefined ? withoutComment(plain) : unescape(double)));
  }
  return variables;
}

const ASSIGNMENT = new RegExp(
  [
    String.raw`^[ \t]*(?:export[ \t]+)?(?<name>[A-Za-z_][\w.-]*)[ \t]*[=:][ \t]*`,
    String.raw`(?:'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\[^])*)"|(?<plain>.*))`,
  ].join(''),
  'gm',
);

function withoutComment(text: string): string {
  return text.replace(/(?:^|[ \t])#.*$/, '').trim();
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function unescape(text: string): string {
  return text.replaceAll(/\\(?<character>[^])/g, (_match, character: string) => ESCAPES[character] ?? character);
}
