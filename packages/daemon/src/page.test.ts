import { dashboardOneTimeCodeLifetimeSeconds } from '@subagent-mcp/api'
import { connectDaemon } from '@subagent-mcp/client'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { postRequest, sendRequest, type TestRequest } from './ask.test.support.js'
import { launchBody, pollUntil, startManualDaemon, type ManualDaemon } from './manual-daemon.test.support.js'

const shell = { cwd: '/p', environment: { SECRET: 'sk' } }

/** A daemon with a page of two files, and an open page with its token. */
async function openPage() {
  const daemon = await startManualDaemon()
  const files = join(daemon.folder, 'page')
  mkdirSync(join(files, 'assets'), { recursive: true })
  writeFileSync(join(files, 'index.html'), '<!doctype html>')
  writeFileSync(join(files, 'assets', 'a.js'), '1')
  const { port, code } = await daemon.client.openPage(shell)
  const ask = (request: Partial<TestRequest> = {}) =>
    sendRequest(daemon, { path: '/v1/agents', port, ...request })
  const exchange = async (word: string) => ask(postRequest('/v1/page/session', { code: word }))
  const Started = z.object({ token: z.string(), cwd: z.string() })
  const start = async () => {
    const { token, cwd } = Started.parse(JSON.parse((await exchange(code)).text))
    return { cwd, token, bearer: { authorization: `Bearer ${token}` } }
  }
  return { daemon, port, code, ask, exchange, start }
}

test('a page gets its files, and nothing else without its token', async () => {
  const { daemon, port, ask, start } = await openPage()
  const { bearer, cwd } = await start()
  expect(cwd).toBe('/p')
  const own = `http://127.0.0.1:${port}`
  const rows: [Partial<TestRequest>, status: number][] = [
    [{ path: '/' }, 200],
    [{ path: '/assets/a.js' }, 200],
    [{ path: '/?code=x' }, 200],
    [{ path: '/..%2fd.sock', headers: bearer }, 404],
    [{ path: '/../mail.db', headers: bearer }, 404],
    [{}, 401],
    [{ headers: bearer }, 200],
    [{ headers: { ...bearer, origin: own, 'sec-fetch-site': 'same-origin' } }, 200],
    [{ headers: { authorization: `${bearer.authorization}x` } }, 401],
    [{ headers: { ...bearer, host: `evil.example:${port}` } }, 403],
    [{ path: '/', headers: { host: `evil.example:${port}` } }, 403],
    [{ headers: { ...bearer, origin: 'http://evil.example' } }, 403],
    [{ headers: { ...bearer, origin: `http://127.0.0.1:${port + 1}` } }, 403],
    [{ headers: { ...bearer, origin: 'null' } }, 403],
    // Another port of this machine is the same site.
    [{ headers: { ...bearer, 'sec-fetch-site': 'same-site' } }, 403],
    [{ path: '/', headers: { 'sec-fetch-site': 'cross-site' } }, 403],
    // Not the API of programs, such as the stop of the daemon.
    [{ ...postRequest('/v1/stop', {}), headers: { ...bearer, 'content-type': 'application/json' } }, 404],
    [{ path: '/v1/events', headers: bearer }, 404],
    [{ path: '/v1/metrics', headers: bearer }, 404],
    [{ path: '/mcp', method: 'POST', headers: bearer }, 404],
  ]
  for (const [request, status] of rows) {
    const answer = await ask(request)
    expect([request, answer.status]).toEqual([request, status])
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
    expect(answer.headers['referrer-policy']).toBe('no-referrer')
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  }
  expect((await sendRequest(daemon, { headers: bearer })).status).toBe(200)
  expect(daemon.stops).toEqual([])
})

