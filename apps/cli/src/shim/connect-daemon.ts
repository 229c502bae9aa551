import { SubagentError } from '@subagent-mcp/contract'
import type { ShimHello } from '@subagent-mcp/daemon'
import type { Socket } from 'node:net'
import { findInstalledDaemon, startInstalledDaemon } from './installed-daemon.js'
import { sayHelloToDaemon, type DaemonConnection } from './say-hello.js'
import type { WaitingHostLines } from './waiting-host-lines.js'

/** The pause after a failed try doubles each time, from the first to the longest, in milliseconds. */
const [firstPause, longestPause] = [100, 10_000]

/** The number of times that a daemon may close a new connection, as an exiting daemon does. */
const mostRefusals = 8

/**
 * Connects to the first daemon of this process, which `reach` finds or starts.
 * @throws SubagentError `daemon-unreachable` for a daemon that closes every connection, and errors of `reach`
 */
export async function connectFirstDaemon(
  hello: ShimHello,
  reach: () => Promise<Socket>,
): Promise<DaemonConnection> {
  let pause = firstPause
  for (let tries = 0; tries < mostRefusals; tries += 1) {
    const connected = await sayHelloToDaemon(await reach(), hello)
    if (connected) return connected
    await delay(pause)
    pause *= 2
  }
  const hint = 'subagent-mcp daemon logs says why'
  throw new SubagentError('daemon-unreachable', 'the daemon closes every connection', { hint })
}

/**
 * Tries to connect to the next daemon without a time limit. A daemon is started only for a request of the host, because the
 * user may have stopped the last one with `daemon stop`.
 */
export async function connectNextDaemon(
  hello: ShimHello,
  waiting: WaitingHostLines,
): Promise<DaemonConnection> {
  for (let pause = firstPause; ; pause = Math.min(2 * pause, longestPause)) {
    let found = await findInstalledDaemon()
    if (!found && waiting.hasRequest() && (await starts(waiting))) found = await findInstalledDaemon()
    const connected = found && (await sayHelloToDaemon(found, hello))
    if (connected) return connected
    await Promise.race([delay(pause), waiting.untilRequest()])
  }
}

/** Waits. `node:timers/promises` is not used, because loading it makes the start slower. */
function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** Starts a daemon; returns false on failure. The waiting requests of the host then get the reason as their error. */
async function starts(waiting: WaitingHostLines): Promise<boolean> {
  try {
    await startInstalledDaemon()
    return true
  } catch (error) {
    waiting.fail(error instanceof Error ? error.message : String(error))
    return false
  }
}
