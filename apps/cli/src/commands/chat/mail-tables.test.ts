import { expect, test } from 'vitest'
import { formatTableLines, type TableLayout } from '../../terminal/table.js'
import {
  createDeadLetterTableLayout,
  createInboxTableLayout,
  createMailAgentTableLayout,
  createThreadTableLayout,
  type MailTableContext,
} from './mail-tables.js'
import { makeMessage, now } from '../../terminal/mail.test.support.js'
import { paintNothing } from '../../terminal/paint.js'

const render = <Item>(
  items: readonly Item[],
  table: (time: MailTableContext) => TableLayout<Item>,
  columns?: number,
): string[] =>
  formatTableLines(items, table({ now, home: '/home/me' }), {
    paint: paintNothing,
    size: () => (columns === undefined ? undefined : { columns, rows: 24 }),
  })

const cells = (rows: readonly string[]): string[][] => rows.map((row) => row.split(/ {2,}/))

test('what waits', () => {
  const event = { kind: 'event', topic: 'ci.build', severity: 'low', body: 'it\nbroke' } as const
  const rows = render(
    [makeMessage(), makeMessage({ ...event, thread: 'e1', status: 'held' })],
    createInboxTableLayout,
  )
  expect(cells(rows)).toEqual([
    ['FROM', 'AGE', 'NOTE', 'THREAD', 'TEXT'],
    ['ann', '1m', 't1', 'does it build?'],
    ['ann', '1m', 'low event ci.build, held', 'e1', 'it broke'],
  ])
})

test('dead letters', () => {
  const dead = { status: 'dead', tries: 5 } as const
  const rows = render(
    [makeMessage(dead), makeMessage({ ...dead, failure: 'no\u001bsession' })],
    createDeadLetterTableLayout,
  )
  expect(cells(rows)).toEqual([
    ['ID', 'TO', 'FROM', 'AGE', 'WHY', 'TEXT'],
    ['m1', 'app', 'ann', '1m', '5 failures', 'does it build?'],
    ['m1', 'app', 'ann', '1m', String.raw`no\u{1b}session`, 'does it build?'],
  ])
})

test('threads', () => {
  const thread = { id: 't1', agents: ['ann', 'app'], messages: 3, lastAt: now - 5_000, last: 'yes\nit does' }
  const rows = render(
    [
      { ...thread, waiting: 1 },
      { ...thread, waiting: 0 },
    ],
    createThreadTableLayout,
  )
  expect(cells(rows)).toEqual([
    ['THREAD', 'AGENTS', 'MESSAGES', 'WAITING', 'LAST', 'TEXT'],
    ['t1', 'ann, app', '3', '1', '5s', 'yes it does'],
    ['t1', 'ann, app', '3', '5s', 'yes it does'],
  ])
})

test('who is known', () => {
  const agent = { capabilities: [], wakes: 'high', lastSeenAt: now, waiting: 0, dead: 0 } as const
  const handler = { instance: 'i', kind: 'worker', pid: 42, startTime: '1', host: 'box' } as const
  const rows = render(
    [
      {
        ...agent,
        name: 'app',
        project: '/home/me/app',
        provider: 'codex',
        topics: ['ci.>'],
        handlers: [handler, { ...handler, kind: 'session', host: 'far\n', pid: 43 }],
        dead: 2,
      },
      { ...agent, name: 'ann', project: '', topics: [], handlers: [], waiting: 1 },
    ],
    createMailAgentTableLayout,
  )
  expect(cells(rows)).toEqual([
    ['NAME', 'WAITING', 'DEAD', 'SEEN', 'PROVIDER', 'TOPICS', 'PROJECT', 'HANDLED BY'],
    [
      'app',
      '2',
      '0s',
      'codex',
      'ci.>',
      '~/app',
      String.raw`worker on box (pid 42), session on far\u{a} (pid 43)`,
    ],
    ['ann', '1', '0s', 'no process now'],
  ])
})
