import { get } from 'node:http'
import { text } from 'node:stream/consumers'

/** The time limit of the health request, in milliseconds. */
const patienceMs = 1_000

/**
 * Whether the daemon on a socket is draining: it answers, but accepts no host. Uses no client code, which is more than a shim
 * may load. Never rejects: `false` for a daemon that does not answer within 1 s.
 */
export function isDaemonDraining(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = get({ socketPath, path: '/v1/health', agent: false, timeout: patienceMs })
    asked.once('timeout', () => asked.destroy())
    asked.once('error', () => {
      resolve(false)
    })
    asked.once('response', (response) => {
      text(response).then(
        (words) => {
          resolve(saysSo(words))
        },
        () => {
          resolve(false)
        },
      )
    })
  })
}

function saysSo(words: string): boolean {
  try {
    const health: unknown = JSON.parse(words)
    return typeof health === 'object' && health !== null && 'draining' in health && health.draining === true
  } catch {
    return false // It is no daemon of ours that answers.
  }
}
