import { rmSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { buildCli } from './build-cli.test.support.js'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder with the whole command, built from the sources when this run of the tests began. */
    cli: string
  }
}

/** Builds the command once for all test files of a run, because dist/ may be older than the sources. */
export async function setup(project: TestProject): Promise<() => void> {
  const folder = await buildCli()
  project.provide('cli', folder)
  return () => rmSync(folder, { recursive: true })
}
