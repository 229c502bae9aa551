import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { isDesk } from '../run/is-desk.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Real processes start in most packages, on machines that do other things too. */
const packages = { testTimeout: 20_000, hookTimeout: 20_000 }

/** What `thorough` of testkit marks. */
const thorough = {
  name: 'thorough',
  description: 'takes long and shows again, or on another CLI, what others show: for CI and the soak',
  skip: isDesk,
}

/** The real CLIs: after all others, in homes of their own. */
const endToEnd = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  sequence: { groupOrder: 1 },
}

/** One run over the whole workspace, a project a package: `npx vitest --project core` runs one of them. */
export default defineConfig({
  test: {
    // More than the cores: many files wait for processes more than they compute.
    maxWorkers: 3,
    slowTestThreshold: 5000, // below it a file is one line
    reporters: ['default', 'json'],
    outputFile: { json: `${root}.tools/test-report.json` },
    projects: [
      ...['packages', 'apps', 'tooling'].flatMap(packagesIn).map((folder) => project(folder, packages)),
      project('e2e', endToEnd),
    ],
  },
})

function packagesIn(folder) {
  return readdirSync(`${root}${folder}`)
    .map((name) => `${folder}/${name}`)
    .filter((path) => existsSync(`${root}${path}/package.json`))
}

function project(folder, limits) {
  return {
    test: {
      name: folder.split('/').at(-1),
      root: `${root}${folder}`,
      include: ['**/*.test.{ts,mjs,js}'],
      exclude: ['**/node_modules/**', '**/dist/**'],
      pool: 'forks',
      // The files of a worker share the modules that they import: a third of the time went into importing anew.
      isolate: false,
      tags: [thorough],
      expect: { poll: { timeout: 15_000 } },
      ...limits,
    },
  }
}
