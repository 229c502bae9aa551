import { createClaudeDriver } from '@subagent-mcp/driver-claude'
import {
  checkForLeaks,
  describeDriver,
  driveSession,
  startModelServer,
  temporaryHome,
  useWatchdog,
  type ModelServer,
  type TemporaryHome,
} from '@subagent-mcp/testkit'
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { claudePath } from './cli-paths.js'

checkForLeaks()
const watchdog = useWatchdog()

let model: ModelServer
let home: TemporaryHome

beforeEach(async () => {
  model = await startModelServer()
  home = temporaryHome({ modelUrl: model.url })
})

afterEach(async () => {
  await model.close()
  home.remove()
})

function start() {
  const { cwd, environment } = home
  const driver = createClaudeDriver({ watchdog: watchdog(), executable: claudePath })
  return { driver, spec: { cwd, environment, mcp: 'none' } as const }
}

describeDriver('[driver-contract] the real claude', {
  start,
  prompts: {
    plain: { text: 'Say it. [[say: four]]', answer: 'four' },
    asking: { text: '[[tool: Bash {"command":"touch asked"}]] [[say: went on]]', answer: 'went on' },
    hanging: { text: '[[say: begun]] [[hang]]' },
    failing: { text: '[[status: 400 no]]', reason: 'bad-request' },
    steering: { text: '[[say: steered]]', answer: 'steered' },
  },
})

test('[steer] a message that comes after the last tool call is answered before the turn ends', async () => {
  const { driver, spec } = start()
  const { session, prompt, record, close } = await driveSession(driver, spec)
  const { end } = prompt('[[say: early]] [[gate: late]]')
  await record.next('text-delta')
  session.send({ type: 'steer', messageId: randomUUID(), text: '[[say: and late]]' })
  model.release('late')
  expect(await end).toEqual({ type: 'completed', answer: 'and late' })
  await close()
})

test('[driver-contract] model and effort change from the next request on', async () => {
  const { driver, spec } = start()
  const { session, prompt, close } = await driveSession(driver, { ...spec, model: 'claude-opus-4-8' })
  await prompt('[[say: one]]').end
  session.send({ type: 'configure', model: 'claude-sonnet-4-6', effort: 'low' })
  await prompt('[[say: two]]').end
  await close()
  const turns = model.requests.filter(({ kind }) => kind === 'turn')
  expect(turns.map(({ body }) => body)).toMatchObject([
    { model: 'claude-opus-4-8' },
    { model: 'claude-sonnet-4-6', output_config: { effort: 'low' } },
  ])
})
