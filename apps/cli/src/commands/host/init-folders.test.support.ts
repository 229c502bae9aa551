import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createTestTerminal, type TestTerminal } from '../../terminal/terminal.test.support.js'
import { initCommand } from './init.js'

/** An empty git repository as project and an empty home folder, both removed after the test. */
export type InitFolders = {
  project: string
  home: string
  terminal: TestTerminal
  /** Runs `init` in the project, and returns its exit code and output. */
  init(...words: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }>
  write(path: string, text: string): string
  read(path: string): string
  /** Returns all files of a folder with their bytes, by their paths in it. */
  bytesIn(folder: string): Record<string, string>
}

/** Creates an empty project and an empty home, and removes them after the test. */
export function makeInitFolders(variables: Record<string, string> = {}): InitFolders {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'init-')))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  const [project, home] = [join(folder, 'project'), join(folder, 'home')]
  for (const path of [join(project, '.git'), home]) mkdirSync(path, { recursive: true })
  const terminal = createTestTerminal({ cwd: project, now: () => Date.UTC(2026, 10, 21, 12) })
  // An empty PATH: what hosts this machine has is not for the tests.
  const environment = { HOME: home, PATH: '', SUBAGENT_MCP_HOME: join(folder, 'ours'), ...variables }
  Object.assign(terminal, { home, environment })
  return {
    project,
    home,
    terminal,
    init: async (...words) => {
      Object.assign(terminal.said, { stdout: '', stderr: '' })
      const code = await initCommand.run(words, terminal)
      return { code, ...terminal.said }
    },
    write: (path, text) => {
      const file = join(project, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
      return file
    },
    read: (path) => readFileSync(join(project, path), 'utf8'),
    bytesIn,
  }
}

function bytesIn(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return [path.slice(folder.length + 1), entry.isFile() ? readFileSync(path, 'latin1') : 'no file']
    }),
  )
}
