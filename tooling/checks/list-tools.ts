import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { z } from 'zod'

const Answer = z.looseObject({ id: z.number().optional(), result: z.unknown() })
const Greeting = z.looseObject({ instructions: z.string().default('') })
const ListedTools = z.object({
  tools: z.array(z.looseObject({ name: z.string(), outputSchema: z.unknown().optional() })),
})

/** The instructions and tools that an MCP server sends to every host. */
export type ServerTexts = { instructions: string; tools: z.infer<typeof ListedTools>['tools'] }

const known = new Map<string, Promise<ServerTexts>>()

/** Asks the built server of a checkout for its instructions and tools. It is started once, because two checks need them. */
export function listTools(root: string): Promise<ServerTexts> {
  const texts = known.get(root) ?? askServer(join(root, 'apps/cli/bin/subagent-mcp.js'))
  known.set(root, texts)
  return texts
}

/** Starts `node <script> serve --in-process` for a user who wants all tools offered, and asks it as a host would. */
async function askServer(script: string): Promise<ServerTexts> {
  const home = mkdtempSync(join(tmpdir(), 'list-tools-'))
  mkdirSync(join(home, '.subagent-mcp'))
  writeFileSync(join(home, '.subagent-mcp', 'config.jsonc'), '{ "tools": "all" }')
  const server = spawn(process.execPath, [script, 'serve', '--in-process'], {
    env: { PATH: process.env['PATH'], HOME: home, USERPROFILE: home, TMPDIR: home, TEMP: home },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(server, 'close')
  try {
    return await ask(server.stdin, server.stdout)
  } finally {
    server.stdin.end()
    await ended
    rmSync(home, { recursive: true })
  }
}

async function ask(input: Writable, output: Readable): Promise<ServerTexts> {
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
  throw new Error('the server exited before it listed its tools: run subagent-mcp serve --in-process')
}
