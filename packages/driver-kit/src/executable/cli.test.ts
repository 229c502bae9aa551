import { expect, test } from 'vitest'
import { locateCliExecutable, type Cli } from './cli.js'

const cli: Cli = {
  label: 'fake',
  command: 'no-such-cli',
  executableVariable: 'FAKE_PATH',
  installHint: 'install it',
  signInHint: 'sign in',
}
const environment = { PATH: '/bin' }
const notInstalled = {
  type: 'failed',
  failure: { reason: 'not-installed', message: 'fake (no-such-cli) was not found', hint: 'install it' },
}

test('finds the executable at the configured path', () => {
  const found = locateCliExecutable(cli, { ...environment, FAKE_PATH: process.execPath })
  expect(found).toEqual({ command: process.execPath })
})

test('takes a command with a folder in it for a path', () => {
  const { executableVariable: _, ...byPath } = { ...cli, command: process.execPath }
  expect(locateCliExecutable(byPath, environment)).toEqual({ command: process.execPath })
})

test.each([undefined, ''])('fails with the install hint when nothing is configured: %j', (configured) => {
  expect(locateCliExecutable(cli, { ...environment, FAKE_PATH: configured })).toEqual(notInstalled)
})

test('fails when the configured path is no executable, and says what to do', () => {
  const found = locateCliExecutable(cli, { ...environment, FAKE_PATH: '/nowhere/cli' })
  const message = 'the configured no-such-cli is no executable file: /nowhere/cli'
  expect(found).toMatchObject({ failure: { reason: 'not-installed', message } })
})
