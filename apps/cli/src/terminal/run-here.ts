import { SubagentError } from '@subagent-mcp/contract'
import { thisMachine } from '@subagent-mcp/installer'
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** Runs a CLI on this terminal until it ends, and returns its exit code. @throws SubagentError when it cannot start */
export function runHere([name = '', ...words]: readonly string[], cwd: string): Promise<number> {
  const file = thisMachine().executable(name)
  if (file === undefined) throw notStarted(name, 'it was not found')
  // Ctrl-C is the CLI's now.
  const ignore = (): void => undefined
  process.on('SIGINT', ignore)
  return new Promise<number>((resolve, reject) => {
    const child = spawn(file, words, { cwd, stdio: 'inherit' })
    child.once('error', (cause) => {
      reject(notStarted(name, cause.message))
    })
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  }).finally(() => process.off('SIGINT', ignore))
}

function notStarted(name: string, reason: string): SubagentError {
  const hint = 'with --print it says what to run'
  return new SubagentError('not-installed', `cannot start ${name}: ${reason}`, { hint })
}
