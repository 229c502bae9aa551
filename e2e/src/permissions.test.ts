import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { useServerStage } from './server-stage.js'

const stage = useServerStage()

function touchThenSay(path: string): string {
  return `[[tool: Bash {"command":"touch ${path}","description":"make a file"}]] [[say: went on]]`
}

test('[permission-allow] an allowed tool call really runs', async () => {
  const { launch, host, home } = stage()
  const path = join(home.cwd, 'allowed')
  const id = await launch(touchThenSay(path))
  const asked = await host.call('wait')
  expect(asked.text).toContain(`asks permission`)
  expect(asked.text).toContain(`touch ${path}`)
  expect(asked.agents).toMatchObject([{ status: 'permission_requested', permissions: [{ tool: 'Bash' }] }])
  expect(existsSync(path)).toBe(false)
  expect((await host.call('respond_permission', { agent_id: id, decision: 'allow' })).text).toContain(
    'next: wait',
  )
  expect((await host.call('wait')).text).toContain('went on')
  expect(existsSync(path)).toBe(true)
})

test('[permission-deny] a denied tool call does not run, the model gets the reason, and the agent continues', async () => {
  const { launch, host, home, model } = stage()
  const path = join(home.cwd, 'denied')
  const id = await launch(touchThenSay(path))
  await host.call('wait')
  await host.call('respond_permission', { agent_id: id, decision: 'deny', reason: 'not in this project' })
  expect((await host.call('wait')).text).toContain('went on')
  expect(existsSync(path)).toBe(false)
  expect(model.requests.at(-1)?.bodyText).toContain('not in this project')
})
