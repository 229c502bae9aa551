import type { Driver, Failure, Model } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { codexMissing, listingDriver } from '@subagent-mcp/testkit'
import { surveyProviders } from './survey-providers.js'

const failure: Failure = { reason: 'crashed', message: 'it fell over' }
const unreadable: Failure = { reason: 'protocol', message: 'a list that cannot be read' }
const models: Model[] = [{ id: 'm-1', aliases: ['m'] }]
const never = (): Promise<never> => new Promise(() => undefined)

const rows: [name: string, driver: Partial<Driver>, surveyed: object][] = [
  ['what it has', {}, { type: 'usable', version: '1.2.3', signedIn: 'yes', models }],
  [
    'a failure at first sight',
    { preflight: () => codexMissing },
    { type: 'unusable', failure: codexMissing },
  ],
  [
    'a failure at second sight',
    { probe: () => Promise.resolve({ installed: false, failure }) },
    { type: 'unusable', failure },
  ],
  [
    'a missing sign-in',
    { probe: () => Promise.resolve({ installed: true, executable: '/x', version: '1', signedIn: 'no' }) },
    { type: 'unusable', failure: { reason: 'not-signed-in' } },
  ],
  [
    'models that were not told',
    { models: () => Promise.resolve({ type: 'failed', failure: unreadable }) },
    { type: 'usable', version: '1.2.3', signedIn: 'yes', problem: unreadable },
  ],
  [
    'a CLI that does not start',
    { models: () => Promise.resolve({ type: 'failed', failure }) },
    { type: 'unusable', failure },
  ],
  [
    'a probe that never comes back',
    { probe: never },
    { type: 'unusable', failure: { reason: 'timed-out', message: 'x did not answer within 0.02 s' } },
  ],
  ['a list that never comes', { models: never }, { type: 'unusable', failure: { reason: 'timed-out' } }],
]
test.each(rows)('%s', async (_, parts, surveyed) => {
  const drivers = new Map([['x', listingDriver('x', models, parts)]])
  const answers = await surveyProviders(drivers, { environment: {}, deadlineMs: 20 })
  expect(answers.get('x')).toMatchObject(surveyed)
})

test('all providers are asked in parallel, and returned in their order', async () => {
  const asked: (() => void)[] = []
  // Each answers once both have been asked.
  const probe: Driver['probe'] = async () => {
    await new Promise<void>((resolve) => {
      asked.push(resolve)
      if (asked.length === 2) for (const answer of asked) answer()
    })
    return { installed: true, executable: '/x', version: '1', signedIn: 'yes' }
  }
  const drivers = new Map(['b', 'a'].map((id) => [id, listingDriver(id, models, { probe })]))
  const answers = await surveyProviders(drivers, { environment: {}, deadlineMs: 15_000 })
  expect([...answers].map(([id, { type }]) => `${id} ${type}`)).toEqual(['b usable', 'a usable'])
})
