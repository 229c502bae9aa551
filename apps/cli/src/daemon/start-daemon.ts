import { SubagentError } from '@subagent-mcp/contract'
import { createFolderWithParents, releaseLockFile, takeLockFile } from '@subagent-mcp/driver-kit'
import type { Socket } from 'node:net'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { checkTrustedPath, connectLocalSocket, waitForDrainingDaemon } from '@subagent-mcp/client'
import { getDaemonLogPath, getDaemonSocketPath, getDaemonStartLockPath } from './daemon-paths.js'
import { spawnDaemon, type SpawnedDaemon } from './spawn-daemon.js'
import { version } from '../version.js'

/** Milliseconds within which a daemon must have started; an earlier daemon may still be ending its agents. */
const limitMs = 20_000
const retryMs = 20

/**
 * Connects to the daemon, and starts one when none answers; of many processes that do so in parallel, one starts it. First
 * waits for a daemon that is finishing its last turns, and says so on stderr.
 * @throws SubagentError that says why it did not start
 */
export async function startDaemon(environment: NodeJS.ProcessEnv, limit = limitMs): Promise<Socket> {
  try {
    const startFile = getDaemonStartLockPath(environment, version)
    checkTrustedPath(dirname(startFile))
    createFolderWithParents(dirname(startFile))
    await waitForDrainingDaemon(getDaemonSocketPath(environment, version), sayThatWeWait)
    try {
      return await connectOrStart(environment, { startFile, deadline: Date.now() + limit })
    } finally {
      releaseLockFile(startFile)
    }
  } catch (cause) {
    if (cause instanceof SubagentError) throw cause
    const hint = 'make room, or set SUBAGENT_MCP_HOME to a folder that can be written'
    throw new SubagentError('io-failed', `cannot start the daemon (${String(cause)})`, { hint, cause })
  }
}

function sayThatWeWait(): void {
  process.stderr.write('subagent-mcp: the daemon is stopping; the next one starts when it has ended ...\n')
}

type Start = { startFile: string; deadline: number }

async function connectOrStart(
  environment: NodeJS.ProcessEnv,
  { startFile, deadline }: Start,
): Promise<Socket> {
  const path = getDaemonSocketPath(environment, version)
  let isOurTurn = false
  let started: SpawnedDaemon | undefined
  let mayFail = true
  for (;;) {
    // The lock is tried before the daemon is looked for, because the process that held the lock may have started a daemon.
    isOurTurn ||= takeLockFile(startFile)
    const socket = await connectLocalSocket(path)
    if (socket !== undefined) return socket
    const state = started?.state()
    if (state === 'failed') {
      // A daemon without output was killed from outside, such as for lack of memory. It is started once more.
      if (!mayFail || started?.lastOutput() !== '') throw notUp(environment, started)
      mayFail = false
    }
    if (Date.now() > deadline) throw notUp(environment, started)
    // A daemon that exited without an error has found another daemon, which was ending.
    if (isOurTurn && state !== 'running') started = spawnDaemon(environment)
    await delay(retryMs)
  }
}

function notUp(environment: NodeJS.ProcessEnv, started: SpawnedDaemon | undefined): SubagentError {
  const words = started?.lastOutput() ?? ''
  const message = `the daemon did not start${words === '' ? '' : `:\n${words}`}`
  return new SubagentError('daemon-failed', message, {
    hint: `its log is ${getDaemonLogPath(environment, version)}`,
  })
}
