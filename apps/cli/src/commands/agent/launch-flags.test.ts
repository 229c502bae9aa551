import { getLaunchOptionSchemas, workerSettings } from '@subagent-mcp/api'
import { expect, test } from 'vitest'
import { runCommand } from './run.js'
import { workerCommand } from '../worker/worker.js'

test.each([
  ['run', { ...runCommand.flags, ...runCommand.words }, getLaunchOptionSchemas('run')],
  ['worker', workerCommand.flags, getLaunchOptionSchemas('worker')],
  ['a fleet file', workerSettings, getLaunchOptionSchemas('worker')],
])('%s takes each option of a launch that it does not leave out with a reason', (_, taken, options) => {
  expect(Object.keys(taken)).toEqual(expect.arrayContaining(Object.keys(options)))
})
