import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { postRequest, sendRequest } from './ask.test.support.js'
import { launchBody, startManualDaemon, type ManualDaemon } from './manual-daemon.test.support.js'
import { readTokenFile } from './server/connections/token.js'

describe('the TCP listener', () => {
  test('accepts clients with the token and a host name of this machine, and no web page of another origin', async () => {
    const { daemon, token, port } = await startWithTcp()
    const bearer = { authorization: `Bearer ${token}` }
    const own = `http://127.0.0.1:${port}`
    const rows: [headers: Record<string, string>, status: number][] = [
      [bearer, 200],
      [{ authorization: `bearer ${token}` }, 200],
      [{ ...bearer, host: `localhost:${port}` }, 200],
      [{ ...bearer, host: `[::1]:${port}` }, 200],
      [{ ...bearer, origin: own }, 200],
      [{ ...bearer, origin: `http://localhost:${port}` }, 200],
      [{}, 401],
      [{ authorization: 'Bearer ' }, 401],
      [{ authorization: `Bearer ${token}x` }, 401],
      [{ authorization: `Bearer ${token.slice(1)}` }, 401],
      [{ authorization: `Basic ${token}` }, 401],
      [{ origin: own }, 401],
      [{ ...bearer, host: `evil.example:${port}` }, 403],
      [{ ...bearer, host: '127.0.0.1' }, 403],
      [{ ...bearer, host: `127.0.0.1:${port + 1}` }, 403],
      [{ ...bearer, origin: 'http://evil.example' }, 403],
      [{ ...bearer, origin: 'null' }, 403],
      [{ ...bearer, origin: `https://127.0.0.1:${port}` }, 403],
      [{ ...bearer, origin: `http://127.0.0.1:${port + 1}` }, 403],
    ]
    for (const [headers, status] of rows) {
      const answer = await sendRequest(daemon, { port, headers })
      expect([headers, answer.status]).toEqual([headers, status])
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
    const forged = { ...postRequest('/v1/agents', launchBody), headers: { 'content-type': 'text/plain' } }
    expect((await sendRequest(daemon, { ...forged, port })).status).toBe(401)
    expect(
      (await sendRequest(daemon, { ...forged, port, headers: { ...forged.headers, ...bearer } })).status,
    ).toBe(415)
    expect(daemon.supervisor.state().agents.size).toBe(0)
  })

  test('accepts no shim', async () => {
    const { daemon, port } = await startWithTcp()
    const answer = await sendRequest(daemon, {
      port,
      method: 'POST',
      path: '/',
      headers: {},
      body: '{"subagentMcp":1}\n',
    })
    expect(answer.status).toBe(401)
    expect(daemon.visits).toEqual([])
  })

  test('creates a token file that only its owner can read, and keeps it', async () => {
    const { tokenPath, token } = await startWithTcp()
    expect((await stat(tokenPath)).mode & 0o777).toBe(0o600)
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    const again = await startManualDaemon({ tcp: { port: 0, tokenPath } })
    expect(again.server.tcpPort).toBeDefined()
    expect((await readFile(tokenPath, 'utf8')).trim()).toBe(token)
  })

  test('a token file appears with its whole content, for clients that read it at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'token-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const path = join(folder, 'token')
    const made = readTokenFile(path)
    while (!existsSync(path)) await setImmediate()
    const read = readFileSync(path, 'utf8')
    expect(read).toBe(`${await made}\n`)
    expect(await readdir(folder)).toEqual(['token'])
  })

  test('stays closed when the token is unsafe or the port is taken: the log says why, and the daemon continues', async () => {
    const { tokenPath, port } = await startWithTcp()
    const [open, short] = [`${tokenPath}-open`, `${tokenPath}-short`]
    await writeFile(open, 'x'.repeat(43), { mode: 0o644 })
    await writeFile(short, 'x', { mode: 0o600 })
    const rows = [
      [{ port, tokenPath }, 'EADDRINUSE'],
      [{ port: 0, tokenPath: open }, 'others can read it'],
      [{ port: 0, tokenPath: short }, '32 characters'],
    ] as const
    for (const [tcp, why] of rows) {
      const { client, server, logged } = await startManualDaemon({ tcp })
      expect(server.tcpPort).toBeUndefined()
      expect(logged).toEqual([expect.stringContaining(why)])
      expect(await client.health()).toBeTruthy()
    }
  })

  test('listens on loopback only', async () => {
    const { port } = await startWithTcp()
    const other = createServer()
    onTestFinished(() => void other.close())
    await expect(
      new Promise((resolve, reject) => {
        other.once('error', reject).listen(port, '127.0.0.2', () => {
          resolve('free')
        })
      }),
    ).resolves.toBe('free')
  })
})

async function startWithTcp(): Promise<{
  daemon: ManualDaemon
  tokenPath: string
  token: string
  port: number
}> {
  const folder = await mkdtemp(join(tmpdir(), 'token-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const tokenPath = join(folder, 'token')
  const daemon = await startManualDaemon({ tcp: { port: 0, tokenPath } })
  const port = daemon.server.tcpPort
  if (port === undefined) throw new Error(`no TCP: ${daemon.logged.join()}`)
  return { daemon, tokenPath, token: (await readFile(tokenPath, 'utf8')).trim(), port }
}
