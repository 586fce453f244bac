import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { IntlMessageFormat } from 'intl-messageformat';
import { en } from './en.ts';
import { LANGUAGES } from './index.ts';
import type { Language } from './language.ts';

type Part = ReturnType<IntlMessageFormat['getAst']>[number];

/** What the parser calls plain text, by its number. */
const PLAIN: ReadonlySet<number> = new Set([0]);

const NOT_A_LANGUAGE = new Set(['index.ts', 'language.ts']);

test('every file in the folder is a language of the list', () => {
  const files = readdirSync(import.meta.dirname).filter(
    (file) => !file.endsWith('.test.ts') && !NOT_A_LANGUAGE.has(file),
  );

  assert.deepEqual(files.toSorted(), LANGUAGES.map(({ tag }) => `${tag}.ts`).toSorted());
});

for (const language of LANGUAGES) {
  test(`${language.tag} has the same texts with the same placeholders as English [STA-06/R]`, () => {
    assert.deepEqual(Object.keys(language.texts).toSorted(), Object.keys(en.texts).toSorted());
    for (const key of Object.keys(en.texts) as (keyof typeof en.texts)[]) {
      assert.deepEqual(placeholdersOf(language, key), placeholdersOf(en, key), `${language.tag} ${key}`);
    }
  });

  test(`${language.tag} has a form for every plural its language knows`, () => {
    const needed = new Intl.PluralRules(language.locale).resolvedOptions().pluralCategories;
    for (const [key, text] of Object.entries(language.texts)) {
      for (const forms of pluralsIn(parsed(language, text))) {
        // `other` alone is a choice: the word before it does not change with the number.
        if (forms.length === 1 && language.tag !== 'ar') continue;
        assert.deepEqual(forms.toSorted(), needed.toSorted(), `${language.tag} ${key}`);
      }
    }
  });
}

test('Arabic has all six plural forms', () => {
  assert.deepEqual(pluralsIn(parsed(LANGUAGES[2] ?? en, LANGUAGES[2]?.texts['days.affected'] ?? '')), [
    ['zero', 'one', 'two', 'few', 'many', 'other'],
  ]);
});

function parsed(language: Language, text: string): readonly Part[] {
  return new IntlMessageFormat(text, language.locale, undefined, { ignoreTag: true }).getAst();
}

function placeholdersOf(language: Language, key: keyof typeof en.texts): readonly string[] {
  const found = new Set<string>();
  const walk = (parts: readonly Part[]): void => {
    for (const part of parts) {
      if ('value' in part && !PLAIN.has(part.type)) found.add(part.value);
      for (const option of optionsOf(part)) walk(option.value);
    }
  };
  walk(parsed(language, language.texts[key]));
  return [...found].toSorted();
}

function pluralsIn(parts: readonly Part[]): readonly (readonly string[])[] {
  return parts.flatMap((part) => ('options' in part ? [Object.keys(part.options)] : []));
}

function optionsOf(part: Part): readonly { readonly value: readonly Part[] }[] {
  return 'options' in part ? Object.values(part.options) : [];
}
