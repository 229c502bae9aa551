import { describe, expect, test } from 'vitest'
import {
  answered,
  asked,
  closed,
  crash,
  event,
  granted,
  interrupt,
  message,
  opened,
  openFailed,
  play,
  reports,
  said,
  shutdown,
  stop,
  turnCrashed,
  turnEnded,
  turnFailed,
  words,
  type Given,
} from './random-life.test.support.js'

const start = [granted, opened]

describe('a life, as facts', () => {
  const table: [name: string, facts: Given[], status: string, effects: string[], reports: string[]][] = [
    ['is queued at first', [], 'queued', [], []],
    ['opens when it has a slot', [granted], 'opening', ['open'], []],
    ['sends the first prompt only once the session is open', start, 'working', ['open', 'prompt m1'], []],
    [
      'holds its message while there is no room for its turn',
      [...start, turnEnded('m1'), message('m2')],
      'ready',
      ['open', 'prompt m1'],
      ['1 turn m1'],
    ],
    ['is idle after its turn', [...start, turnEnded('m1')], 'idle', ['open', 'prompt m1'], ['1 turn m1']],
    ['ends when it cannot open', [granted, openFailed], 'ended', ['open'], ['1 ending']],
    [
      'keeps a message that comes while it opens for after the first turn',
      [granted, message('m2'), opened, turnEnded('m1'), granted],
      'working',
      ['open', 'prompt m1', 'prompt m2'],
      ['1 turn m1'],
    ],
    [
      'gives each queued message a turn of its own, in order, and reports each',
      [
        ...start,
        message('m2'),
        message('m3'),
        turnEnded('m1'),
        granted,
        turnEnded('m2'),
        granted,
        turnEnded('m3'),
      ],
      'idle',
      ['open', 'prompt m1', 'prompt m2', 'prompt m3'],
      ['1 turn m1', '2 turn m2', '3 turn m3'],
    ],
    [
      'is ready for a turn with a message to an idle agent, steering or not, and takes it when there is room',
      [...start, turnEnded('m1'), message('m2', true), granted],
      'working',
      ['open', 'prompt m1', 'prompt m2'],
      ['1 turn m1'],
    ],
    [
      'steers into a running turn',
      [...start, message('m2', true)],
      'working',
      ['open', 'prompt m1', 'steer m2'],
      [],
    ],
    [
      'takes no answer of another turn',
      [...start, turnEnded('m0', 'stale')],
      'working',
      ['open', 'prompt m1'],
      [],
    ],
    [
      'continues with the next message after a failed turn',
      [...start, message('m2'), turnFailed('m1'), granted],
      'working',
      ['open', 'prompt m1', 'prompt m2'],
      ['1 turn m1'],
    ],
    [
      'waits for a permission',
      [...start, asked('p1')],
      'waiting-permission',
      ['open', 'prompt m1'],
      ['1 approval p1'],
    ],
    [
      'continues when the last question is answered',
      [...start, asked('p1'), asked('p2'), answered('p2'), answered('p1')],
      'working',
      ['open', 'prompt m1', 'answer p2 allow', 'answer p1 allow'],
      ['1 approval p1', '2 approval p2'],
    ],
    [
      'answers a question once',
      [...start, asked('p1'), answered('p1'), answered('p1')],
      'working',
      ['open', 'prompt m1', 'answer p1 allow'],
      ['1 approval p1'],
    ],
    [
      'continues when the question is withdrawn',
      [...start, asked('p1'), event({ type: 'approval-withdrawn', requestId: 'p1' })],
      'working',
      ['open', 'prompt m1'],
      ['1 approval p1'],
    ],
    [
      'can end its turn while a question is open',
      [...start, asked('p1'), turnFailed('m1')],
      'idle',
      ['open', 'prompt m1'],
      ['1 approval p1', '2 turn m1'],
    ],
    [
      'reports a crash in mid-turn once',
      [...start, turnCrashed('m1'), closed(crash)],
      'ended',
      ['open', 'prompt m1'],
      ['1 turn m1'],
    ],
    [
      'sends no queued message to a session that died with its turn',
      [...start, message('m2'), turnCrashed('m1'), closed(crash)],
      'ended',
      ['open', 'prompt m1'],
      ['1 turn m1'],
    ],
    [
      'reports the end of a session that outlived its failed turn',
      [...start, turnFailed('m1'), closed(crash)],
      'ended',
      ['open', 'prompt m1'],
      ['1 turn m1', '2 ending'],
    ],
    [
      'fails a turn whose session closed without a word',
      [...start, closed()],
      'ended',
      ['open', 'prompt m1'],
      ['1 turn m1'],
    ],
    [
      'reports a crash between turns',
      [...start, turnEnded('m1'), closed(crash)],
      'ended',
      ['open', 'prompt m1'],
      ['1 turn m1', '2 ending'],
    ],
    [
      'does not report a clean end',
      [...start, turnEnded('m1'), closed()],
      'ended',
      ['open', 'prompt m1'],
      ['1 turn m1'],
    ],
    ['stops without ever opening', [stop], 'ended', [], ['1 ending']],
    ['stops an opening session', [granted, stop], 'closing', ['open', 'close kill'], []],
    [
      'closes a session that opens after the stop, so that no process is orphaned',
      [granted, stop, opened, closed()],
      'ended',
      ['open', 'close kill', 'close kill'],
      ['1 ending'],
    ],
    [
      'ends when a stopped session does not open at all',
      [granted, stop, openFailed],
      'ended',
      ['open', 'close kill'],
      ['1 ending'],
    ],
    [
      'kills in mid-turn',
      [...start, stop, closed()],
      'ended',
      ['open', 'prompt m1', 'close kill'],
      ['1 ending'],
    ],
    [
      'kills an idle agent',
      [...start, turnEnded('m1'), stop, closed()],
      'ended',
      ['open', 'prompt m1', 'close kill'],
      ['1 turn m1', '2 ending'],
    ],
    [
      'shuts down in mid-turn as interrupted',
      [...start, shutdown, closed()],
      'ended',
      ['open', 'prompt m1', 'close graceful'],
      ['1 ending'],
    ],
    [
      'shuts down an idle agent without a word',
      [...start, turnEnded('m1'), shutdown, closed()],
      'ended',
      ['open', 'prompt m1', 'close graceful'],
      ['1 turn m1'],
    ],
    [
      'stays ended whatever comes',
      [...start, closed(crash), opened, message('m9'), stop, closed()],
      'ended',
      ['open', 'prompt m1'],
      ['1 turn m1'],
    ],
    ['interrupts a turn', [...start, interrupt], 'working', ['open', 'prompt m1', 'interrupt'], []],
    [
      'ignores a second stop',
      [...start, stop, stop, closed()],
      'ended',
      ['open', 'prompt m1', 'close kill'],
      ['1 ending'],
    ],
  ]

  test.each(table)('%s', (_name, facts, status, ...[effects, expected]) => {
    const played = play(facts)
    expect(played.agent.phase.status).toBe(status)
    expect(words(played.effects)).toEqual(effects)
    expect(reports(played.agent)).toEqual(expected)
  })
})

