import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { isLocalRun } from '../run/environment.mjs'
import LongFilesFirst from './long-files-first.mjs'
import { secondTries } from './second-tries.mjs'
import { tags } from './tags.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const here = (file) => fileURLToPath(new URL(file, import.meta.url))

/** One vitest run over the whole workspace. `npx vitest packages/core` runs the tests of one folder. */
export default defineConfig({
  test: {
    // More workers than cores, because most tests wait for other processes most of the time.
    maxWorkers: availableParallelism() + 3,
    sequence: { sequencer: LongFilesFirst },
    slowTestThreshold: 5000, // the reporter names slower tests, and prints one line for a file without any
    reporters: ['default', 'json', secondTries],
    outputFile: { json: `${root}.tools/test-report.json` },
    projects: [
      // One project for all packages, because the test files of a worker share imported modules within a project.
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
      // Node itself loads built files. Only tests and the sources beside them need a transform.
      server: { deps: { external: [/\/dist\//] } },
      tags,
      retry: isLocalRun ? 0 : 1, // reported by name at the end
      // The runner and the set-up replace vitest's fixed time limits by some that grow on a slow or busy machine. The
      // limit of hooks stays, and is high: it only stops a run that would hang forever.
      runner: here('./patient-runner.mjs'),
      setupFiles: [here('./patient-waits.mjs')],
      testTimeout: 0,
      hookTimeout: 600_000,
    },
  }
}
