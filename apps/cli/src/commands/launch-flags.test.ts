import { launchOptionsOf } from '@subagent-mcp/api'
import { expect, test } from 'vitest'
import { WorkerKeys } from '../fleet/worker-keys.js'
import { runFlags } from './run-order.js'
import { workerFlags } from './worker-order.js'

test.each([
  ['run', runFlags, launchOptionsOf('run')],
  ['worker', workerFlags, launchOptionsOf('worker')],
  ['a fleet file', WorkerKeys.shape, launchOptionsOf('worker')],
])('%s takes each option of a launch that it does not leave out with a reason', (_, taken, options) => {
  expect(Object.keys(taken)).toEqual(expect.arrayContaining(Object.keys(options)))
})
