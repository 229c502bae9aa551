import { thorough } from '@subagent-mcp/testkit'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { useServerStage } from './server-stage.js'
import { processesOf, untilProcessesGone } from './processes.js'
import { printCounts, roundCount } from './rounds.js'

const stage = useServerStage({}, 'in-process')

const kills = roundCount(3, 100)
const turns = roundCount(20, 1_000)

/**
 * Longest pause before a kill, in milliseconds: in odd rounds the CLIs are still starting, in even ones a tool runs.
 */
const longestPause = 1_000

test('[server-killed] whenever the server is killed, no process survives 5 s', thorough, async () => {
  let [survivors, children, tools] = [0, 0, 0]
  for (let round = 0; round < kills; round += 1) {
    const { host, home, launch } = await stage().restart({})
    await launch('[[say: half]] [[hang]]')
    await launch('[[tool: Bash {"command":"sleep 1000 & sleep 1000","description":"sleep"}]]')
    if (round % 2 === 0) {
      await expect.poll(() => processesOf(home.home, 'sleep').length).toBe(2)
    }
    await delay(Math.random() * longestPause)
    children += processesOf(home.home, 'claude').length
    tools += processesOf(home.home, 'sleep').length
    process.kill(host.pid, 'SIGKILL')
    survivors += (await untilProcessesGone(home.home, 5_000)).length
  }
  const counts = { rounds: kills, 'claude processes': children, 'tool processes': tools, survivors }
  printCounts('server killed at random moments', counts)
  expect(children).toBeGreaterThan(kills)
  expect(tools).toBeGreaterThanOrEqual(kills)
  expect(survivors).toBe(0)
})

test('[queued-messages] [follow-up] over many turns each message gets its own answer', thorough, async () => {
  const { launch, host } = stage()
  const id = await launch('[[say: answer 0.]]')
  await host.call('wait')
  let wrong = 0
  for (let turn = 1; turn <= turns; turn += 2) {
    await host.call('send_message', { agent_id: id, message: `[[say: answer ${turn}.]]` })
    await host.call('send_message', { agent_id: id, message: `[[say: answer ${turn + 1}.]]` })
    const { text } = await host.call('wait', { until: 'all' })
    const told = [...text.matchAll(/turn \d+ finished.*\nanswer (\d+)\./g)].map(([, number]) =>
      Number(number),
    )
    if (told.join() !== `${turn},${turn + 1}`) wrong += 1
  }
  printCounts('follow-ups on one session', { turns, 'wrong answers': wrong })
  expect(wrong).toBe(0)
})
