import { daemonClient } from '@subagent-mcp/e2e/home-daemons'
import { temporaryHome, type TemporaryHome } from '@subagent-mcp/testkit'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { endedAgentId, writeEndedAgents } from '../ended-agents.js'
import { quantile, type Figure } from '../figure.js'
import { findHomeDaemon } from '../home-daemon.js'
import { millisecondsOf } from '../timed.js'
import { nowhere, untilTools } from './start-up.js'

const agents = 10_000
const rounds = 10

/**
 * Time from the start of `serve` until a daemon that it starts has answered it and has shown the last of 10,000 ended agents: after a
 * stop, after SIGKILL, and at the first start of a version, which has no snapshots. Floor: the same without agents.
 */
export async function restartTime(): Promise<Figure[]> {
  const times = { floor: Array<number>(), stopped: Array<number>(), killed: Array<number>() }
  const [many, none] = [temporaryHome(nowhere), temporaryHome(nowhere)]
  writeEndedAgents(join(many.home, '.subagent-mcp', 'journal.db'), agents)
  const first = await millisecondsOf(() => untilAgents(many))
  await untilTools(none, ['serve'])
  // The first start writes snapshots in the background.
  await delay(snapshotsTake)
  for (let round = 0; round < rounds; round += 1) {
    for (const home of [many, none]) await (await findHomeDaemon(home.home)).stop()
    times.floor.push(await untilTools(none, ['serve']))
    times.stopped.push(await millisecondsOf(() => untilAgents(many)))
    process.kill((await findHomeDaemon(many.home)).pid, 'SIGKILL')
    times.killed.push(await millisecondsOf(() => untilAgents(many)))
  }
  for (const { home } of [many, none]) await (await findHomeDaemon(home)).stop()
  for (const home of [many, none]) home.remove()
  const figure = (name: string, ours: readonly number[]): Figure => ({
    ...{
      name: `start with ${agents} ended agents, ${name}`,
      unit: 'ms',
      n: ours.length,
      ours: quantile(ours),
    },
    floor: { name: 'the same without agents', value: quantile(times.floor) },
  })
  const limit = { type: 'amount', most: 1_000 } as const
  return [
    { ...figure('after a stop', times.stopped), limit },
    { ...figure('after SIGKILL', times.killed), limit },
    figure('replay', [first]),
  ]
}

const snapshotsTake = 20_000

async function untilAgents(home: TemporaryHome): Promise<void> {
  await untilTools(home, ['serve'])
  await daemonClient(home.home).agent(endedAgentId(agents - 1))
}