test('a code opens one page: a second use closes it, and so does the page itself', async () => {
  const { code, daemon, ask, exchange, start } = await openPage()
  const { bearer } = await start()
  expect((await ask({ headers: bearer })).status).toBe(200)
  const again = await exchange(code)
  expect([again.status, again.text]).toEqual([400, expect.stringContaining('was used before')])
  expect((await ask({ headers: bearer })).status).toBe(401)
  const next = await daemon.client.openPage(shell)
  expect(next.code).not.toBe(code)
  const second = z.object({ token: z.string() }).parse(JSON.parse((await exchange(next.code)).text))
  const headers = { authorization: `Bearer ${second.token}` }
  expect((await ask({ method: 'DELETE', path: '/v1/page/session', headers })).status).toBe(200)
  expect((await ask({ headers })).status).toBe(401)
})

test('a code is guessed by nobody and ends after a minute', async () => {
  const { code, daemon, exchange } = await openPage()
  expect((await exchange(code.slice(1))).status).toBe(400)
  daemon.clock.advance((dashboardOneTimeCodeLifetimeSeconds + 1) * 1_000)
  const late = await exchange(code)
  expect([late.status, late.text]).toEqual([400, expect.stringContaining('older than a minute')])
})

test('a page works in the folder and environment of the shell that opened it, and its answers are those of a person', async () => {
  const { ask, daemon, start } = await openPage()
  const { bearer } = await start()
  const { prompt, category, provider, model } = launchBody
  const body = JSON.stringify({ prompt, category, provider, model })
  const headers = { ...bearer, 'content-type': 'application/json' }
  const launched = await ask({ method: 'POST', headers, body })
  expect(launched.status).toBe(200)
  expect(daemon.visits.at(-1)?.guest).toMatchObject({ ...shell, attended: true })
  expect(launched.text).not.toContain('sk')
  await answerFromPage(daemon, ask, headers)
  expect(daemon.records.at(-1)).toMatchObject({ who: 'a person on the page' })
})

async function answerFromPage(
  { driver, supervisor }: ManualDaemon,
  ask: (request: Partial<TestRequest>) => Promise<{ status: number }>,
  headers: Record<string, string>,
): Promise<void> {
  const [agent] = [...supervisor.state().agents.values()]
  const session = driver.sessions.at(-1)
  await session?.open()
  session?.sink({ type: 'approval-requested', requestId: 'r1', tool: 'Bash', input: { command: 'ls' } })
  const path = `/v1/agents/${agent?.profile.id ?? ''}/answers`
  const body = JSON.stringify({ decision: 'allow', requestId: 'r1' })
  expect((await ask({ method: 'POST', path, headers, body })).status).toBe(200)
}

test('a sub-agent gets no page, and a second port is refused with the first', async () => {
  const { daemon, port } = await openPage()
  const self = { pid: process.pid, environment: { SUBAGENT_MCP_DEPTH: '1' } }
  const inside = connectDaemon({ socketPath: daemon.socketPath, self })
  await expect(inside.openPage(shell)).rejects.toMatchObject({ code: 'needs-person' })
  await expect(daemon.client.openPage({ ...shell, environment: self.environment })).rejects.toMatchObject({
    code: 'needs-person',
  })
  await expect(daemon.client.openPage({ ...shell, port: port === 1_024 ? 1_025 : 1_024 })).rejects.toThrow(
    `the page is served at port ${port} already`,
  )
})

test('a stream of a page has the changed agents, and ends with its session', async () => {
  const { ask, daemon, port, start } = await openPage()
  const { bearer } = await start()
  const seen = { text: '', isOver: false }
  const reading = (async () => {
    const { body } = await fetch(`http://127.0.0.1:${port}/v1/page/events`, { headers: bearer })
    for await (const piece of body ?? []) seen.text += Buffer.from(piece).toString()
    seen.isOver = true
  })()
  // The manual clock moves until what is written at most 20 times a second has arrived.
  const arrives = (part: string) =>
    pollUntil(() => {
      daemon.clock.advance(100)
      return seen.text.includes(part)
    })
  await arrives('event: position')
  await daemon.launched()
  await arrives('"id":"a1"')
  expect(seen.text).toMatch(/^event: agents$/m)
  expect(seen.isOver).toBe(false)
  await ask({ method: 'DELETE', path: '/v1/page/session', headers: bearer })
  await reading
})
