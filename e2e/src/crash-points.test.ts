import {
  agentStatus,
  createSupervisor,
  noLoad,
  readFact,
  sendMessage,
  takesMessages,
  type Agent,
  type Supervisor,
} from '@subagent-mcp/core'
import { openJournal } from '@subagent-mcp/journal'
import { defaultTable } from '@subagent-mcp/routing'
import { checkForLeaks, createHandClock, createHandDriver } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { printCounts, rounds } from './rounds.js'

checkForLeaks()

/** Each write in a soak, every fifth otherwise. */
const stride = rounds(5, 1)

const script = fileURLToPath(new URL('../dist/crash-life.js', import.meta.url))

type Life = { answered: readonly string[]; killed: boolean; agents: readonly Agent[]; supervisor: Supervisor }

/** Lives until the nth write, and takes over. */
async function liveUntil(write: number, when: 'before' | 'after'): Promise<Life> {
  const folder = mkdtempSync(join(tmpdir(), 'crash-'))
  const path = join(folder, 'journal.db')
  const { stdout, signal } = await execa(process.execPath, [script, path, String(write), when], {
    reject: false,
  })
  const owner = { kind: 'daemon', pid: process.pid, startTime: '-', nonce: 'o', version: '1' } as const
  const journal = openJournal({ path, owner, isAlive: () => false, now: () => 0 })
  const supervisor = emptyHouse()
  supervisor.adopt([...journal.adopt().entries].flatMap(({ body }) => readFact(body) ?? []))
  journal.close()
  rmSync(folder, { recursive: true })
  const agents = [...supervisor.fleet().agents.values()]
  return { answered: stdout.split('\n').filter(Boolean), killed: signal === 'SIGKILL', agents, supervisor }
}

function emptyHouse(): Supervisor {
  let ids = 0
  return createSupervisor({
    drivers: new Map([['claude', createHandDriver()]]),
    environmentOf: () => ({}),
    routingOf: () => defaultTable(),
    clock: createHandClock(),
    limits: {
      maxTurns: 9,
      maxTurnsPerProvider: 9,
      maxProcesses: 9,
      maxDepth: 1,
      launchesPerMinute: 99,
      memoryFloor: 0,
      idleCloseAfter: 1e9,
      quietAfter: 1e9,
    },
    journal: { append: () => 0, forget: () => undefined, onProblem: () => undefined },
    machine: { measure: () => ({ freeMemory: Infinity, others: noLoad }), publish: () => undefined },
    ids: { agent: () => `b${(ids += 1)}`, message: () => `n${(ids += 1)}` },
  })
}

/** What was answered and is not so after the crash. */
function lost({ answered, agents }: Life): string[] {
  const status = (id: string): string => {
    const agent = agents.find(({ profile }) => profile.id === id)
    return agent ? agentStatus(agent, { now: 0, stalledAfter: Infinity }) : 'lost'
  }
  const turns = (id: string): number => agents.find(({ profile }) => profile.id === id)?.turns.length ?? 0
  const holds: Record<string, boolean> = {
    'launched a1': status('a1') !== 'lost',
    'launched a2': status('a2') !== 'lost',
    'finished a1': turns('a1') >= 1,
    'stopped a2': status('a2') === 'stopped',
    'finished again a1': turns('a1') === 2 && status('a1') === 'finished',
  }
  return answered.filter((what) => holds[what] === false)
}

test('[daemon-killed] killed before and after each write to the journal, nothing answered is lost and no state is false', async () => {
  const whole = await liveUntil(0, 'before')
  expect(whole.killed).toBe(false)
  expect(whole.answered.at(-1)).toMatch(/^finished again/)
  let points = 0
  for (let write = 1; ; write += stride) {
    const [before, after] = await Promise.all([liveUntil(write, 'before'), liveUntil(write, 'after')])
    if (!before.killed) break
    for (const life of [before, after]) {
      points += 1
      expect(lost(life), `write ${write}`).toEqual([])
      for (const agent of life.agents) {
        expect(agent.phase.status, `write ${write}`).toBe('ended')
        const status = agentStatus(agent, { now: 0, stalledAfter: Infinity })
        expect(['interrupted', 'finished', 'stopped'], `write ${write}`).toContain(status)
        if (takesMessages(agent)) {
          const order = { agentId: agent.profile.id, text: 'on', steer: false, caller: 'me' }
          expect(sendMessage(life.supervisor, order).type).toBe('resumed')
        }
      }
    }
  }
  printCounts('journal writes killed before and after', { points, lost: 0 })
  expect(points).toBeGreaterThan(30 / stride)
}, 120_000)
