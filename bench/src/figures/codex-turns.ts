import { openBareCodex } from '../bare-codex.js'
import { openBenchStage, type BenchStage } from '../bench-stage.js'
import { quantile, type Figure } from '../figure.js'
import { killAgents, launchAgents, waitForAnswers } from '../launch-agents.js'
import { millisecondsOf } from '../timed.js'

const firstRounds = 20
const nextRounds = 30
const turnRounds = 100
const pin = { provider: 'codex', model: 'gpt' }

/** Time of a first launch, a next launch and a follow-up of Codex until the answer. Floor: a bare app-server. */
export async function codexTurnTime(): Promise<Figure[]> {
  const stage = await openBenchStage()
  const first = await firstLaunches(stage)
  const next = await nextLaunches(stage)
  const turns = await followUps(stage)
  await stage.close()
  const figure = (times: Times) => ({ unit: 'ms', n: times.ours.length, ours: quantile(times.ours) }) as const
  return [
    {
      ...figure(first),
      name: 'codex: first launch → finished',
      floor: { name: 'bare app-server', value: quantile(first.bare) },
      limit: { type: 'ratio', most: 1.1 },
    },
    {
      ...figure(next),
      name: 'codex: next launch → finished',
      floor: { name: 'bare new thread', value: quantile(next.bare) },
      limit: { type: 'ratio', most: 1.5 },
    },
    {
      ...figure(turns),
      name: 'codex: follow-up → finished',
      floor: { name: 'bare warm turn', value: quantile(turns.bare) },
      limit: { type: 'amount', most: quantile(turns.bare) + 5 },
    },
  ]
}

type Times = { bare: number[]; ours: number[] }

/** Measures launches for which our product and the floor both start a process. */
async function firstLaunches(stage: BenchStage): Promise<Times> {
  const times: Times = { bare: [], ours: [] }
  for (let round = 0; round < firstRounds; round += 1) {
    const start = performance.now()
    const server = await openBareCodex(stage.home)
    await (await server.session()).turn()
    times.bare.push(performance.now() - start)
    await server.close()
    let ids: string[] = []
    times.ours.push(await millisecondsOf(async () => (ids = await launchAgents(stage, pin))))
    await killAgents(stage, ids)
  }
  return times
}

/** Measures launches for which our product and the floor both have a process with a thread already. */
async function nextLaunches(stage: BenchStage): Promise<Times> {
  const times: Times = { bare: [], ours: [] }
  const server = await openBareCodex(stage.home)
  await (await server.session()).turn()
  const ids = await launchAgents(stage, pin)
  for (let round = 0; round < nextRounds; round += 1) {
    times.bare.push(await millisecondsOf(async () => (await server.session()).turn()))
    times.ours.push(await millisecondsOf(async () => ids.push(...(await launchAgents(stage, pin)))))
  }
  await server.close()
  await killAgents(stage, ids)
  return times
}

async function followUps(stage: BenchStage): Promise<Times> {
  const times: Times = { bare: [], ours: [] }
  const server = await openBareCodex(stage.home)
  const session = await server.session()
  await session.turn()
  const ids = await launchAgents(stage, pin)
  for (let round = 0; round < turnRounds; round += 1) {
    times.bare.push(await millisecondsOf(() => session.turn()))
    times.ours.push(
      await millisecondsOf(async () => {
        await stage.host.call('send_message', { agent_id: ids[0], message: '[[say: ok]]' })
        await waitForAnswers(stage, ids)
      }),
    )
  }
  await server.close()
  return times
}
