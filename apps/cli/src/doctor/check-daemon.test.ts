import { repairJournal, openCommitMarks } from '@subagent-mcp/journal'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { getDaemonSocketPath } from '../daemon/daemon-paths.js'
import { version } from '../version.js'
import { type DoctorContext, type DoctorFinding, runDoctorChecks } from './run-doctor-checks.js'
import { checkDaemon, checkJournal, checkOldDaemons } from './check-daemon.js'
import { useDoctorHome } from './doctor-home.test.support.js'

const machine = useDoctorHome()
const silently = () => () => undefined

test('a daemon that hangs is an error', async () => {
  const { context } = machine()
  const hanging = await listenAt(context, version)
  const checkHanging = { name: 'daemon', run: () => checkDaemon(context, 50) }
  expect(await runDoctorChecks([checkHanging], context, silently)).toMatchObject([
    { severity: 'error', what: 'a daemon runs but does not answer' },
  ])
  await close(hanging)
})

test('the fix stops an unused daemon of another version, and no other daemon', async () => {
  const { context } = machine()
  expect(await checkOldDaemons(context)).toEqual([
    { severity: 'ok', what: 'no daemon of another version runs' },
  ])
  let hosts = 1
  let stopped = 0
  const other = await listenAt(context, '9.9.9', (request, response) => {
    if (request.method === 'POST') stopped += 1
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ ...health, hosts, stops: true }))
  })
  const [needed] = await checkOldDaemons(context)
  expect(needed).toMatchObject({ mend: 'restart the hosts that were open during the update' })
  expect(needed).not.toHaveProperty('fix')
  hosts = 0
  const [idle] = await checkOldDaemons(context)
  expect(idle).toMatchObject({
    severity: 'warning',
    mend: 'subagent-mcp daemon stop, with the copy of version 9.9.9',
  })
  await fix(idle)
  expect(stopped).toBe(1)
  await close(other)
})

test('a socket whose path is too long is an error', async () => {
  const { context } = machine()
  const environment = { ...context.environment, SUBAGENT_MCP_HOME: join(machine().home, 'x'.repeat(200)) }
  expect(
    await runDoctorChecks([{ name: 'daemon', run: checkDaemon }], { ...context, environment }, silently),
  ).toMatchObject([{ severity: 'error', mend: 'set SUBAGENT_MCP_HOME to a folder with a shorter path' }])
})

test('the fix repairs a damaged journal and reports losses, unless a daemon has it open', async () => {
  const { context, home, write } = machine()
  for (const suffix of ['', '-wal', '-shm', '.damaged-1'])
    write(`ours/journal.db${suffix}`, `no database ${suffix}`.repeat(100))
  const marks = openCommitMarks(join(home, 'ours/journal.mark'))
  marks.note([{ name: 'quiet-otter', seq: 3, at: 1 }])
  marks.close()
  const inUse = await listenAt(context, version)
  expect(await checkJournal(context)).toMatchObject([
    { mend: 'subagent-mcp daemon restart, which sets it aside and continues with what can be read' },
  ])
  await close(inUse)
  const [finding] = await checkJournal(context)
  const path = join(home, 'ours/journal.db')
  expect(finding).toMatchObject({ severity: 'error', what: `${path} is damaged: file is not a database` })
  await fix(finding)
  const names = readdirSync(join(home, 'ours'))
  const aside = names.find((name) => /damaged-\d{4}-.*Z$/.test(name)) ?? ''
  for (const suffix of ['', '-wal'])
    expect(readFileSync(join(home, 'ours', aside + suffix), 'utf8')).toBe(`no database ${suffix}`.repeat(100))
  const [sound, lost] = await checkJournal(context)
  expect(sound?.severity).toBe('ok')
  expect(lost?.what).toContain(`up to 3 facts are lost`)
  expect(lost?.what).toContain(`kept as ${join(home, 'ours', aside)}`)
  // The next start has nothing to add.
  expect(repairJournal(path, () => 0)).toBeUndefined()
})

const health = {
  ...{
    version: '9.9.9',
    pid: 77,
    startedAt: 0,
    uptimeSeconds: 60,
    queue: 0,
    connections: 0,
    draining: false,
  },
  agents: { running: 0, alive: 0, total: 2 },
  journal: { path: '/j', bytes: 0 },
}

async function listenAt(
  { environment }: DoctorContext,
  ofVersion: string,
  answer: RequestListener = () => undefined,
): Promise<Server> {
  const server = createServer(answer)
  const path = getDaemonSocketPath(environment, ofVersion)
  mkdirSync(dirname(path), { recursive: true })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return server
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  await closed
}

async function fix(finding: DoctorFinding | undefined): Promise<void> {
  if (finding === undefined || !('mend' in finding) || !finding.fix) throw new Error('nothing to mend')
  await finding.fix()
}
