import { request, type IncomingHttpHeaders } from 'node:http'
import type { ManualDaemon } from './manual-daemon.test.support.js'

/** A test's HTTP request; by default `GET /v1/health` on the daemon's socket. */
export type TestRequest = {
  method: string
  path: string
  headers: Record<string, string>
  body: string
  port: number
}
type Seen = { status: number; text: string; headers: IncomingHttpHeaders }

/** Method and headers of a POST request with a JSON body. */
export function postRequest(
  path: string,
  body: object,
): Pick<TestRequest, 'method' | 'path' | 'headers' | 'body'> {
  return { method: 'POST', path, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

/** Sends an HTTP request to the daemon's socket, or to its TCP port where one is given. */
export function sendRequest({ socketPath }: ManualDaemon, ask: Partial<TestRequest>): Promise<Seen> {
  const { method = 'GET', path = '/v1/health', headers = {}, body, port } = ask
  const where = port === undefined ? { socketPath } : { host: '127.0.0.1', port }
  return new Promise((resolve, reject) => {
    const sent = request({ ...where, method, path, headers, agent: false }, (response) => {
      let text = ''
      response.on('data', (chunk) => (text += String(chunk)))
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text, headers: response.headers })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
