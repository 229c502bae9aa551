import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { tags } from './tags.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const here = (file) => fileURLToPath(new URL(file, import.meta.url))

/** One run over the whole workspace, a project a package: `npx vitest --project core` runs one of them. */
export default defineConfig({
  test: {
    // More than the cores: many files wait for processes more than they compute.
    maxWorkers: 3,
    slowTestThreshold: 5000, // below it a file is one line
    reporters: ['default', 'json'],
    outputFile: { json: `${root}.tools/test-report.json` },
    projects: [
      ...['packages', 'apps', 'tooling'].flatMap(packagesIn).map((folder) => project(folder)),
      project('e2e', { sequence: { groupOrder: 1 } }), // the real CLIs: after all others, in homes of their own
    ],
  },
})

function packagesIn(folder) {
  return readdirSync(`${root}${folder}`)
    .map((name) => `${folder}/${name}`)
    .filter((path) => existsSync(`${root}${path}/package.json`))
}

function project(folder, more) {
  const globalSetup = `${root}${folder}/src/global-setup.test.support.ts`
  return {
    test: {
      name: folder.split('/').at(-1),
      root: `${root}${folder}`,
      include: ['**/*.test.{ts,mjs,js}'],
      exclude: ['**/node_modules/**', '**/dist/**'],
      pool: 'forks',
      // The files of a worker share the modules that they import: a third of the time went into importing them again.
      isolate: false,
      tags,
      // Limits that grow on a slow or busy machine take the place of vitest's fixed ones; that of hooks only keeps a run
      // from standing still forever.
      runner: here('./patient-runner.mjs'),
      setupFiles: [here('./patient-waits.mjs')],
      testTimeout: 0,
      hookTimeout: 600_000,
      ...(existsSync(globalSetup) && { globalSetup: [globalSetup] }),
      ...more,
    },
  }
}
