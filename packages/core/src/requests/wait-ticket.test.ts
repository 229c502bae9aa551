import { expect, test } from 'vitest'
import { createManualSupervisor } from '../supervisor/manual-supervisor.test.support.js'
import { cancelWaitTicket, pollWaitTicket, openWaitTicket } from './wait-ticket.js'

const terms = { tool: 'wait', until: 'all', everyAgent: true } as const

/** A supervisor that died with an open or an ended ticket over two agents, and another one that takes over its journal. */
async function lived(end: 'open' | 'done' | 'cancelled') {
  const [dead, next] = [createManualSupervisor(), createManualSupervisor()]
  const [one, two] = [await dead.launched(), await dead.launched()]
  const { id: ticketId = '' } = openWaitTicket(dead.supervisor, 'me', { terms }) ?? {}
  one.session.finish('one is done')
  if (end === 'cancelled') cancelWaitTicket(dead.supervisor, 'me', ticketId)
  if (end === 'done') {
    two.session.finish('two is done')
    pollWaitTicket(dead.supervisor, 'me', { ticketId, showsForms: false })
  }
  next.supervisor.adopt(structuredClone(dead.journal.facts))
  next.connect('other')
  return { next, look: () => pollWaitTicket(next.supervisor, 'other', { ticketId, showsForms: false }) }
}

test('an open ticket outlives its supervisor, and has the end of the agents that died with it', async () => {
  const { look } = await lived('open')
  const looked = look()
  if (looked.type !== 'done') throw new Error(`it is ${looked.type}`)
  const reports = looked.outcome.news.map((news) =>
    news.reports.map(({ type, repeated = false }) => [type, repeated]),
  )
  expect(reports).toEqual([[['turn', false]], [['ending', false]]])
})

test('the result of a ticket is the same in the next supervisor, and marked as repeated', async () => {
  const { look } = await lived('done')
  for (const looked of [look(), look()]) {
    if (looked.type !== 'done') throw new Error(`it is ${looked.type}`)
    const reports = looked.outcome.news.flatMap((news) => news.reports)
    expect(reports.map(({ type, repeated }) => [type, repeated])).toEqual([
      ['turn', true],
      ['turn', true],
    ])
  }
})

test('a cancelled ticket stays cancelled', async () => {
  expect((await lived('cancelled')).look().type).toBe('cancelled')
})
