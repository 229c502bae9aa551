import type { IncomingMessage } from 'node:http'
import { refusal, type Refusal } from '../http/refusal.js'
import { bearsToken } from './token.js'

/**
 * Lets in over TCP only who knows the token, and no web page but our own: a page elsewhere gives itself away by its
 * `Origin`, or by the name that it made lead here in `Host`.
 */
export function createGuard(port: number, token: string): (request: IncomingMessage) => Refusal | undefined {
  const hosts = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`)
  const origins = hosts.map((host) => `http://${host}`)
  return ({ headers }) => {
    if (!hosts.includes(headers.host?.toLowerCase() ?? ''))
      return forbidden('Host: not a name of this machine')
    if (headers.origin !== undefined && !origins.includes(headers.origin))
      return forbidden('Origin: not ours')
    return bearsToken(headers.authorization, token) ? undefined : unauthorized()
  }
}

function forbidden(message: string): Refusal {
  return refusal(403, 'invalid-parameter', message)
}

function unauthorized(): Refusal {
  const hint = 'send the token of the token file'
  const headers = { 'www-authenticate': 'Bearer' }
  return refusal(401, 'invalid-parameter', 'Authorization: a bearer token is needed', { hint, headers })
}
