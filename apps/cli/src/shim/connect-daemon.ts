import { SubagentError } from '@subagent-mcp/contract'
import type { Hello } from '@subagent-mcp/daemon'
import type { Socket } from 'node:net'
import { findDaemonAgain, startDaemonAgain } from './find-daemon-again.js'
import { sayHello, type Connected } from './say-hello.js'
import type { WaitingLines } from './waiting-lines.js'

/** Milliseconds: after each try that fails the pause doubles, up to the longest. */
const [firstPause, longestPause] = [100, 10_000]

/** How often the first daemon may close the connection, as one does that is on its way out. */
const mostRefusals = 8

/** @throws SubagentError `daemon-unreachable` for a daemon that closes every connection, and what `reach` throws */
export async function connectFirst(hello: Hello, reach: () => Promise<Socket>): Promise<Connected> {
  let pause = firstPause
  for (let tries = 0; tries < mostRefusals; tries += 1) {
    const connected = await sayHello(await reach(), hello)
    if (connected) return connected
    await delay(pause)
    pause *= 2
  }
  const hint = 'subagent-mcp daemon logs says why'
  throw new SubagentError('daemon-unreachable', 'the daemon closes every connection', { hint })
}

/**
 * Looks for a daemon for as long as it takes. Only a request of the host starts one: `daemon stop` has stopped the last
 * one on purpose.
 */
export async function connectAgain(hello: Hello, waiting: WaitingLines): Promise<Connected> {
  for (let pause = firstPause; ; pause = Math.min(2 * pause, longestPause)) {
    let found = await findDaemonAgain()
    if (!found && waiting.hasRequest() && (await starts(waiting))) found = await findDaemonAgain()
    const connected = found && (await sayHello(found, hello))
    if (connected) return connected
    await Promise.race([delay(pause), waiting.untilRequest()])
  }
}

/** Without `node:timers/promises`, which nothing else here loads. */
function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** Whether a daemon has started; if not, the host is told why. */
async function starts(waiting: WaitingLines): Promise<boolean> {
  try {
    await startDaemonAgain()
    return true
  } catch (error) {
    waiting.fail(error instanceof Error ? error.message : String(error))
    return false
  }
}
