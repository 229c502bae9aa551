import type { MailboxHealth } from '@subagent-mcp/mailbox'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { getDaemonSocketPath } from '../daemon/daemon-paths.js'
import { version } from '../version.js'
import { checkMailbox } from './check-daemon.js'
import { useDoctorHome } from './doctor-home.test.support.js'

const machine = useDoctorHome()
const kept = { kind: 'nats', where: 'nats://a:4222' } as const

test('checks no mailbox without a daemon', async () => {
  expect(await machine().look(checkMailbox)).toMatchObject([{ severity: 'ok' }])
})

test.each([
  [{ ...kept, reachable: true }, 0, [{ severity: 'ok', what: 'nats at nats://a:4222' }]],
  [
    { ...kept, reachable: true },
    2,
    [
      { severity: 'ok' },
      { severity: 'warning', what: '4 messages failed too often, and nobody tries again' },
    ],
  ],
  [
    { ...kept, reachable: true, warning: 'lists can be wrong' },
    0,
    [{ severity: 'ok' }, { severity: 'warning', what: 'lists can be wrong' }],
  ],
  [
    { ...kept, reachable: false, problem: 'no answer' },
    0,
    [{ severity: 'error', what: 'nats at nats://a:4222 cannot be reached: no answer' }],
  ],
])('%j with %i dead letters for each of two agents', async (mailbox, dead, found) => {
  await serve(mailbox, dead)
  expect(await machine().look(checkMailbox)).toMatchObject(found)
})

/** Starts a fake daemon that reports this state of its mailbox and this number of dead letters. */
async function serve(mailbox: MailboxHealth, dead: number): Promise<void> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify(request.url === '/v1/health' ? { ...health, mailbox } : { agents: [agent, agent] }),
    )
  })
  const agent = {
    ...{ name: 'api', project: '/p', capabilities: [], topics: [], wakes: 'high', handlers: [] },
    ...{ lastSeenAt: 0, waiting: 0, dead },
  }
  const path = getDaemonSocketPath(machine().context.environment, version)
  mkdirSync(dirname(path), { recursive: true })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
}

const health = {
  ...{
    version,
    pid: 77,
    startedAt: 0,
    uptimeSeconds: 60,
    queue: 0,
    connections: 0,
    hosts: 0,
    draining: false,
  },
  ...{ agents: { running: 0, alive: 0, total: 2 }, journal: { path: '/j', bytes: 0 } },
}