test('a turn keeps its times, its text and its usage', () => {
  const usage = { inputTokens: 7, outputTokens: 3 }
  const { agent } = play([
    ...start,
    event({ type: 'text-delta', text: 'one' }),
    said('one'),
    event({ type: 'text-delta', text: 'tw' }),
    event({ type: 'usage-reported', turnId: 'm1', usage }),
    turnFailed('m1'),
  ])
  expect(agent.turns).toEqual([
    {
      id: 'm1',
      provider: 'claude',
      model: 'opus',
      startedAt: 2000,
      firstOutputAt: 3000,
      endedAt: 7000,
      text: 'one\n\ntw',
      usage,
      outcome: { type: 'failed', failure: crash },
    },
  ])
})

test('the text of a killed agent is kept, and its ending names the caller that stopped it', () => {
  const { agent } = play([...start, said('half'), stop, closed()])
  expect(agent.turns.at(-1)).toMatchObject({ text: 'half', outcome: { type: 'interrupted' } })
  expect(agent.phase).toMatchObject({ status: 'ended', ending: { type: 'stopped', by: 'c1' }, at: 5000 })
})

test('a session that reports a fault while it is being stopped is still stopped, not errored', () => {
  const { agent } = play([...start, stop, closed(crash)])
  expect(agent.phase).toMatchObject({ ending: { type: 'stopped' } })
})

test('the session id and the model follow the session', () => {
  const { agent } = play([
    ...start,
    event({ type: 'session-identified', sessionId: 's1', model: 'opus' }),
    event({ type: 'session-identified', sessionId: 's2' }),
  ])
  expect(agent.session).toEqual({ id: 's2', model: 'opus', resumable: true })
})

test('a new turn and an answered question restart the time of silence', () => {
  expect(play([...start, turnEnded('m1'), message('m2'), granted]).agent.activity.visibleAt).toBe(5000)
  expect(play([...start, asked('p1'), answered('p1')]).agent.activity.visibleAt).toBe(4000)
})

test('messages that were never sent stay in the inbox of a dead agent', () => {
  const { agent } = play([granted, message('m2'), openFailed])
  expect(agent.inbox.map(({ id }) => id)).toEqual(['m1', 'm2'])
})
