import { SubagentError } from '@subagent-mcp/contract'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { AgentDefinition } from './definition.js'
import { findDefinition, listDefinitions, type ListedDefinition } from './find-definition.js'
import { listSearchFolders } from './search-folders.js'

export type TestProject = {
  /** Returns the absolute path of a file in the project. */
  at(path: string): string
  write(files: Readonly<Record<string, string | Uint8Array>>): void
  find(name: string, environment?: Record<string, string>): AgentDefinition
  list(): readonly ListedDefinition[]
}

/** Creates a project, and a home in `../home`, in a temporary folder that is deleted when the test ends. */
export function makeProject(files: Readonly<Record<string, string | Uint8Array>> = {}): TestProject {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'definitions-')))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const project = join(root, 'project')
  mkdirSync(project)
  const home = join(root, 'home')
  const places = (environment = {}) =>
    listSearchFolders(project, { HOME: home, USERPROFILE: home, ...environment })
  const made: TestProject = {
    at: (path) => join(project, path),
    write: (more) => {
      for (const [path, content] of Object.entries(more)) {
        mkdirSync(dirname(join(project, path)), { recursive: true })
        writeFileSync(join(project, path), content)
      }
    },
    find: (name, environment) => findDefinition(name, places(environment), project),
    list: () => listDefinitions(places(), project),
  }
  made.write(files)
  return made
}

/** The error that a call throws. */
export function errorOf(call: () => unknown): SubagentError {
  try {
    call()
  } catch (error) {
    if (error instanceof SubagentError) return error
    throw error
  }
  throw new Error('it threw nothing')
}
