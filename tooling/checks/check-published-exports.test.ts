import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { checkPublishedExports } from './check-published-exports.js'
import { makeTree } from './make-tree.js'

/** The checkout's own script, by which the check runs pnpm. */
const run = fileURLToPath(new URL('../run.mjs', import.meta.url))

const sound = {
  'tooling/run.mjs': `await import(${JSON.stringify(run)})`,
  'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
  'packages/a/package.json': {
    name: '@x/a',
    version: '0.0.0',
    license: 'MIT',
    type: 'module',
    files: ['dist'],
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
  },
  'packages/a/dist/index.js': 'export const one = 1\n',
  'packages/a/dist/index.d.ts': 'export declare const one = 1\n',
}

test('accepts a package whose named files are published', async () => {
  expect(await problems({})).toEqual([])
})

test('finds an export whose file does not exist', async () => {
  const [problem] = await problems({ exports: { '.': './dist/other.js' } })
  expect(problem).toContain('./dist/other.js but the file does not exist')
})

test('finds an export that is not published', async () => {
  // A file that is not published does not exist for a user of the package.
  const [problem] = await problems({ files: ['dist/index.d.ts'] })
  expect(problem).toContain('./dist/index.js but the file does not exist')
})

test('finds a script that names a source map', async () => {
  const script = 'export const one = 1\n//# sourceMappingURL=index.js.map'
  const root = makeTree({ ...sound, 'packages/a/src/index.ts': '', 'packages/a/dist/index.js': script })
  expect((await checkPublishedExports(root)).problems).toEqual([
    'packages/a/dist/index.js: names a source map, which is not published; build without',
  ])
})

test('ignores private packages', async () => {
  expect(await problems({ private: true, exports: './nothing.js' })).toEqual([])
})

async function problems(changes: object) {
  const manifest = { ...sound['packages/a/package.json'], ...changes }
  return (await checkPublishedExports(makeTree({ ...sound, 'packages/a/package.json': manifest }))).problems
}
