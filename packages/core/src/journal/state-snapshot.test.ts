import { expect, test } from 'vitest'
import { hasAgentEnded, isAgentInTurn } from '../agent/agent-view.js'
import type { Agent } from '../agent/agent.js'
import { createDice, type Dice } from '../agent/dice.test.support.js'
import * as life from '../agent/random-life.test.support.js'
import { createAgent, reduceAgent } from '../agent/reduce-agent.js'
import { defaultSupervisorLimits } from '../capacity/supervisor-limits.js'
import { createEmptyAgentsState, type AgentsState } from '../state/agents-state.js'
import { getFactAgentId, type AgentFact, type DurableFact, type Fact } from '../state/fact.js'
import { replayFactHistory } from '../state/reduce-agents.js'
import {
  createAgentSnapshot,
  createLimitsSnapshot,
  convertSnapshotToFact,
  type StateSnapshot,
} from './state-snapshot.js'
import { readTurnTextFromFacts } from './turn-text.js'

const seeds = Array.from({ length: 60 }, (_, index) => index + 1)

test('the state from snapshots and the facts after them is that from all facts', () => {
  let snapshots = 0
  for (const seed of seeds) {
    const dice = createDice(seed)
    const { facts } = randomLives(dice)
    const whole = replayed(facts)
    for (let cut = 0; cut <= facts.length; cut += 7) {
      const entries = withSnapshots(facts, cut, dice)
      snapshots += entries.filter(({ type }) => type === 'agent-restored').length
      expect(parts(replayed(entries)), `seed ${seed}, after ${cut} facts`).toEqual(parts(whole))
    }
  }
  expect(snapshots).toBeGreaterThan(500)
})

test('the text of every turn can be read from the facts, and the state has that of few', () => {
  for (const seed of seeds) {
    const { facts, lives } = randomLives(createDice(seed))
    for (const agent of replayed(facts).agents.values()) {
      const own = facts.filter((fact) => getFactAgentId(fact) === agent.profile.id)
      const source = { oldestFirst: () => own, newestFirst: () => [...own].reverse() }
      const texts = lives.get(agent.profile.id)?.turns.map(({ text }) => text)
      const read = agent.turns.map((turn) => readTurnTextFromFacts(source, turn))
      expect(read, `seed ${seed}, ${agent.profile.id}`).toEqual(texts)
      const older = hasAgentEnded(agent) ? agent.turns : agent.turns.slice(0, -1)
      expect(older.filter(({ text }) => text !== undefined)).toEqual([])
    }
  }
})

test('what is no snapshot is passed by', () => {
  expect([undefined, null, 1, 'agent', {}, []].map(convertSnapshotToFact)).toEqual(Array(6).fill(undefined))
})

function replayed(facts: readonly Fact[]): AgentsState {
  return replayFactHistory(createEmptyAgentsState(defaultSupervisorLimits, new Set()), facts).adopted
}

function parts({ agents, open, accountLimits, queue }: AgentsState) {
  return { agents: [...agents], open: [...open.keys()], accountLimits: [...accountLimits], queue }
}

/** The facts with snapshots, as the journal returns them, of some agents that have ended after the first `cut` facts. */
function withSnapshots(facts: readonly DurableFact[], cut: number, dice: Dice): Fact[] {
  const { agents, accountLimits } = replayed(facts.slice(0, cut))
  const kept = agents.filter((agent) => hasAgentEnded(agent) && dice(3) > 0)
  const left = facts.flatMap((fact, index) => {
    const agent = index < cut ? kept.get(getFactAgentId(fact)) : undefined
    if (!agent) return [fact]
    return fact.type === 'launch-requested' ? stored(createAgentSnapshot(agent)) : []
  })
  const before = left.length - (facts.length - cut)
  return [...left.slice(0, before), ...stored(createLimitsSnapshot(accountLimits)), ...left.slice(before)]
}

function stored(snapshot: StateSnapshot): Fact[] {
  const fact = convertSnapshotToFact(JSON.parse(JSON.stringify(snapshot)))
  return fact ? [fact] : []
}

/** The facts of some agents, and the agents after them with the texts of all turns. */
function randomLives(dice: Dice): { facts: readonly DurableFact[]; lives: ReadonlyMap<string, Agent> } {
  const lives = new Map<string, Agent>()
  const facts: DurableFact[] = []
  for (let at = 1; at <= 150; at += 1) {
    const id = `a${dice(5)}`
    const agent = lives.get(id)
    if (agent) {
      const fact: AgentFact = { ...randomFact(agent, dice, at), agentId: id, at }
      facts.push(fact)
      lives.set(id, reduceAgent(agent, fact)[0])
      continue
    }
    const profile = { ...life.profile, ...(dice(3) === 0 && life.checked), id, launchedAt: at }
    const launch = { profile, route: life.pinned, notes: [], prompt: { id: `m${at}`, text: 'first' } }
    facts.push({ type: 'launch-requested', at, ...launch })
    lives.set(id, createAgent(launch))
  }
  return { facts, lives }
}

/** A fact that the agent may meet in its phase. The answer of a turn and its verdict come once, as drivers promise. */
function randomFact(agent: Agent, dice: Dice, at: number): life.Given {
  const { phase } = agent
  const text = `text ${at}`
  const pick = (facts: readonly life.Given[]): life.Given => facts[dice(facts.length)] ?? life.stop
  const limited = { reason: 'rate-limited', message: text, resetsAt: at + 50 + dice(100) } as const
  const often = [life.message(`m${at}`), life.message(`m${at}`), life.shutdown, life.recovered, life.closed()]
  if (phase.status === 'checking') {
    const { id: turnId } = phase.turn
    const verdict = { passed: true, check: { grade: 'checked', evidence: [] }, answer: text } as const
    const mended: life.Given = { type: 'turn-checked', turnId, verdict, repairId: `${turnId}r` }
    return pick([life.checkPassed(turnId), mended, life.checkFailed(turnId), life.interrupt, ...often])
  }
  if (isAgentInTurn(phase)) {
    const { id } = phase.turn
    const ends = [
      life.turnEnded(id, text),
      life.turnFailed(id),
      life.turnFailed(id, limited),
      life.turnCrashed(id),
    ]
    const delta = life.event({ type: 'text-delta', text })
    return pick([life.said(text), life.said(text), delta, ...ends, ...ends, life.stop, ...often])
  }
  const reports: life.Given = { type: 'reports-delivered', caller: 'c1', upTo: agent.reports.length }
  return pick([life.granted, life.opened, life.identified, life.expired, life.openFailed, reports, ...often])
}
