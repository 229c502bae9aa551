import { expect, test } from 'vitest'
import { makeTree } from './make-tree.js'
import { measureSources } from './measure-sources.js'

function measure(files: Readonly<Record<string, unknown>>) {
  return measureSources(
    makeTree({
      'packages/one/package.json': { name: 'one' },
      'apps/cli/package.json': { name: 'two' },
      ...files,
    }),
  )
}

test('counts the files of a folder without its sub-folders and tests', () => {
  const files = (folder: string, count: number, end: string) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`${folder}/file-${index}${end}`, '']))
  const measured = measure({
    ...files('packages/one/src', 26, '.ts'),
    ...files('packages/one/src', 9, '.test.ts'),
    ...files('packages/one/src/deep', 25, '.ts'),
    ...files('packages/one/src/deep/er', 1, '.ts'),
  })
  expect(measured['folders of more than 25 files']?.counted).toEqual(['packages/one/src: 26 files'])
})

test('counts a short file with one importer, unless it is exported, loaded with import() or imported by tests alone', () => {
  const measured = measure({
    'packages/one/src/index.ts': "export { main } from './main.js'\nexport { open } from './open.js'",
    'packages/one/src/main.ts': "import './part.js'\nimport './long.js'\nimport './both.js'",
    'packages/one/src/other.ts': "import './both.js'\nawait import('./late.js')\nimport './main.js'",
    'packages/one/src/eager.ts': "import './late.js'",
    'packages/one/src/part.test.ts': "import './part.js'\nimport './unused.js'",
    ...Object.fromEntries(
      ['part', 'both', 'late', 'open', 'unused'].map((name) => [`packages/one/src/${name}.ts`, '']),
    ),
    'packages/one/src/long.ts': '1\n'.repeat(40),
  })
  expect(measured['files under 40 lines with one importer']?.counted).toEqual([
    'packages/one/src/part.ts: 1 lines, for packages/one/src/main.ts',
  ])
})

test('does not count testkit and the folders that are replaced later', () => {
  const measured = measure({
    'packages/testkit/package.json': { name: 'testkit' },
    'packages/testkit/src/a.ts': '1\n2',
    'packages/one/src/a.ts': '1',
    'apps/cli/src/a.ts': '1\n2',
    'packages/mailbox/src/nats/a.ts': '1',
  })
  expect(measured['files in apps/cli']?.value).toBe(1)
  expect(measured['lines in apps/cli']?.value).toBe(2)
  expect(measured['lines in packages and apps']?.value).toBe(3)
})
