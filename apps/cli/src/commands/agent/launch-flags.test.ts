import { launchOptionsOf } from '@subagent-mcp/api'
import { expect, test } from 'vitest'
import { WorkerKeys } from '../../fleet/worker-keys.js'
import { runSpec } from './run.js'
import { workerSpec } from '../worker/worker-args.js'

test.each([
  ['run', { ...runSpec.flags, ...runSpec.words }, launchOptionsOf('run')],
  ['worker', workerSpec.flags ?? {}, launchOptionsOf('worker')],
  ['a fleet file', WorkerKeys.shape, launchOptionsOf('worker')],
])('%s takes each option of a launch that it does not leave out with a reason', (_, taken, options) => {
  expect(Object.keys(taken)).toEqual(expect.arrayContaining(Object.keys(options)))
})
