import { processesWith, thorough } from '@subagent-mcp/testkit'
import { openJournal, openSqliteStore } from '@subagent-mcp/journal'
import { closeSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { untilProcessEnds, useCliRuntime } from '../cli-runtime.test.support.js'
import { clientOf, makeKnown, daemonPid, launchEndless, oursIn, startMcp } from './cli-daemon.test.support.js'

const theRuntime = useCliRuntime()
const ours = (...names: string[]) => oursIn(theRuntime(), ...names)
const runs = (pid: number) => processesWith(theRuntime().home).includes(pid)

/** Starts a daemon with an agent whose turn does not end. `end` resolves with all that the daemon wrote. */
async function startDaemon() {
  const child = theRuntime().start(['daemon', 'run'])
  const end = untilProcessEnds(child)
  await expect.poll(() => daemonPid(theRuntime())).toBe(child.pid)
  return { pid: child.pid ?? 0, end, agent: await launchEndless(theRuntime()) }
}

test('a daemon whose state folder is deleted ends, with its agents, and says why', thorough, async () => {
  const { pid, end, agent } = await startDaemon()
  const { end: hostEnd, child: host } = await startMcp(theRuntime())
  rmSync(ours(), { recursive: true })
  const { stderr } = await end
  expect(stderr).toMatch(
    /ends: .*(journal\.db|daemon-0\.0\.0\.sock) is gone: what it takes from now on could not be kept/,
  )
  expect(runs(pid)).toBe(false)
  agent.remove()
  // The next one begins with nothing, in a folder of its own.
  expect((await theRuntime().run(['ps', '--all'])).stdout).not.toContain(agent.id)
  expect(await daemonPid(theRuntime())).not.toBe(pid)
  host.stdin.end()
  await hostEnd
})

test(
  'of two daemons, one of which had the folder before it was replaced, that one ends',
  thorough,
  async () => {
    const { pid, end, agent } = await startDaemon()
    renameSync(ours(), `${ours()}-before`)
    mkdirSync(ours(), { mode: 0o700 })
    expect((await theRuntime().run(['daemon', 'start'])).code).toBe(0)
    const second = await daemonPid(theRuntime())
    expect(second).not.toBe(pid)
    const { stderr } = await end
    expect(stderr).toMatch(/ends: .* (is gone|was replaced)/)
    expect(await daemonPid(theRuntime())).toBe(second)
    agent.remove()
  },
)

test('ps and doctor report lost agents and mail until the loss is confirmed', thorough, async () => {
  const { run } = theRuntime()
  await run(['daemon', 'start'])
  const { id, remove } = await launchEndless(theRuntime())
  const client = clientOf(theRuntime())
  await client.kill(id)
  remove()
  await makeKnown(theRuntime(), 'api')
  for (const body of ['one', 'two'])
    await client.mail.send({ from: { name: 'me', host: 'box', through: 'http' }, to: 'api', body })
  await run(['daemon', 'stop'])
  for (const name of readdirSync(ours()).filter((name) => /^journal\.db/.test(name))) rmSync(ours(name))
  const lost = new RegExp(
    `lost: .*it is gone; up to \\d+ facts and up to 2 messages are lost.*of agents ${id}`,
  )
  expect((await run(['ps', '--all'])).stderr).toMatch(lost)
  expect(theRuntime().log()).toContain('something that was acknowledged is gone')
  expect((await run(['doctor'])).stdout).toMatch(lost)
  await run(['doctor', '--fix', '--yes'])
  expect((await run(['ps', '--all'])).stderr).not.toContain('lost:')
})

test.each([
  ['in the middle', 'it was damaged', 3_000_000],
  ['nowhere', undefined, undefined],
])('a large journal, which threads check, with damage %s', thorough, async (_, found, place) => {
  const owner = { kind: 'daemon', pid: 1, startTime: '-', place: '-', nonce: '', version: '-' } as const
  const callbacks = { isAlive: () => false, onForeign: () => undefined, now: Date.now }
  const journal = openJournal({ path: ours('journal.db'), owner, ...callbacks })
  const body = { text: 'x'.repeat(15_000) }
  for (let at = 1; at <= 400; at += 1) journal.append([{ at, agentId: 'a', type: 'unknown', body }])
  journal.close()
  // Otherwise the write-ahead log would hide the damage.
  const store = openSqliteStore(ours('journal.db'))
  store.rows(z.unknown(), 'PRAGMA wal_checkpoint(TRUNCATE)')
  store.close()
  if (place !== undefined) {
    const file = openSync(ours('journal.db'), 'r+')
    writeSync(file, Buffer.alloc(8_192, 0xa5), 0, 8_192, place)
    closeSync(file)
  }
  expect((await theRuntime().run(['daemon', 'start'])).code).toBe(0)
  if (found === undefined) expect(theRuntime().log()).not.toContain('is gone')
  else expect(theRuntime().log()).toMatch(new RegExp(`something that was acknowledged is gone: .*${found}`))
})
