import { expect, test } from 'vitest'
import { locate } from './locate.js'

const notInstalled = { reason: 'not-installed', message: 'none here' } as const
const search = { name: 'no-such-cli', environment: { PATH: '/bin' }, notInstalled }

test('finds it where the user says it is', () => {
  expect(locate({ ...search, configured: process.execPath })).toEqual({ command: process.execPath })
})

test.each([undefined, ''])('says that it is nowhere when the user says nothing: %j', (configured) => {
  expect(locate({ ...search, configured })).toEqual({ failure: notInstalled })
})

test('says that it is not where the user says it is, and what to do', () => {
  const found = locate({ ...search, configured: '/nowhere/cli' })
  const message = 'the configured no-such-cli is no executable file: /nowhere/cli'
  expect(found).toMatchObject({ failure: { reason: 'not-installed', message } })
})
