import type { RepositoryColumn, RepositoryThing } from '@subagent-mcp/driver-kit'
import type { TemporaryHome } from '@subagent-mcp/testkit'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { startCaptureServer } from './claude-repository.js'

/** A repository whose files try to run programs and to catch requests. */
export type HostileRepository = {
  /** The folder below its root in which agents are launched. */
  cwd: string
  /** Writes a file of it; what is no text as JSON. */
  write(path: string, content: string | object): void
  /** A shell command that leaves a mark of a thing when it runs, with a word of its own. */
  marking(thing: RepositoryThing, word?: string): string
  /** The address of a server to which nothing may go: a request to it is a mark of the thing. */
  catching(thing: RepositoryThing): string
  /** Closes the server. Returns what ran or was asked for, each as `thing-word`. */
  marks(): Promise<readonly string[]>
}

/** Makes one in a home. */
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
    marking: (thing, word = 'ran') => `touch ${join(ran, `${thing}-${word}`)}`,
    catching: (thing) => `${server.url}/${thing}-`,
    marks: async () => {
      await server.close()
      const heard = server.heard.map((line) =>
        line.startsWith('CONNECT') ? 'endpoint-proxy' : line.replace(/^.*\/(?=\w+-)/, ''),
      )
      return [...readdirSync(ran), ...heard]
    },
  }
}

/** What a session showed: the marks, all that its model was told, and what it did with calls. */
export type Seen = { marks: readonly string[]; told: string; also?: readonly RepositoryThing[] }

/**
 * Compares what became of some things with the cells of a column: one is given where its mark is there, where the model was
 * told a text that begins with `TEXT-thing`, or where the test saw it otherwise.
 */
export function expectCells(
  { cells }: RepositoryColumn,
  things: readonly RepositoryThing[],
  { marks, told, also = [] }: Seen,
): void {
  const isGiven = (thing: RepositoryThing) =>
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

/** The rows in which a column says something. */
export function thingsIn({ cells }: RepositoryColumn): readonly RepositoryThing[] {
  return thingNames(cells).filter((thing) => cells[thing] !== 'none')
}

function thingNames(cells: RepositoryColumn['cells']): RepositoryThing[] {
  const isThing = (name: string): name is RepositoryThing => name in cells
  return Object.keys(cells).filter(isThing)
}
