import { expect, test } from 'vitest'
import { findChangedGateFiles, checkChangedFiles } from './gate-files.js'

const manifest = (more: object): string => JSON.stringify({ name: 'a', scripts: { test: 'vitest' }, ...more })
const texts: Record<string, { before?: string; after?: string }> = {
  'package.json': { before: manifest({}), after: manifest({ dependencies: { b: '1' } }) },
  'scripts/package.json': { before: manifest({}), after: manifest({ scripts: { test: 'true' } }) },
  'broken/package.json': { before: manifest({}), after: '{' },
  'new/package.json': { after: manifest({}) },
}
const gateFiles = (changed: string[], commands: string[], folder = ''): Promise<readonly string[]> =>
  findChangedGateFiles(changed, { commands, folder, readTexts: (path) => Promise.resolve(texts[path] ?? {}) })

test.each([
  ['a source file', ['src/a.ts', 'src/a.test.ts'], 'npm test', []],
  ['a file that the command runs', ['check.sh', 'other.sh'], 'sh ./check.sh --all', ['check.sh']],
  ['a file after an assignment or a pipe', ['a.py', 'b.py'], 'X=a.py; cat b.py|sh', ['a.py', 'b.py']],
  [
    'a test that the command names',
    ['tests/test_a.py'],
    'pytest tests/test_a.py::test_one',
    ['tests/test_a.py'],
  ],
  ['a test in a folder that the command names', ['tests/test_a.py'], 'pytest tests', []],
  [
    'configuration',
    ['a/vitest.config.ts', 'Makefile', 'tsconfig.build.json'],
    'make',
    ['a/vitest.config.ts', 'Makefile', 'tsconfig.build.json'],
  ],
  ['a dependency', ['package.json'], 'npm test', []],
  ['a script', ['scripts/package.json'], 'npm test', ['scripts/package.json']],
  [
    'a broken or new package.json',
    ['broken/package.json', 'new/package.json'],
    'npm test',
    ['broken/package.json', 'new/package.json'],
  ],
])('a changed gate file is: %s', async (_, changed, command, found) => {
  expect(await gateFiles(changed, [command])).toEqual(found)
})

test('a command names files of its folder', async () => {
  expect(await gateFiles(['check.sh', 'app/check.sh'], ['sh check.sh'], 'app')).toEqual(['app/check.sh'])
})

test.each([
  [['src/a.ts'], { only: ['src/**'] }, [], []],
  [['src/a.ts', 'docs/a.md'], { only: ['src/**', '*.md'] }, ['docs/a.md'], []],
  [['src/deep/a.ts'], { only: ['src'] }, [], []],
  [['src/deep/a.ts'], { only: ['./src/'] }, [], []],
  [['../other/a.ts'], { only: ['**'] }, [], []],
  [['src/a.ts'], { must: ['src/*.test.ts'] }, [], ['src/*.test.ts']],
  [['src/a.ts', 'src/a.test.ts'], { must: ['src/*.test.ts'], only: ['src'] }, [], []],
  [[], { only: ['src'], must: ['src'] }, [], ['src']],
])('%j within %j', (changed, rule, outside, missed) => {
  const expected = changed[0]?.startsWith('../') ? { outside: changed, missed } : { outside, missed }
  expect(checkChangedFiles(changed, rule)).toEqual(expected)
})
