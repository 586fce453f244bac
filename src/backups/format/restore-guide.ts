import type { BackupEngine } from '../engine.ts';
import type { BackupManifest, TableCount } from './backup-manifest.ts';
import { BACKUP_FILES } from './layout.ts';
import { fingerprintOf, signerPem } from './signing.ts';

/** What a stranger needs beside the client of the database. */
const PACKAGES = ['age', 'zstd', 'openssl'];

type GuidedEngine = Pick<BackupEngine, 'contents' | 'restoreCommands'>;

/**
 * RESTORE.md: how to put this one backup back without Evenkeel, for somebody who has never done it and is tired. Every
 * block marked `sh` can be pasted as it stands, once the variables are set; a test does exactly that.
 */
export function restoreGuide(manifest: BackupManifest, engine: GuidedEngine): string {
  const { packages, target, commands } = engine.restoreCommands(manifest.source);
  const parts = [
    heading(manifest, engine),
    programs([...PACKAGES, ...packages]),
    variables(manifest, target),
    wholeness(),
    origin(manifest),
    opening(manifest),
    `## 6. Load it\n\n${shell(commands)}`,
    comparison(manifest.source.tables),
    `## 8. Tidy up\n\nThe unpacked dump is not encrypted. Remove it when you no longer need it:\n\n${shell(['rm -f "$DUMP" "$DUMP.signer.pem"'])}`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function heading({ app, environment, service, startedAt, source }: BackupManifest, { contents }: GuidedEngine): string {
  return `# How to restore this backup

It is of \`${service}\` (${app}, ${environment}), as it was on ${startedAt.slice(0, 10)} at ${startedAt.slice(11, 19)} UTC: the
database \`${plain(source.database)}\` of ${plain(source.server)}. Whatever was written after that is not in it.

\`${BACKUP_FILES.dump}\` is ${contents}, packed with zstd and encrypted with age. You need a private key that opens it,
a few programs, and nothing of Evenkeel.

Open a shell in this folder. Do the steps in order, all in that one shell, and stop when you do not see what is said
here. Nothing in this folder is changed, and the database that this backup is of is not touched.`;
}

function programs(packages: readonly string[]): string {
  return `## 1. Get the programs

On Debian or Ubuntu (OpenSSL has to be version 3 or newer):

\`\`\`console
sudo apt-get update && sudo apt-get install ${packages.join(' ')}
\`\`\``;
}

function variables({ app, service, id, dump }: BackupManifest, target: string): string {
  return `## 2. Say what is yours

Change these three lines, then paste them.

- \`KEY\`: the file with the private key, with its full path. From paper, type its last line into a file.
- \`TARGET\`: ${target}. Never the live database.
- \`DUMP\`: where the unpacked dump goes for the time being. It needs ${number(dump.plain.bytes)} bytes of space.

${shell(['KEY=CHANGE-ME', 'TARGET=CHANGE-ME', `DUMP=/var/tmp/${app}-${service}-${id}.dump`])}`;
}

function wholeness(): string {
  return `## 3. Is it whole?

${shell([`sha256sum -c ${BACKUP_FILES.sums}`])}

You see \`OK\` on four lines. If not, the backup is damaged: take the copy in another vault, or an older one.`;
}

function origin({ signer }: BackupManifest): string {
  const { manifest, signature, dump } = BACKUP_FILES;
  return `## 4. Is it yours?

Whoever can write into this folder could have put a backup of their own here, and this page with it. So first compare
the key that signed it with \`keys.signers\` in evenkeel.yaml, or with the sheet that the offline key is printed on:

    ${signer}
    fingerprint: ${fingerprintOf(signer)}

Then let OpenSSL say whether that key signed it:

${shell([
  `cat > "$DUMP.signer.pem" <<'PEM'\n${signerPem(signer)}PEM`,
  `openssl pkeyutl -verify -pubin -inkey "$DUMP.signer.pem" -rawin -in ${manifest} -sigfile ${signature}`,
  `grep "$(sha256sum < ${dump} | cut -c 1-64)" ${manifest}`,
])}

You see \`Signature Verified Successfully\`, and then one line with \`sha256\`: the dump is the one that was signed.`;
}

function opening({ dump }: BackupManifest): string {
  return `## 5. Open it

${shell([
  'umask 077',
  `age --decrypt --identity "$KEY" ${dump.file} | zstd --decompress --quiet > "$DUMP"`,
  `echo "${dump.plain.sha256}  $DUMP" | sha256sum -c`,
])}

You see the name of the dump and \`OK\`. Go on only then: a key that does not fit, or too little space, shows here.`;
}

function comparison(tables: readonly TableCount[]): string {
  if (tables.length === 0) return '## 7. Compare\n\nThe backup says of no table how many rows it had.';
  const rows = tables.map(
    ({ name, rows: count }) => `| ${plain(name)} | ${count === null ? 'not counted' : number(count)} |`,
  );
  const queries = tables.flatMap(({ name }) => countQuery(name) ?? []);
  return `## 7. Compare

When the backup was made, the tables had this many rows:

| Table | Rows |
| --- | ---: |
${rows.join('\n')}

Ask the restored database, with any client of it; the answers have to be the same:

\`\`\`sql
${queries.join('\n')}
\`\`\``;
}

/** Names that need more than quotation marks are left to the reader. */
function countQuery(name: string): string | undefined {
  if (!/^\w+(?:\.\w+)?$/.test(name)) return undefined;
  return `select count(*) from ${name
    .split('.')
    .map((part) => `"${part}"`)
    .join('.')};`;
}

function shell(lines: readonly string[]): string {
  return `\`\`\`sh\n${lines.join('\n')}\n\`\`\``;
}

function number(value: number): string {
  return new Intl.NumberFormat('en').format(value);
}

/** Names in a database may be anything; here each stays on its line, and is no markup. */
function plain(text: string): string {
  return text.replaceAll(/[\s\p{C}]+/gu, ' ').replaceAll(/[`|<>\\]/g, '?');
}
