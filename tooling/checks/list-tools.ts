import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { z } from 'zod'

const Answer = z.looseObject({ id: z.number().optional(), result: z.unknown() })
const Greeting = z.looseObject({ instructions: z.string().default('') })
const ListedTools = z.object({ tools: z.array(z.looseObject({ name: z.string() })) })

/** What an MCP server tells every host before any work. */
export type ServerWords = { instructions: string; tools: z.infer<typeof ListedTools>['tools'] }

/** Starts `node <script> serve --in-process` and asks it as a host would. What it writes goes below the folder `home`. */
export async function listTools(script: string, home: string): Promise<ServerWords> {
  const server = spawn(process.execPath, [script, 'serve', '--in-process'], {
    env: { PATH: process.env['PATH'], HOME: home, USERPROFILE: home, TMPDIR: home, TEMP: home },
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: 20_000,
    killSignal: 'SIGKILL',
  })
  const ended = once(server, 'close')
  try {
    return await ask(server.stdin, server.stdout)
  } finally {
    server.stdin.end()
    await ended
  }
}

async function ask(input: Writable, output: Readable): Promise<ServerWords> {
  const send = (message: object) => input.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const host = {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'check', version: '0' },
  }
  let instructions = ''

  send({ id: 1, method: 'initialize', params: host })
  for await (const line of createInterface({ input: output })) {
    const { id, result } = Answer.parse(JSON.parse(line))
    if (id === 2) return { instructions, tools: ListedTools.parse(result).tools }
    if (id !== 1) continue
    instructions = Greeting.parse(result).instructions
    send({ method: 'notifications/initialized' })
    send({ id: 2, method: 'tools/list' })
  }
  throw new Error('the server ended before it had listed its tools')
}
