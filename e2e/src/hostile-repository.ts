import type { RepositoryTableColumn, RepositoryTableRow } from '@subagent-mcp/driver-kit'
import type { TemporaryHome } from '@subagent-mcp/testkit'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { startCaptureServer } from './claude-repository.js'

/** A repository in which a test writes files that try to run programs and to redirect requests. */
export type HostileRepository = {
  /** The folder in which sessions work, below the root of the repository. */
  cwd: string
  /** Writes a file relative to `cwd`. Contents other than strings are written as JSON. */
  write(path: string, content: string | object): void
  /** Returns a shell command that leaves a mark `thing-word` when it runs. */
  markCommand(thing: RepositoryTableRow, word?: string): string
  /** Returns the URL of a server to which no session may send anything. A request there leaves a mark that names the thing. */
  captureUrl(thing: RepositoryTableRow): string
  /** Closes the server. Returns the marks of commands that ran and of requests that came, each as `thing-word`. */
  marks(): Promise<readonly string[]>
}

/** Creates an empty repository in a home folder, and starts the server that records its sessions' requests. */
export async function hostileRepository({ home }: Pick<TemporaryHome, 'home'>): Promise<HostileRepository> {
  const [root, ran] = [join(home, 'repository'), join(home, 'ran')]
  const cwd = join(root, 'inner')
  for (const folder of [join(root, '.git'), cwd, ran]) mkdirSync(folder, { recursive: true })
  const server = await startCaptureServer()
  return {
    cwd,
    write: (path, content) => {
      const file = join(cwd, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
    },
    markCommand: (thing, word = 'ran') => `touch ${join(ran, `${thing}-${word}`)}`,
    captureUrl: (thing) => `${server.url}/${thing}-`,
    marks: async () => {
      await server.close()
      const heard = server.heard.map((line) =>
        line.startsWith('CONNECT') ? 'endpoint-proxy' : line.replace(/^.*\/(?=\w+-)/, ''),
      )
      return [...readdirSync(ran), ...heard]
    },
  }
}

/** The effects of repository files on a session: marks, text that its model got, and things that the test saw otherwise. */
export type SessionEffects = { marks: readonly string[]; told: string; also?: readonly RepositoryTableRow[] }

/**
 * Compares the effects on some things with a column of the repository table. A thing counts as given when it left a
 * mark, when the model got a text that begins with `TEXT-thing`, or when it is in `also`.
 */
export function expectColumnEffects(
  { cells }: RepositoryTableColumn,
  things: readonly RepositoryTableRow[],
  { marks, told, also = [] }: SessionEffects,
): void {
  const isGiven = (thing: RepositoryTableRow) =>
    marks.some((mark) => mark.startsWith(`${thing}-`)) ||
    told.includes(`TEXT-${thing}`) ||
    also.includes(thing)
  const seen = things.map((thing) => [thing, isGiven(thing) ? 'given' : 'ignored'])
  const promised = things.map((thing) => {
    const cell = cells[thing]
    return [thing, cell === 'none' ? cell : cell.outcome]
  })
  expect(seen).toEqual(promised)
}

/** Returns the kinds of repository file for which a column of the repository table has an entry. */
export function coveredThings({ cells }: RepositoryTableColumn): readonly RepositoryTableRow[] {
  return thingNames(cells).filter((thing) => cells[thing] !== 'none')
}

function thingNames(cells: RepositoryTableColumn['cells']): RepositoryTableRow[] {
  const isThing = (name: string): name is RepositoryTableRow => name in cells
  return Object.keys(cells).filter(isThing)
}
