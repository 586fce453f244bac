import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryFiles } from '../../../test/support/memory-files.ts';
import { viewProject } from '../project-view.ts';
import { pyproject } from './pyproject.ts';

test('finds the framework among the dependencies of a standard project', async () => {
  const whys = await whysOf({
    'pyproject.toml': '[project]\nname = "shop"\ndependencies = [ "Django[argon2]~=5.2", "psycopg2-binary" ]\n',
  });

  assert.deepEqual(whys, [
    'pyproject.toml:2 names it shop',
    'pyproject.toml:3 depends on django',
    'pyproject.toml:3 depends on django, which usually listens on port 8000',
    'pyproject.toml:3 depends on psycopg2-binary, a client of postgres',
  ]);
});

test('a line made to be read for ever is read once', { timeout: 2_000 }, async () => {
  const line = `dependencies = [${'"a"]#'.repeat(50_000)}\u2028x`;

  assert.deepEqual(await whysOf({ 'pyproject.toml': `[project]\n${line}\n` }), []);
});

test('finds it in a project of Poetry', async () => {
  const whys = await whysOf({
    'pyproject.toml':
      '[tool.poetry]\nname = "shop"\n[tool.poetry.dependencies]\npython = "^3.13"\nflask = { version = "^3" }\n',
  });

  assert.ok(whys.includes('pyproject.toml:5 depends on flask'));
});

test('what only tests need is no part of the application', async () => {
  const whys = await whysOf({
    'pyproject.toml':
      '[project]\nname = "lib"\n[project.optional-dependencies]\ndev = ["flask"]\n[tool.x]\nflask = 1\n',
  });

  assert.deepEqual(whys, ['pyproject.toml:2 names it lib']);
});

test('a package whose name only starts like a framework is another package', async () => {
  assert.deepEqual(await whysOf({ 'requirements.txt': 'flask-login==1\n# fastapi\n-r other.txt\n' }), []);
});

test('finds the health route of Django and the port in the code', async () => {
  const whys = await whysOf({
    'requirements.txt': 'django\n',
    'shop/urls.py': 'urlpatterns = [\n  path("healthz/", health),\n]\n',
    'main.py': 'import os\nport = 9000\n',
  });

  assert.ok(whys.includes('shop/urls.py:2 mentions the route /healthz/'));
  assert.ok(whys.includes('main.py:2 mentions port 9000'));
});

async function whysOf(texts: Readonly<Record<string, string>>) {
  const absolute = Object.entries(texts).map(([file, text]) => [`/project/${file}`, text]);
  const view = await viewProject(memoryFiles(Object.fromEntries(absolute)), '/project');
  return (await pyproject.detect(view)).map(({ why }) => why);
}
