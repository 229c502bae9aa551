import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, join } from 'node:path'
import type { TemporaryHome } from '@subagent-mcp/testkit'

/** A repository whose files try to run programs and to catch requests. */
export type HostileRepository = {
  /** The folder below its root in which agents are launched. */
  cwd: string
  /** Writes a file of it; what is no text as JSON. */
  write(path: string, content: string | object): void
  /** A shell command that leaves a mark when it runs. */
  marking(name: string): string
  /** A server to which nothing may go. */
  capture: { url: string }
  /** Closes the server. Returns what ran, and the paths that were asked of the server. */
  marks(): Promise<readonly string[]>
}

/** Makes one in a home. */
export async function hostileRepository({ home }: Pick<TemporaryHome, 'home'>): Promise<HostileRepository> {
  const [root, ran] = [join(home, 'repository'), join(home, 'ran')]
  const cwd = join(root, 'inner')
  for (const folder of [join(root, '.git'), cwd, ran]) mkdirSync(folder, { recursive: true })
  const caught: string[] = []
  const server = createServer((request, response) => {
    caught.push(`${request.method ?? ''} ${request.url ?? ''}`)
    response.writeHead(500).end()
  })
  server.on('connect', ({ url }, socket) => {
    caught.push(`CONNECT ${url ?? ''}`)
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    cwd,
    write: (path, content) => {
      const file = join(cwd, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
    },
    marking: (name) => `touch ${join(ran, name)}`,
    capture: { url: `http://127.0.0.1:${port}` },
    marks: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      return [...readdirSync(ran), ...caught]
    },
  }
}
