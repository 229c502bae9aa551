import { expect, test } from 'vitest'
import { startTestContext } from '../../terminal/context.test.support.js'
import { poolCommand, resetCommand, warmupCommand } from './pool.js'

test('a process is warmed up, listed and ended', async () => {
  const context = await startTestContext()
  const said = async (command: Promise<number>): Promise<string> => {
    context.terminal.said.stdout = ''
    expect(await command).toBe(0)
    return context.terminal.said.stdout
  }
  expect(await said(poolCommand.run([], context))).toMatch(/^AGENT .*\nreviewer +cold +/)
  const warmed = await said(warmupCommand.run(['reviewer'], context))
  expect(warmed).toBe('reviewer is warm: pid 4242, 181 MB\n')
  const cached = await said(warmupCommand.run(['reviewer', '--cache', '--json'], context))
  expect(JSON.parse(cached)).toMatchObject({ agent: 'reviewer', tasks: 1 })
  expect(await said(poolCommand.run([], context))).toMatch(/\nreviewer +warm +4242 +0 .*\n +warm +4242 +1 /)
  const listed: unknown = JSON.parse(await said(poolCommand.run(['--json'], context)))
  expect(listed).toMatchObject([{ name: 'reviewer', processes: [{ pid: 4242 }, { pid: 4242 }] }])
  expect(await said(resetCommand.run(['reviewer'], context))).toBe('reviewer: ended 2 processes\n')
  const again = await said(resetCommand.run(['reviewer', '--json'], context))
  expect(JSON.parse(again)).toEqual({ ended: 0 })
  expect(context.terminal.said.stderr).toBe('')
})

test('one that is unknown is not warmed up', async () => {
  const context = await startTestContext()
  const warming = warmupCommand.run(['poet'], context)
  await expect(warming).rejects.toMatchObject({ code: 'unknown-definition', hint: 'there is reviewer' })
})

test('without agents it says how to make one', async () => {
  const context = await startTestContext()
  context.agents.listed.pop()
  expect(await poolCommand.run([], context)).toBe(0)
  expect(context.terminal.said).toEqual({
    stdout: '',
    stderr: 'no agent of your own is defined here; create one: subagent-mcp agents new <name>\n',
  })
})

test('of another folder', async () => {
  const context = await startTestContext()
  const seen: string[] = []
  const { definitionsAt } = context.agents
  context.agents.definitionsAt = (cwd) => {
    seen.push(cwd)
    return definitionsAt(cwd)
  }
  await poolCommand.run(['--cwd', 'sub'], context)
  await warmupCommand.run(['reviewer', '--cwd', 'sub'], context)
  await resetCommand.run(['reviewer', '--cwd', 'sub'], context)
  expect(seen).toEqual(Array(3).fill(`${context.terminal.cwd}/sub`))
})
