import type { AgentSummary } from '@subagent-mcp/api'
import type { MailboxMessage } from '@subagent-mcp/mailbox'
import { installFakeClaude, processesWith, type Fake } from '@subagent-mcp/testkit'
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect } from 'vitest'
import { untilProcessEnds, useCliRuntime, type CliRuntime } from '../cli-runtime.test.support.js'
import { clientOf, oursIn } from '../daemon/cli-daemon.test.support.js'

export const patience = { timeout: 30_000, interval: 20 }
export const me = { name: 'me', host: 'box', through: 'http' } as const

/** Gives each test of a file its own home for the shipped command, with a worker `api` on a fake CLI. */
export function useWorkerHouse() {
  const theHouse = useCliRuntime()
  let fake: Fake
  beforeEach(() => {
    fake = installFakeClaude('well')
  })
  afterEach(() => {
    fake.remove()
  })

  /** The variables by which the fake CLI is found, also by a daemon that is started without a command. */
  const place = () => ({ SUBAGENT_MCP_CLAUDE_PATH: fake.executable, TMPDIR: theHouse().home })

  /** A worker `api` whose CLI says what a message's directives tell it. */
  function startWorker(...words: readonly string[]) {
    const variables = { ANTHROPIC_API_KEY: 'dummy', ...place() }
    const provider = ['--provider', 'claude', '--model', 'sonnet']
    const child = theHouse().start(['worker', '--name', 'api', ...provider, ...words], variables)
    child.stdin.end()
    return { child, end: untilProcessEnds(child) }
  }

  async function untilThere(): Promise<void> {
    const statuses = async (): Promise<string[]> => {
      const workers = await clientOf(theHouse())
        .workers()
        .catch(() => [])
      return workers.map(({ status }) => status)
    }
    await expect.poll(statuses, patience).toEqual(['running'])
  }

  const openGate = (name: string): void => {
    fake.release(name)
  }

  return {
    theHouse,
    place,
    openGate,
    startWorker,
    untilThere,
    ...mailOf(theHouse),
    ...agentsOf(theHouse, () => fake),
  }
}

/** The mail of a worker: messages to it, and their replies. */
function mailOf(theHouse: () => CliRuntime) {
  async function send(body: string): Promise<MailboxMessage> {
    return (await clientOf(theHouse()).mail.send({ from: me, to: 'api', body })).message
  }

  /** All that was said in reply to a message, once there is something. */
  async function repliesTo({ id, thread }: MailboxMessage): Promise<string[]> {
    const { mail } = clientOf(theHouse())
    const replies = async (): Promise<string[]> => {
      const all = await mail.thread(thread).catch(() => [])
      return all.filter(({ replyTo }) => replyTo === id).map(({ body }) => body)
    }
    await expect.poll(replies, patience).not.toEqual([])
    return replies()
  }

  async function ask(body: string): Promise<string> {
    return (await repliesTo(await send(body))).join()
  }

  return { send, repliesTo, ask }
}

/** The agents and the CLIs of a worker, and its log. */
function agentsOf(theHouse: () => CliRuntime, fake: () => Fake) {
  function agents(): Promise<readonly AgentSummary[]> {
    return clientOf(theHouse())
      .agents()
      .catch(() => [])
  }

  /** The CLIs that run. */
  function living(): number[] {
    return processesWith(`SUBAGENT_MCP_CLAUDE_PATH=${fake().executable}`).filter((pid) => {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      return words.includes('--input-format')
    })
  }

  function logOf(name = 'api'): string {
    return readFileSync(oursIn(theHouse(), 'workers', `${name}.log`), 'utf8')
  }
  return { agents, living, logOf }
}
