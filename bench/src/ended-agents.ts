import type { DurableFact } from '@subagent-mcp/core'
import type { SessionEvent } from '@subagent-mcp/contract'
import { openJournal } from '@subagent-mcp/journal'

/** Returns the id of a simulated agent by its number. */
export function endedAgentId(number: number): string {
  return `e${number.toString(36).padStart(4, '0')}`
}

/** Writes the facts of agents that have ended into a new journal: each had a turn with four tool calls, and its caller its answer. */
export function writeEndedAgents(path: string, count: number): void {
  const owner = { pid: process.pid, startTime: '-', place: '-', nonce: '', version: '-' }
  const journal = openJournal({
    ...{ path, owner: { kind: 'daemon', ...owner }, isAlive: () => true },
    ...{ onForeign: () => undefined, now: Date.now },
  })
  const start = Date.now() - hour
  for (let first = 0; first < count; first += together)
    journal.append(
      Array.from({ length: Math.min(together, count - first) }, (_none, index) => first + index).flatMap(
        (number) => {
          const agentId = endedAgentId(number)
          return lifeOf(agentId, start + number).map((body) => ({
            at: body.at,
            type: body.type,
            agentId,
            body,
          }))
        },
      ),
    )
  journal.close()
}

const hour = 3_600_000
const together = 500

const answer = 'One line of an answer, as long as most are. '.repeat(12)

function lifeOf(id: string, at: number): DurableFact[] {
  const turnId = `m-${id}`
  const event = (given: SessionEvent): DurableFact => ({
    type: 'session-event-received',
    at,
    agentId: id,
    event: given,
  })
  const calls = ['a', 'b', 'c', 'd'].flatMap((callId) => [
    event({ type: 'message-ended', text: answer }),
    event({ type: 'tool-started', callId, tool: 'Bash', input: { command: `npm test -- ${callId}` } }),
    event({
      type: 'tool-ended',
      callId,
      failed: false,
      output: 'a line that a command printed\n'.repeat(20),
    }),
  ])
  return [
    launchOf(id, at),
    { type: 'slot-granted', at, agentId: id },
    { type: 'session-opened', at, agentId: id, resumable: true, pid: 1 },
    event({ type: 'session-identified', sessionId: `s-${id}`, model: 'opus' }),
    ...calls,
    event({
      type: 'usage-reported',
      turnId,
      usage: { inputTokens: 1_000, outputTokens: 100, costUsd: 0.01 },
    }),
    event({ type: 'turn-ended', turnId, outcome: { type: 'completed', answer } }),
    { type: 'reports-offered', at, agentId: id, caller: 'host', upTo: 1 },
    { type: 'reports-delivered', at, agentId: id, caller: 'host', upTo: 1 },
    { type: 'idle-expired', at, agentId: id },
    event({ type: 'session-closed' }),
  ]
}

function launchOf(id: string, at: number): DurableFact {
  return {
    type: 'launch-requested',
    at,
    profile: {
      ...{
        id,
        task: id,
        caller: 'host',
        project: '/project',
        cwd: '/project',
        category: 'coding',
        mcp: 'none',
      },
      ...{ onHostExit: 'keep', depth: 1, launchedAt: at, permissions: 'accept-edits' },
    },
    route: {
      current: { provider: 'claude', model: 'opus' },
      left: [],
      attempts: [],
      pinned: true,
      health: true,
    },
    notes: [],
    prompt: { id: `m-${id}`, text: answer },
  }
}
