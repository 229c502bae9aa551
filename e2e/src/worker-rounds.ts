import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import { daemonMail, awaitOutcome, workerName, type DaemonMail, type MailMessage } from './daemon-mail.js'
import { daemonClient, endDaemons } from './home-daemons.js'
import { processesOf, untilProcessesGone, type RunningProcess } from './processes.js'
import { printCounts } from './rounds.js'
import { startRestartedWorker, type RestartedWorker } from './worker-process.js'
import { chatReplies, type WorkerMachine, type WorkerStage } from './worker-stage.js'

/** Options of a test that kills processes around a Claude worker: the rounds, the processes and the mailbox. */
export type KillPlan = {
  /** The name under which the counts are printed. */
  name: string
  rounds: number
  /** Address of a NATS server. Without it the mailbox is an SQLite file. */
  url?: string
  variables?: Record<string, string>
  /** More processes to kill, by name. Each function kills one, and restarts it unless another process does. */
  victims?: Record<string, () => Promise<void>>
  /** Whether the CLI can call tools, so that its model replies to each message of a turn separately. */
  tools: boolean
}

/** Longest pause before a kill, in milliseconds: in some rounds the CLI is still starting, in others it has answered all. */
export const longestPauseMs = 1_000

type Setup = { machine: WorkerMachine; mail: DaemonMail; worker: RestartedWorker }

/** In each round sends messages, kills one process at a random moment, and checks the outcome of each message. */
export async function killRounds({ model, machine: addMachine }: WorkerStage, plan: KillPlan): Promise<void> {
  const { name, rounds, url, tools } = plan
  if (tools) model.script([{ match: /BY CHAT|\d+ messages have come/, steps: replySteps }])
  const machine = addMachine({ mailbox: { maxTries: 2, ...(url !== undefined && { url }) } }, plan.variables)
  const mail = daemonMail(machine.home)
  const args = ['--provider', 'claude', '--model', 'sonnet', '--poll-ms', '1000']
  const worker = await startRestartedWorker(() => machine.start(args))
  const setup = { machine, mail, worker }
  const victims = Object.entries({ ...victimsIn(setup), ...plan.victims })
  const poison = await mail.send('[[status: 400 no]]', 'eve')
  const counts = { rounds, messages: 0, answered: 0, dead: 0, 'ms at most': 0 }
  for (let round = 0; round < rounds; round += 1) {
    // The last round kills the last one.
    const [victim = '', kill] = victims.at((round - rounds) % victims.length) ?? []
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
  expect(await awaitOutcome(mail, poison)).toEqual({ type: 'dead' })
  await checkEnd(setup, counts.messages + 1)
  printCounts(name, counts)
}

/** Returns model steps that reply to each message by `chat`, and then say all replies in case a call failed. */
function replySteps(prompt: string) {
  const replies = chatReplies('mcp__subagent-mcp__chat', prompt)
  const text = replies.map(({ input }) => input.text).join()
  return [...replies, { type: 'say', text } as const]
}

/** Functions that each kill one process. The command is started again here, the daemon by the command, and the CLI by the daemon. */
function victimsIn({ machine, worker }: Setup): Record<string, () => Promise<void>> {
  return {
    cli: async () => {
      await expect.poll(() => clisOf(machine)).not.toEqual([])
      for (const { pid } of clisOf(machine)) kill(pid)
    },
    command: worker.killAndRestart,
    daemon: async () => {
      kill((await daemonClient(machine.home).health()).pid)
    },
  }
}

function clisOf({ home }: WorkerMachine): RunningProcess[] {
  return processesOf(home).filter(({ command }) => command.includes('--input-format'))
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It exited by itself in the meantime.
  }
}

/** Sends two messages before the kill and one after it. Returns their outcomes, and the time from the kill to the last. */
async function playRound({ machine, mail }: Setup, round: number, killVictim = () => Promise.resolve()) {
  const sending = [
    mail.send(`BY CHAT [[say: tag ${round}.1]]`, 'ann'),
    mail.send(`[[delay: ${(round % 5) * 100}]] [[say: tag ${round}.2]]`, 'bob'),
  ]
  await delay(Math.random() * longestPauseMs)
  const began = Date.now()
  await killVictim()
  const sent: MailMessage[] = await Promise.all([...sending, mail.send(`[[say: tag ${round}.3]]`, 'ann')])
  const outcomes = await Promise.all(sent.map((message) => awaitOutcome(mail, message)))
  const ms = Date.now() - began
  await expect.poll(() => clisOf(machine).length).toBeLessThan(2)
  return { sent, outcomes, ms }
}

/** Checks that senders got one reply or notice for each message, that the worker exits with 0, and that no process is left. */
async function checkEnd({ machine, mail, worker }: Setup, messages: number): Promise<void> {
  await expect.poll(() => mail.inbox(workerName)).toEqual([])
  const received = (await Promise.all(['ann', 'bob', 'eve'].map((name) => mail.inbox(name)))).flat()
  expect(received).toHaveLength(messages)
  expect(await worker.stop()).toBe(0)
  await endDaemons(machine.home)
  expect(await untilProcessesGone(machine.home, 5_000)).toEqual([])
}
