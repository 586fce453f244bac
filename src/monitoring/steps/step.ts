import * as z from 'zod';
import { didYouMean } from '../../kernel/nearest-word.ts';
import { type Reference, referencesIn } from '../expectations/condition.ts';
import { keptReference } from '../expectations/kept-reference.ts';
import { checkTogether, HTTP_PLACEHOLDERS, requestKeys, webAddress } from '../protocols/http-keys.ts';
import { KEPT_NAME, templateOf } from './template.ts';

const STEPS_MAX = 20;
const NAME_CHARS_MAX = 40;

const Step = z
  .strictObject({
    name: z.string().min(1).max(NAME_CHARS_MAX).describe('What this step is called when it fails.'),
    http: webAddress(),
    ...requestKeys([...HTTP_PLACEHOLDERS, 'CONTEXT']),
    keep: z
      .record(
        z.string().regex(KEPT_NAME, 'Expected a name of letters, digits, - and _, such as token.'),
        keptReference(['BODY', 'HEADERS', 'STATUS']),
      )
      .optional()
      .describe(
        'Values of the answer for later steps, e.g. `token: "[BODY].token"`; there they are written `[CONTEXT].token`.',
      ),
    always: z
      .boolean()
      .default(false)
      .describe('Whether to do this also after a step has failed, e.g. to log out. Default false.'),
  })
  .superRefine(checkTogether('http'));
export type Step = z.output<typeof Step>;

/** The setting `steps:`. A step can only use what an earlier one keeps. */
export const Steps = z
  .array(Step)
  .min(1)
  .max(STEPS_MAX)
  .transform((steps, context) => {
    const kept = new Set<string>();
    const names = new Set<string>();
    for (const [index, step] of steps.entries()) {
      if (names.has(step.name)) refuse([index, 'name'], `There is a step ${step.name} already.`);
      names.add(step.name);
      for (const { name, path } of usesOf(step)) {
        if (!kept.has(name)) refuse([index, ...path], explain(name, kept));
      }
      for (const name of Object.keys(step.keep ?? {})) kept.add(name);
    }
    return steps;

    function refuse(path: (string | number)[], message: string): void {
      context.addIssue({ code: 'custom', path, message });
    }
  });

function explain(name: string, kept: ReadonlySet<string>): string {
  const meant = didYouMean(name, kept);
  const known = kept.size === 0 ? 'none keeps anything' : `kept until here: ${[...kept].join(', ')}`;
  return [`No earlier step keeps ${name}; ${known}.`, meant].filter(Boolean).join(' ');
}

interface Use {
  readonly name: string;
  readonly path: readonly (string | number)[];
}

/** The names of all kept values this step needs, by the setting that needs them. */
export function usesOf({ http, headers = {}, body, auth, expect }: Step): readonly Use[] {
  const conditions = Object.entries(expect ?? {}).flatMap(([, list]) => list);
  return [
    ...inText(http.reveal(), ['http']),
    ...Object.entries(headers).flatMap(([name, value]) => inText(value.reveal(), ['headers', name])),
    ...inText(body?.reveal() ?? '', ['body']),
    ...inText(auth?.bearer?.reveal() ?? '', ['auth', 'bearer']),
    ...conditions.flatMap(referencesIn).flatMap((reference) => nameIn(reference)),
  ];
}

function inText(text: string, path: Use['path']): readonly Use[] {
  return templateOf(text).names.map((name) => ({ name, path }));
}

function nameIn({ placeholder, path: [name] }: Reference): readonly Use[] {
  return placeholder === 'CONTEXT' ? [{ name: String(name), path: ['expect'] }] : [];
}
