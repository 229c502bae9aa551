import { needsNats, startNats, type NatsServer, thorough } from '@subagent-mcp/testkit'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { daemonMail, awaitOutcome, workerName, type MailMessage } from './daemon-mail.js'
import { daemonClient } from './home-daemons.js'
import { isSoak } from './rounds.js'
import { useWorkerStage, type WorkerMachine } from './worker-stage.js'

const stage = useWorkerStage()
const words = ['--provider', 'claude', '--model', 'sonnet']

describe('two machines on one NATS server', needsNats, () => {
  let nats: NatsServer & { end(): Promise<void> }
  beforeEach(async () => {
    nats = await startNats()
  })
  afterEach(() => nats.end())

  test(
    '[worker-replicas] replicas share the messages of their name, and one takes over the messages of another that is killed',
    thorough,
    async () => {
      const { model, machine } = stage()
      const machines = [
        machine({ mailbox: { url: nats.url } }),
        machine({ mailbox: { url: nats.url } }),
      ] as const
      const workers = await Promise.all(machines.map(({ start }) => start(words)))
      const [here, there] = [daemonMail(machines[0].home), daemonMail(machines[1].home)]

      const sent: MailMessage[] = []
      for (const [index, { send }] of [here, there].entries()) {
        sent.push(await send(`[[gate: both]] [[say: answer ${index}]]`))
        // The next message goes to the other replica, because this one is in a turn.
        await model.waitForRequest(({ bodyText }) => bodyText.includes(`answer ${index}`))
      }
      for (let index = 2; index < 10; index += 1)
        sent.push(await (index % 2 === 0 ? here : there).send(`[[say: answer ${index}]]`))
      model.release('both')
      // Both machines see the same outcomes.
      for (const [index, message] of sent.entries()) {
        const outcome = await awaitOutcome(there, message)
        expect(outcome).toEqual({ type: 'answered', body: `answer ${index}` })
        expect(await awaitOutcome(here, message)).toEqual(outcome)
      }
      // A reply does not wait for the line of its turn.
      await expect.poll(() => machines.flatMap(handledBy).sort()).toEqual(sent.map(({ id }) => id).sort())
      expect(machines.map(handledBy).map(({ length }) => length > 0)).toEqual([true, true])

      const last = await here.send('[[gate: last]] [[say: taken over]]')
      await model.waitForRequest(({ bodyText }) => bodyText.includes('taken over'))
      const busy = (await Promise.all(machines.map(isBusy))).indexOf(true)
      // A machine that dies with its daemon is noticed when its lease ends, after half a minute: in the soak only.
      const daemon = isSoak ? await daemonClient(machines[busy]?.home ?? '').health() : undefined
      if (daemon) process.kill(daemon.pid, 'SIGKILL')
      await workers[busy]?.kill()
      model.release('last')
      const survivor = [here, there][1 - busy] ?? here
      expect(await awaitOutcome(survivor, last)).toEqual({ type: 'answered', body: 'taken over' })
    },
  )
})

/** The ids of the messages for which a machine's worker ended a turn, from its log. */
function handledBy({ home }: WorkerMachine): string[] {
  const log = readFileSync(join(home, '.subagent-mcp/workers', `${workerName}.log`), 'utf8')
  return [...log.matchAll(/ turn ended .* messages=(\S+)/g)].flatMap(([, ids = '']) => ids.split(','))
}

async function isBusy({ home }: WorkerMachine): Promise<boolean> {
  const agents = await daemonClient(home).agents()
  return agents.some(({ status }) => status === 'processing')
}
