import type { AgentDetail, Launched } from '@subagent-mcp/daemon'
import { resolve } from 'node:path'
import { definedVariables } from '../defined-variables.js'
import { exitCode } from '../exit.js'
import { agentHead, isBusy, modelText, outcomeText, statusTones } from '../terminal/agent-words.js'
import type { Desk } from '../terminal/at-terminal.js'
import { untilDaemonEnds } from '../terminal/daemon-end.js'
import type { Screen, Terminal } from '../terminal/terminal.js'
import { heedInterrupts, type Interrupts } from './run-interrupts.js'
import type { RunOrder } from './run-order.js'
import { streamRun } from './run-stream.js'

/** Launches an agent, streams what it says until it is done, and says how to go on with it. */
export async function runPrompt(order: RunOrder, desk: Desk): Promise<number> {
  const { terminal } = desk
  const prompt = order.prompt === '-' ? await terminal.readInput() : order.prompt
  const interrupts = heedInterrupts(desk)
  try {
    const launched = await launch({ ...order, prompt }, desk)
    const { id } = launched.agent
    await terminal.stderr.print(launchText(launched, terminal.stderr))
    interrupts.launched(id)
    return await untilDaemonEnds({ agentIds: [id], code: exitCode.agentFailed }, desk, () =>
      stayWith({ id, json: order.json, interrupts }, desk),
    )
  } finally {
    interrupts.stop()
  }
}

type Attended = { id: string; json: boolean; interrupts: Interrupts }

async function stayWith({ id, json, interrupts }: Attended, desk: Desk): Promise<number> {
  const { client, terminal } = desk
  const { gone, stop } = heedReader(terminal)
  try {
    const over = await Promise.race([streamRun(id, { json }, desk), interrupts.gaveUp, gone])
    await interrupts.settled()
    if (interrupts.count() > 2) return exitCode.interrupted
    const detail = await client.agent(id)
    if (over === 'unread' && isBusy(detail.agent)) return await leaveAtWork(id, terminal)
    if (json) await terminal.stdout.print(`${JSON.stringify(detail, undefined, 2)}\n`)
    await terminal.stderr.print(closingText(detail, terminal.stderr))
    if (interrupts.count() > 0) return exitCode.interrupted
    return detail.agent.status === 'finished' ? exitCode.done : exitCode.agentFailed
  } finally {
    stop()
  }
}

/** Resolves `gone` once nobody reads stdout any more. */
function heedReader({ onUnread }: Terminal): { gone: Promise<'unread'>; stop: () => void } {
  let stop = (): void => undefined
  const gone = new Promise<'unread'>((resolve) => {
    stop = onUnread(() => {
      resolve('unread')
    })
  })
  return { gone, stop }
}

/** Whoever read the answer has left: that it still costs something must not go unsaid. */
async function leaveAtWork(id: string, { stderr }: Terminal): Promise<number> {
  await stderr.print(`${id} goes on: subagent-mcp wait ${id}, or kill ${id}\n`)
  return exitCode.failed
}

function launch({ json: _, cwd = '.', ...order }: RunOrder, { client, terminal }: Desk): Promise<Launched> {
  return client.launch({
    ...order,
    cwd: resolve(terminal.cwd, cwd),
    pid: process.pid,
    environment: definedVariables(terminal.environment),
  })
}

function launchText({ agent, position, lack }: Launched, { paint }: Screen): string {
  const why = lack === undefined ? '' : `: ${lack}`
  const queued = position === undefined ? '' : `; waits for room, number ${position} in line${why}`
  return `${paint('dim', `${agentHead(agent)}: ${modelText(agent)} for ${agent.category}${queued}`)}\n`
}

function closingText({ agent }: AgentDetail, { paint }: Screen): string {
  const next = agent.takesMessages ? `; to follow up: subagent-mcp send ${agent.id} "<text>"` : ''
  return `${paint(statusTones[agent.status], outcomeText(agent))}${paint('dim', next)}\n`
}
