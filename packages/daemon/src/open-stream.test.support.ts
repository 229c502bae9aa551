import { request, type IncomingMessage } from 'node:http'
import { onTestFinished } from 'vitest'
import type { ManualDaemon } from './manual-daemon.test.support.js'

/** Opens the daemon's event stream with plain `node:http`, without the client. */
export async function openStream(
  { socketPath }: ManualDaemon,
  headers: Record<string, string>,
  start: (response: IncomingMessage) => void = () => undefined,
): Promise<{ response: IncomingMessage; read(): string }> {
  const sent = request({ socketPath, path: '/v1/events', headers, agent: false }).end()
  onTestFinished(() => void sent.destroy())
  const response = await new Promise<IncomingMessage>((resolve) => sent.once('response', resolve))
  let text = ''
  response.on('error', () => undefined)
  response.on('data', (chunk) => (text += String(chunk)))
  start(response)
  return { response, read: () => text }
}
