import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

/** A CLI behind as many processes as ours, which only copy bytes. */
export type BareRelay = {
  /** Sends a message, and returns the first line that contains `text`. */
  ask(message: object, text: string): Promise<string>
  close(): Promise<void>
}

/** Starts the CLI behind a process for the daemon and one for the process that a host starts. */
export async function openBareRelay(cli: string): Promise<BareRelay> {
  const folder = mkdtempSync(join(tmpdir(), 'relay-'))
  const socket = join(folder, 'relay.sock')
  const server = startRelay('serve', socket, cli)
  await once(server.stdout, 'data')
  const shim = startRelay('connect', socket)
  return {
    ask: askByLines(shim),
    close: async () => {
      const ended = [server, shim].map((process) => once(process, 'exit'))
      shim.stdin.end()
      await Promise.all(ended)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Returns a function that writes a message to a process as a line, and reads its output up to the first line that contains `text`. */
export function askByLines({ stdin, stdout }: { stdin: Writable; stdout: Readable }): BareRelay['ask'] {
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]()
  return async (message, text) => {
    stdin.write(`${JSON.stringify(message)}\n`)
    for (;;) {
      const line = String((await lines.next()).value)
      if (line.includes(text)) return line
    }
  }
}

function startRelay(...args: string[]): ChildProcessByStdio<Writable, Readable, null> {
  const script = fileURLToPath(new URL('./bare-relay.js', import.meta.url))
  return spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
}
