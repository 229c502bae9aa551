import { checkOutputSchema } from '@subagent-mcp/runtime'
import { beforeAll, expect, test } from 'vitest'
import { openNewestSession, startTestContext } from '../../terminal/context.test.support.js'
import { runCommand } from './run.js'

// In a request of a test Node would look for the packages that ajv uses beside the link to ajv, and not beside ajv.
beforeAll(() => checkOutputSchema({}))

/** Starts `run` with a schema, and resolves when the answer of its agent is being checked, until `release` is called. */
async function startChecked() {
  const context = await startTestContext()
  let release = (): void => undefined
  context.checks.ready = new Promise<void>((resolve) => {
    release = resolve
  })
  const running = runCommand.run(['count', '--output-schema', '{"type": "integer"}'], context)
  await expect.poll(() => context.driver.sessions.length).toBe(1)
  const session = await openNewestSession(context.driver)
  await expect.poll(() => session.sent.length).toBe(1)
  session.finish('7')
  const status = () => context.supervisor.state().agents.get('a1')?.phase.status
  await expect.poll(() => context.terminal.said.stderr).toContain('the turn finished')
  expect(status()).toBe('checking')
  return { context, running, release, status }
}

test('the command stays during a check, and prints the answer alone', async () => {
  const { context, running, release } = await startChecked()
  release()
  expect(await running).toBe(0)
  expect(context.terminal.said.stdout).toBe('7\n')
})

test('Ctrl-C during a check kills the agent', async () => {
  const { context, running, release, status } = await startChecked()
  context.terminal.interrupt()
  expect(await running).toBe(130)
  expect(status()).toBe('ended')
  release()
})

test('an interrupt from elsewhere ends the check and the command', async () => {
  const { context, running, release, status } = await startChecked()
  await context.client.interrupt('a1')
  expect(await running).toBe(3)
  expect(status()).toBe('idle')
  release()
})
