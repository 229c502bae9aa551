import { expect, test } from 'vitest'
import {
  closed,
  crash,
  expired,
  granted,
  identified,
  message,
  opened,
  openFailed,
  play,
  recovered,
  released,
  reports,
  shutdown,
  stop,
  turnCrashed,
  turnEnded,
  words,
  type Given,
} from './random-life.test.support.js'

const start = [granted, opened]
const known = [...start, identified]

const table: [name: string, facts: Given[], status: string, effects: string[], reports: string[]][] = [
  [
    'closes a session that idles for long, and opens it again with a message, for who sends it',
    [...known, turnEnded('m1'), expired, closed(), message('m2'), granted, opened],
    'working',
    ['open', 'prompt m1', 'close graceful', 'open s1 for c2', 'prompt m2'],
    ['1 turn m1'],
  ],
  [
    'opens it again for a message that came while it closed',
    [...known, turnEnded('m1'), expired, message('m2'), closed(), granted],
    'opening',
    ['open', 'prompt m1', 'close graceful', 'open s1 for c2'],
    ['1 turn m1'],
  ],
  [
    'is not opened again when everything shuts down meanwhile',
    [...known, turnEnded('m1'), expired, message('m2'), shutdown, closed()],
    'ended',
    ['open', 'prompt m1', 'close graceful'],
    ['1 turn m1', '2 ending'],
  ],
  [
    'keeps a session that cannot be opened again',
    [...start, turnEnded('m1'), expired],
    'idle',
    ['open', 'prompt m1'],
    ['1 turn m1'],
  ],
  [
    'is killed while it closes to give its memory back',
    [...known, turnEnded('m1'), expired, stop, closed(), message('m2')],
    'ended',
    ['open', 'prompt m1', 'close graceful', 'close kill'],
    ['1 turn m1', '2 ending'],
  ],
  [
    'loses no message with a session that closes before its turn',
    [...known, turnEnded('m1'), message('m2'), closed(crash), granted, opened],
    'working',
    ['open', 'prompt m1', 'open s1 for c2', 'prompt m2'],
    ['1 turn m1'],
  ],
  [
    'says that a message is lost with a session that cannot be opened again',
    [...start, turnEnded('m1'), message('m2'), closed()],
    'ended',
    ['open', 'prompt m1'],
    ['1 turn m1', '2 ending'],
  ],
  [
    'is handed back where it idles',
    [...start, turnEnded('m1'), released, closed()],
    'ended',
    ['open', 'prompt m1', 'close graceful'],
    ['1 turn m1'],
  ],
  [
    'is interrupted when its supervisor died in mid-turn, and continues with the next message alone',
    [...known, message('m2'), recovered, message('m3'), granted, opened],
    'working',
    ['open', 'prompt m1', 'open s1 for c2', 'prompt m3'],
    ['1 ending'],
  ],
  [
    'is interrupted when its supervisor died before it was sent anything, and then begins with its first prompt',
    [granted, identified, recovered, message('m2'), granted, opened],
    'working',
    ['open', 'open', 'prompt m1'],
    ['1 ending'],
  ],
  [
    'is interrupted when its supervisor died while it closed to be opened again',
    [...known, turnEnded('m1'), expired, message('m2'), recovered],
    'ended',
    ['open', 'prompt m1', 'close graceful'],
    ['1 turn m1', '2 ending'],
  ],
  [
    'takes a message while it closes after a failure, and not what was told as lost',
    [...known, message('m2'), turnCrashed('m1'), message('m3'), closed(crash), granted, opened],
    'working',
    ['open', 'prompt m1', 'open s1 for c2', 'prompt m3'],
    ['1 turn m1'],
  ],
  [
    'is stopped while it closes after a failure',
    [...known, turnCrashed('m1'), stop, closed(crash), message('m2')],
    'ended',
    ['open', 'prompt m1', 'close kill'],
    ['1 turn m1', '2 ending'],
  ],
  [
    'is closed, without a word, when its supervisor died while it idled',
    [...known, turnEnded('m1'), recovered],
    'ended',
    ['open', 'prompt m1'],
    ['1 turn m1'],
  ],
  [
    'is stopped when its supervisor died while it was killed',
    [...known, stop, recovered],
    'ended',
    ['open', 'prompt m1', 'close kill'],
    ['1 ending'],
  ],
  [
    'continues after a crash, where its session is known',
    [...known, turnCrashed('m1'), closed(crash), message('m2'), granted],
    'opening',
    ['open', 'prompt m1', 'open s1 for c2'],
    ['1 turn m1'],
  ],
  [
    'can be tried again when it did not open again',
    [
      ...known,
      turnEnded('m1'),
      expired,
      closed(),
      message('m2'),
      granted,
      openFailed,
      message('m3'),
      granted,
    ],
    'opening',
    ['open', 'prompt m1', 'close graceful', 'open s1 for c2', 'open s1 for c2'],
    ['1 turn m1', '2 ending'],
  ],
]

test.each(table)('an agent %s', (_name, facts, status, ...[effects, expected]) => {
  const played = play(facts)
  expect(played.agent.phase.status).toBe(status)
  expect(words(played.effects)).toEqual(effects)
  expect(reports(played.agent)).toEqual(expected)
})
