import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nkeys } from '@nats-io/transport-node'

/** A certificate for loopback and the one that signed it, as paths. */
export function makeCertificates(): { folder: string; ca: string; more: string } {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'))
  const path = (name: string): string => join(folder, name)
  const openssl = (line: string): unknown =>
    execFileSync('openssl', line.split(' '), { cwd: folder, stdio: 'pipe' })
  writeFileSync(path('names'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n')
  openssl('req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test-ca -keyout ca.key -out ca.pem')
  openssl('req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr')
  openssl(
    'x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.pem',
  )
  const more = `tls { cert_file: "${path('server.pem')}", key_file: "${path('server.key')}" }`
  return { folder, ca: path('ca.pem'), more }
}

/** An operator with one account, whose user's `.creds` file it is; `more` is for the server's configuration. */
export function makeCredentials(): { folder: string; credentials: string; more: string } {
  const folder = mkdtempSync(join(tmpdir(), 'credentials-'))
  const [operator, system, account, user] = [
    nkeys.createOperator(),
    nkeys.createAccount(),
    nkeys.createAccount(),
    nkeys.createUser(),
  ]
  const all = {
    subs: -1,
    conn: -1,
    leaf: -1,
    imports: -1,
    exports: -1,
    data: -1,
    payload: -1,
    wildcards: true,
  }
  const stores = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 }
  const claimed = (by: nkeys.KeyPair, of: nkeys.KeyPair, nats: object): string =>
    sign(by, { sub: of.getPublicKey(), nats })
  const operatorJwt = claimed(operator, operator, { type: 'operator', version: 2 })
  const accountJwt = claimed(operator, account, {
    type: 'account',
    version: 2,
    limits: { ...all, ...stores },
  })
  const systemJwt = claimed(operator, system, { type: 'account', version: 2, limits: all })
  const userJwt = claimed(account, user, { type: 'user', version: 2, subs: -1, data: -1, payload: -1 })
  const credentials = join(folder, 'worker.creds')
  const seed = new TextDecoder().decode(user.getSeed())
  writeFileSync(credentials, `${armoured('NATS USER JWT', userJwt)}${armoured('USER NKEY SEED', seed)}`)
  const known = { [account.getPublicKey()]: accountJwt, [system.getPublicKey()]: systemJwt }
  const preload = Object.entries(known).map(([key, jwt]) => `${key}: ${jwt}`)
  const more = `operator: ${operatorJwt}
system_account: ${system.getPublicKey()}
resolver: MEMORY
resolver_preload { ${preload.join('\n')} }`
  return { folder, credentials, more }
}

function sign(by: nkeys.KeyPair, claims: object): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')
  const issued = {
    jti: randomUUID(),
    iat: Math.floor(Date.now() / 1000),
    iss: by.getPublicKey(),
    name: 'test',
    ...claims,
  }
  const text = `${encode({ typ: 'JWT', alg: 'ed25519-nkey' })}.${encode(issued)}`
  return `${text}.${Buffer.from(by.sign(new TextEncoder().encode(text))).toString('base64url')}`
}

function armoured(name: string, text: string): string {
  return `-----BEGIN ${name}-----\n${text}\n------END ${name}------\n\n`
}
