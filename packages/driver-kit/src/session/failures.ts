import type { Failure } from '@subagent-mcp/contract'
import type { ChildExit } from '../child/child.js'

/** Why an opening failed whose signal was aborted. */
export const calledOff: Failure = { reason: 'unknown', message: 'the launch was called off' }

/** What was thrown where nothing should: a folder that cannot be written, a NUL in a model's name. */
export function unexpectedFailure(cause: unknown): Failure {
  return { reason: 'unknown', message: cause instanceof Error ? cause.message : String(cause) }
}

/** Why a CLI's process ended that nobody had told to; `notInstalled` when there was nothing to start. */
export function exitFailure(name: string, exit: ChildExit, notInstalled: Failure): Failure {
  const { code, signal, stderrTail, spawnError } = exit
  if (spawnError?.code === 'ENOENT') return { ...notInstalled, message: `${name} could not be started` }
  const how = spawnError?.message ?? (signal === null ? `code ${code ?? 'unknown'}` : `signal ${signal}`)
  const tail = stderrTail === '' ? {} : { stderrTail }
  return { reason: 'crashed', message: `${name} ended unasked (${how})`, ...tail }
}
