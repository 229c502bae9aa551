import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { createHandTerminal, type HandTerminal } from '../terminal/hand-terminal.test.support.js'

/** A project and a home with nothing in them; both go with their test. */
export type DefinitionFolders = {
  project: string
  home: string
  environment: Record<string, string>
  /** Writes a file of the project, and returns its path. */
  write(path: string, lines: readonly string[]): string
  /** Writes `.subagent-mcp/agents/<name>.md` with these further lines of frontmatter. */
  define(name: string, lines?: readonly string[]): string
  /** A terminal that is in the project. */
  terminal: HandTerminal
}

/** Makes them. */
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
  const terminal = createHandTerminal({ cwd: project, now: () => Date.UTC(2026, 10, 21, 12) })
  Object.assign(terminal, { home, environment })
  return { project, home, environment, write, define, terminal }
}

/** Any text that matches. */
export function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}

/** Any text with that in it. */
export function containing(text: string): unknown {
  return expect.stringContaining(text)
}
