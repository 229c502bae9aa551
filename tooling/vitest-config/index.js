import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import LongFilesFirst from './long-files-first.mjs'
import { tags } from './tags.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const here = (file) => fileURLToPath(new URL(file, import.meta.url))

/** One run over the whole workspace. A path runs a part of it: `npx vitest packages/core`. */
export default defineConfig({
  test: {
    // More than the cores: most test files wait for processes more than they compute.
    maxWorkers: availableParallelism() + 3,
    sequence: { sequencer: LongFilesFirst },
    slowTestThreshold: 5000, // below it a file is one line
    reporters: ['default', 'json'],
    outputFile: { json: `${root}.tools/test-report.json` },
    projects: [
      // One project for all packages, because the files of a project's worker share what they import.
      project('packages', ['packages/*/src/**/*.test.ts', 'tooling/*/*.test.{ts,mjs}']),
      project('cli', ['apps/cli/src/**/*.test.ts'], [`${root}apps/cli/src/global-setup.test.support.ts`]),
      project('e2e', ['e2e/src/**/*.test.ts']),
    ],
  },
})

function project(name, include, globalSetup = []) {
  return {
    test: {
      name,
      root,
      include,
      globalSetup,
      pool: 'forks',
      isolate: false,
      // What is built is loaded by node itself: only the tests and what lies beside them need a transform.
      server: { deps: { external: [/\/dist\//] } },
      tags,
      // Limits that grow on a slow or busy machine take the place of vitest's fixed ones; that of hooks only keeps a run
      // from standing still forever.
      runner: here('./patient-runner.mjs'),
      setupFiles: [here('./patient-waits.mjs')],
      testTimeout: 0,
      hookTimeout: 600_000,
    },
  }
}
