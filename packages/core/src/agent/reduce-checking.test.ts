import { describe, expect, test } from 'vitest'
import type { AgentProfile } from './agent.js'
import { loadCurrentTurnText } from '../journal/turn-text.js'
import { computeAgentStatus, willAgentReportUnprompted, getAgentTurnNumber } from './agent-view.js'
import {
  asked,
  checked,
  checkFailed,
  checkPassed,
  closed,
  crash,
  event,
  expired,
  granted,
  identified,
  interrupt,
  message,
  opened,
  play,
  recovered,
  released,
  reports,
  shutdown,
  stop,
  turnCrashed,
  turnEnded,
  turnFailed,
  words,
  type Given,
} from './random-life.test.support.js'

const start = [granted, opened, identified]
/** The agent's first turn has completed, and its result is being checked. */
const checking = [...start, turnEnded('m1')]
const pool = { agent: 'reviewer', key: 'k', max: 1, timeoutMs: 10_000 }
const ended = (turnId: string): Given =>
  event({ type: 'turn-ended', turnId, outcome: { type: 'completed', answer: 'done' }, sessionEnds: true })
const late = (turnId: string, since: number): Given => ({ type: 'turn-expired', turnId, since })

function live(facts: readonly Given[], more: Partial<AgentProfile> = {}): ReturnType<typeof play> {
  return play(facts, undefined, { ...checked, ...more })
}

/** How each turn ended, in few words: `m1 completed rejected`. */
function turns({ agent }: ReturnType<typeof play>): string[] {
  return agent.turns.map(({ id, outcome, check }) =>
    [id, outcome.type, check?.grade].filter(Boolean).join(' '),
  )
}

describe('a life with a check, as facts', () => {
  const opening = ['open', 'prompt m1']
  const table: [name: string, facts: Given[], status: string, effects: string[], reports: string[]][] = [
    ['checks a completed turn before its report', checking, 'checking', [...opening, 'check'], []],
    [
      'reports it when it has passed',
      [...checking, checkPassed('m1')],
      'idle',
      [...opening, 'check'],
      ['1 turn m1'],
    ],
    ['checks no failed turn', [...start, turnFailed('m1')], 'idle', opening, ['1 turn m1']],
    ['checks no lost turn', [...start, turnCrashed('m1')], 'closing', opening, ['1 turn m1']],
    [
      'gives the same session what failed, and checks again, with one report in the end',
      [...checking, checkFailed('m1'), turnEnded('m1r'), checkPassed('m1r')],
      'idle',
      [...opening, 'check', 'prompt m1r', 'check'],
      ['1 turn m1r'],
    ],
    [
      'rejects what failed in its last try',
      [...checking, checkFailed('m1'), turnEnded('m1r'), checkFailed('m1r')],
      'idle',
      [...opening, 'check', 'prompt m1r', 'check'],
      ['1 turn m1r'],
    ],
    [
      'rejects immediately what cannot be repaired',
      [...checking, checkFailed('m1', { final: true })],
      'idle',
      [...opening, 'check'],
      ['1 turn m1'],
    ],
    [
      'ignores a verdict on another turn',
      [...checking, checkPassed('m0')],
      'checking',
      [...opening, 'check'],
      [],
    ],
    [
      'ignores a second verdict',
      [...checking, checkPassed('m1'), checkFailed('m1')],
      'idle',
      [...opening, 'check'],
      ['1 turn m1'],
    ],
    [
      'has its tries again for the next message',
      [
        ...[...checking, checkFailed('m1'), turnEnded('m1r'), checkFailed('m1r'), message('m2'), granted],
        ...[turnEnded('m2'), checkFailed('m2'), turnEnded('m2r'), checkPassed('m2r')],
      ],
      'idle',
      [...opening, 'check', 'prompt m1r', 'check', 'prompt m2', 'check', 'prompt m2r', 'check'],
      ['1 turn m1r', '2 turn m2r'],
    ],
    [
      'keeps a message for after the repair, also one that was meant for the running turn',
      [...checking, message('m2', true), checkFailed('m1'), turnEnded('m1r'), checkPassed('m1r'), granted],
      'working',
      [...opening, 'check', 'prompt m1r', 'check', 'prompt m2'],
      ['1 turn m1r'],
    ],
    [
      'waits for room with that message',
      [...checking, message('m2'), checkPassed('m1')],
      'ready',
      [...opening, 'check'],
      ['1 turn m1'],
    ],
    [
      'reports an interrupted check, and its session stays open',
      [...checking, interrupt],
      'idle',
      [...opening, 'check', 'cancel-check'],
      ['1 turn m1'],
    ],
    [
      'is not closed as idle or released meanwhile',
      [...checking, expired, released],
      'checking',
      [...opening, 'check'],
      [],
    ],
    [
      'denies a question without a turn',
      [...checking, asked('p1')],
      'checking',
      [...opening, 'check', 'answer p1 deny'],
      [],
    ],
    [
      'ends the check when it is stopped',
      [...checking, stop, checkPassed('m1'), closed()],
      'ended',
      [...opening, 'check', 'cancel-check', 'close kill'],
      ['1 ending'],
    ],
    [
      'ends the check when the daemon ends',
      [...checking, shutdown, closed()],
      'ended',
      [...opening, 'check', 'cancel-check', 'close graceful'],
      ['1 ending'],
    ],
    [
      'counts as interrupted after its daemon has died',
      [...checking, recovered],
      'ended',
      [...opening, 'check'],
      ['1 ending'],
    ],
    [
      'is resumed by a message after its daemon has died',
      [...checking, recovered, message('m2'), granted, opened, turnEnded('m2'), checkPassed('m2')],
      'idle',
      [...opening, 'check', 'open s1 for c2', 'prompt m2', 'check'],
      ['1 ending', '2 turn m2'],
    ],
  ]
  test.for(table)('%s', ([, facts, status, effects, expected]) => {
    const { agent, effects: run } = live(facts)
    expect([agent.phase.status, words(run), reports(agent)]).toEqual([status, effects, expected])
  })
})

