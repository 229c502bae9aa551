import { parseJson, SubagentError } from '@subagent-mcp/contract'
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import type { Context } from './check.js'

/** Runs our setup without a terminal. @throws SubagentError with why what was not written */
export async function runSetup(
  words: readonly string[],
  { server, environment, cwd }: Pick<Context, 'server' | 'environment'> & { cwd: string },
  deadlineMs = 120_000,
): Promise<void> {
  const child = spawn(server.command, [...server.args, 'setup', ...words, '--yes', '--json'], {
    cwd,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: deadlineMs,
    windowsHide: true,
  })
  const ended = new Promise<number | string>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message)
    })
    child.once('close', (code, signal) => {
      resolve(code ?? `${signal ?? 'a signal'}: it may take ${deadlineMs / 1000} s`)
    })
  })
  const [report, said, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  if (code === 0) return
  const why = reasonsIn(report) || said.trim()
  throw new SubagentError('io-failed', why === '' ? `setup ended with ${code}` : why)
}

const Report = z.looseObject({
  files: z.array(z.looseObject({ path: z.string(), why: z.string().optional() })),
})

/** Why which file was not written. */
function reasonsIn(report: string): string {
  const files = Report.safeParse(parseJson(report)).data?.files ?? []
  return files.flatMap(({ path, why }) => (why === undefined ? [] : [`${path}: ${why}`])).join('; ')
}
