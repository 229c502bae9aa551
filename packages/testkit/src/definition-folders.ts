import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished } from 'vitest'

/** An empty project and an empty home for a test of definitions, removed after the test. */
export type DefinitionFolders = {
  project: string
  home: string
  environment: Record<string, string>
  /** Writes a file of the project, and returns its path. */
  write(path: string, lines: readonly string[]): string
  /** Writes `.subagent-mcp/agents/<name>.md` with these further lines of frontmatter. */
  define(name: string, lines?: readonly string[]): string
}

/** Creates the project and home folders of one test. */
export function makeDefinitionFolders(): DefinitionFolders {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'definitions-')))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  const [project, home] = [join(folder, 'project'), join(folder, 'home')]
  for (const path of [project, home]) mkdirSync(path)
  const environment = { HOME: home, USERPROFILE: home }
  const write = (path: string, lines: readonly string[]): string => {
    const file = join(project, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${lines.join('\n')}\n`)
    return file
  }
  const define = (name: string, lines: readonly string[] = []): string => {
    const head = ['---', `name: ${name}`, `description: what ${name} does`, ...lines, '---']
    return write(`.subagent-mcp/agents/${name}.md`, [...head, `You are ${name}.`])
  }
  return { project, home, environment, write, define }
}

/** Creates a matcher for `expect` that takes any text which a pattern matches. */
export function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}

/** Creates a matcher for `expect` that takes any text which contains this one. */
export function containing(text: string): unknown {
  return expect.stringContaining(text)
}