describe('a session that closes during the check', () => {
  const table: [name: string, facts: Given[], status: string, reports: string[]][] = [
    ['loses no result', [...checking, closed(), checkPassed('m1')], 'ended', ['1 turn m1']],
    [
      'is told after the result when it died',
      [...checking, closed(crash), checkPassed('m1')],
      'ended',
      ['1 turn m1', '2 ending'],
    ],
    ['opens again for the repair', [...checking, closed(crash), checkFailed('m1')], 'queued', []],
    [
      'opens again for a message',
      [...checking, closed(), message('m2'), checkPassed('m1')],
      'queued',
      ['1 turn m1'],
    ],
    [
      'ended with its turn: it closes first',
      [...start, ended('m1'), checkPassed('m1')],
      'closing',
      ['1 turn m1'],
    ],
    [
      'ended with its turn, and opens again for the repair',
      [...start, ended('m1'), checkFailed('m1'), closed()],
      'queued',
      [],
    ],
    ['needs no close when it is stopped', [...checking, closed(), stop], 'ended', ['1 ending']],
    [
      'and cannot be opened again: there is no repair',
      [granted, { type: 'session-opened', resumable: false }, turnEnded('m1'), closed(), checkFailed('m1')],
      'ended',
      ['1 turn m1'],
    ],
  ]
  test.for(table)('%s', ([, facts, status, expected]) => {
    const { agent } = live(facts)
    expect([agent.phase.status, reports(agent)]).toEqual([status, expected])
  })
})

test('each turn keeps its verdict; the rejected one has failed, and keeps what was said', () => {
  const life = live([...checking, checkFailed('m1'), turnEnded('m1r', 'still wrong'), checkFailed('m1r')])
  expect(turns(life)).toEqual(['m1 completed rejected', 'm1r failed rejected'])
  expect(life.agent.turns.at(-1)).toMatchObject({
    text: 'still wrong',
    outcome: { failure: { reason: 'rejected', message: 'it is wrong' } },
  })
})

test('an interrupted check keeps what was said', () => {
  for (const fact of [interrupt, stop, shutdown, recovered]) {
    const life = live([...checking, fact])
    expect(turns(life)).toEqual(['m1 interrupted'])
    expect(life.agent.turns[0]?.text).toBe('done')
  }
})

test('while it is checked an agent runs, its answer can be read, and its status says so', () => {
  const { agent } = live(checking)
  expect(computeAgentStatus(agent, { now: 1e12, stalledAfter: 1 })).toBe('checking')
  expect([
    willAgentReportUnprompted(agent),
    loadCurrentTurnText({ readText: () => '' }, agent),
    getAgentTurnNumber(agent),
  ]).toEqual([true, 'done', 1])
})

describe('a task', () => {
  test('goes back to its pool only after the repair', () => {
    const repairing = [...checking, checkFailed('m1'), turnEnded('m1r')]
    expect(live(repairing, { pool }).agent.phase.status).toBe('checking')
    const { agent, effects } = live([...repairing, checkPassed('m1r')], { pool })
    expect([agent.phase.status, words(effects).at(-1)]).toEqual(['closing', 'close graceful'])
  })

  test('has one time limit for its turn, the check and the repair', () => {
    // Facts are one second apart: the turn began in the second 2, and its repair in the second 5.
    const { effects } = live([...checking, checkFailed('m1')], { pool })
    expect(effects.filter(({ type }) => type === 'limit-turn')).toMatchObject([
      { turnId: 'm1', delay: 10_000 },
      { turnId: 'm1r', delay: 7_000 },
    ])
    const { agent } = live([...checking, checkFailed('m1'), late('m1', 2_000)], { pool })
    expect(agent.phase.status).toBe('working')
  })

  test('whose time is over during the check has failed, and its session is closed', () => {
    const { agent, effects } = live([...checking, late('m1', 2_000)], { pool })
    expect([agent.phase.status, reports(agent)]).toEqual(['closing', ['1 turn m1']])
    expect(words(effects).slice(-2)).toEqual(['cancel-check', 'close graceful'])
    expect(agent.turns[0]).toMatchObject({ text: 'done', outcome: { failure: { reason: 'timed-out' } } })
  })

  test('whose session is lost during the check keeps its result, and is not repaired', () => {
    const passed = live([...checking, closed(crash), checkPassed('m1')], { pool }).agent
    expect([passed.phase.status, reports(passed)]).toEqual(['ended', ['1 turn m1']])
    const failed = live([...checking, closed(crash), checkFailed('m1')], { pool })
    expect([failed.agent.phase.status, turns(failed)]).toEqual(['ended', ['m1 failed rejected']])
  })
})
