import { get } from 'node:http'
import { text } from 'node:stream/consumers'

/** The time limit of the health request, in milliseconds. */
const patienceMs = 1_000

/**
 * Whether the daemon there is on its way out: it answers, and lets running turns end, but takes no host any more.
 * Without the client, which is more than a shim may load. Never rejects: who does not say so is not ending.
 */
export function isEnding(socketPath: string): Promise<boolean> {
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
