import { launchOptionsFor, workerSettings } from '@subagent-mcp/api'
import { expect, test } from 'vitest'
import { runCommand } from './run.js'
import { workerCommand } from '../worker/worker.js'

test.each([
  ['run', { ...runCommand.flags, ...runCommand.words }, launchOptionsFor('run')],
  ['worker', workerCommand.flags, launchOptionsFor('worker')],
  ['a fleet file', workerSettings, launchOptionsFor('worker')],
])('%s takes each option of a launch that it does not leave out with a reason', (_, taken, options) => {
  expect(Object.keys(taken)).toEqual(expect.arrayContaining(Object.keys(options)))
})
