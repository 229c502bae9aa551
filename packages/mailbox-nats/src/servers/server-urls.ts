import { SubagentError } from '@subagent-mcp/contract'

/** The addresses of the servers, and the credentials that the URL contained. */
export type ServerAddresses = {
  /** `host:port` of each server. */
  hosts: readonly string[]
  tls: boolean
  signIn: { user: string; pass: string } | { token: string } | undefined
  /** The addresses without secrets, for logs and errors. */
  shown: string
}

/** Reads `nats://…` or `tls://…`, several with commas. @throws SubagentError `config-invalid`, whose text does not contain the URL */
export function parseServerUrls(url: string): ServerAddresses {
  const urls = url.split(',').map((one) => readUrl(one.trim()))
  const signIns = urls.filter(({ username }) => username !== '')
  const [first] = signIns
  return {
    hosts: urls.map(({ hostname, port }) => `${hostname}:${port || usualPort}`),
    tls: urls.some(({ protocol }) => protocol === 'tls:'),
    signIn: first === undefined ? undefined : signInOf(first),
    shown: urls
      .map(({ protocol, hostname, port }) => `${protocol}//${hostname}:${port || usualPort}`)
      .join(','),
  }
}

const usualPort = '4222'

function readUrl(text: string): URL {
  if (!URL.canParse(text)) throw refusal()
  const url = new URL(text)
  if (!['nats:', 'tls:'].includes(url.protocol) || url.hostname === '') throw refusal()
  return url
}

function refusal(): SubagentError {
  return new SubagentError('config-invalid', 'the URL of the mailbox is invalid', {
    hint: 'give nats://host:4222 or tls://host:4222, several with commas',
  })
}

/** The credentials of a URL. A name without a password is a token, as with the nats command. */
function signInOf({ username, password }: URL): ServerAddresses['signIn'] {
  const [name, secret] = [decodeURIComponent(username), decodeURIComponent(password)]
  return secret === '' ? { token: name } : { user: name, pass: secret }
}
