import { SubagentError } from '@subagent-mcp/contract'
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import type { Context } from './check.js'

/** Runs a command of ours to its end, without a terminal. @throws SubagentError with what it said when it fails */
export async function runOurs(
  words: readonly string[],
  { server, environment, cwd }: Pick<Context, 'server' | 'environment'> & { cwd: string },
): Promise<void> {
  const child = spawn(server.command, [...server.args, ...words], {
    cwd,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
    windowsHide: true,
  })
  const ended = new Promise<number | string | null>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message)
    })
    child.once('close', resolve)
  })
  const said = await text(child.stderr)
  const code = await ended
  if (code === 0) return
  throw new SubagentError(
    'io-failed',
    `subagent-mcp ${words.join(' ')} ended with ${code ?? 'a signal'}: ${said.trim()}`,
  )
}
