import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import { chatReplies } from './chat-replies.js'
import { endDaemons } from './end-daemon.js'
import {
  daemonClient,
  daemonMail,
  outcomeOf,
  workerName,
  type DaemonMail,
  type Message,
} from './daemon-mail.js'
import { startRestartedWorker, type RestartedWorker } from './kept-worker.js'
import { processesOf, untilGone, type Process } from './processes.js'
import { printCounts } from './rounds.js'
import type { Machine, WorkerStage } from './worker-stage.js'

/** How often a worker on claude is disturbed, and what it works with. */
export type Plan = {
  name: string
  rounds: number
  /** Of the mailbox's servers. */
  url?: string
  variables?: Record<string, string>
  /** What is killed besides the CLI, the worker and the daemon. */
  victims?: Record<string, () => Promise<void>>
  /** Whether the CLI can call tools, and so answer each message of a turn on its own. */
  tools: boolean
}

/** Milliseconds: in some rounds the CLI is still on its way up, in others all is answered. */
export const longestLife = 1_000

type Setup = { machine: Machine; mail: DaemonMail; worker: RestartedWorker }

/** In each round messages come, one thing is killed at a random moment, and what became of each message is looked at. */
export async function killRounds({ model, machine: addMachine }: WorkerStage, plan: Plan): Promise<void> {
  const { name, rounds, url, tools } = plan
  if (tools) model.script([{ match: /BY CHAT|\d+ messages have come/, steps: replySteps }])
  const machine = addMachine({ mailbox: { maxTries: 2, ...(url !== undefined && { url }) } }, plan.variables)
  const mail = daemonMail(machine.home)
  const worker = await startRestartedWorker(machine, [
    '--provider',
    'claude',
    '--model',
    'sonnet',
    '--poll-ms',
    '1000',
  ])
  const setup = { machine, mail, worker }
  const victims = Object.entries({ ...victimsIn(setup), ...plan.victims })
  const poison = await mail.send('[[status: 400 no]]', 'eve')
  const counts = { rounds, messages: 0, answered: 0, dead: 0, 'ms at most': 0 }
  for (let round = 0; round < rounds; round += 1) {
    const [victim = '', kill] = victims[round % victims.length] ?? []
    const { sent, outcomes, ms } = await Promise.race([worker.died, playRound(setup, round, kill)])
    for (const [index, outcome] of outcomes.entries()) {
      counts[outcome.type] += 1
      const tag = sent[index]?.body.match(/tag \d+\.\d/)?.[0]
      if (tools && outcome.type === 'answered') expect(outcome.body, `${victim} killed`).toContain(tag)
    }
    counts.messages += sent.length
    counts['ms at most'] = Math.max(counts['ms at most'], ms)
    model.forgetRequests()
  }
  expect(await outcomeOf(mail, poison)).toEqual({ type: 'dead' })
  await checkEnd(setup, counts.messages + 1)
  printCounts(name, counts)
}

/** Sends each answer on its own. The last words are for what could not be sent so. */
function replySteps(prompt: string) {
  const replies = chatReplies('mcp__subagent-mcp__chat', prompt)
  const text = replies.map(({ input }) => input.text).join()
  return [...replies, { type: 'say', text } as const]
}

/** Each is killed, and started again where nobody else does it. */
function victimsIn({ machine, worker }: Setup): Record<string, () => Promise<void>> {
  return {
    cli: async () => {
      await expect.poll(() => clisOf(machine)).not.toEqual([])
      for (const { pid } of clisOf(machine)) kill(pid)
    },
    worker: worker.killAndRestart,
    daemon: async () => {
      const health = await daemonClient(machine.home)?.health()
      if (health) kill(health.pid)
    },
  }
}

function clisOf({ home }: Machine): Process[] {
  return processesOf(home).filter(({ command }) => command.includes('--input-format'))
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It went by itself.
  }
}

/** Two senders write before, and one after. */
async function playRound({ machine, mail }: Setup, round: number, kill = () => Promise.resolve()) {
  const sending = [
    mail.send(`BY CHAT [[say: tag ${round}.1]]`, 'ann'),
    mail.send(`[[delay: ${(round % 5) * 100}]] [[say: tag ${round}.2]]`, 'bob'),
  ]
  await delay(Math.random() * longestLife)
  const began = Date.now()
  await kill()
  const sent: Message[] = await Promise.all([...sending, mail.send(`[[say: tag ${round}.3]]`, 'ann')])
  const outcomes = await Promise.all(sent.map((message) => outcomeOf(mail, message)))
  const ms = Date.now() - began
  await expect.poll(() => clisOf(machine).length).toBeLessThan(2)
  return { sent, outcomes, ms }
}

/** Nobody was told anything twice, and nothing is left. */
async function checkEnd({ machine, mail, worker }: Setup, messages: number): Promise<void> {
  await expect.poll(() => mail.inbox(workerName)).toEqual([])
  const letters = (await Promise.all(['ann', 'bob', 'eve'].map((name) => mail.inbox(name)))).flat()
  expect(letters).toHaveLength(messages)
  expect(await worker.stop()).toBe(0)
  await endDaemons(machine.home)
  expect(await untilGone(machine.home, 5_000)).toEqual([])
}
