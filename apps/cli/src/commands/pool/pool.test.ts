import { readArgs } from '../../command/read-args.js'
import { expect, test } from 'vitest'
import { startHandDesk } from '../../terminal/hand-desk.test.support.js'
import { listPool, poolSpec } from './pool.js'
import { resetPool, resetSpec } from './reset.js'
import { warmUpAgent, warmupSpec } from './warmup.js'

test('a process is warmed up, listed and ended', async () => {
  const desk = await startHandDesk()
  const said = async (command: Promise<number>): Promise<string> => {
    desk.terminal.said.stdout = ''
    expect(await command).toBe(0)
    return desk.terminal.said.stdout
  }
  expect(await said(listPool(readArgs(poolSpec, []), desk))).toMatch(/^AGENT .*\nreviewer +cold +/)
  const warmed = await said(warmUpAgent(readArgs(warmupSpec, ['reviewer']), desk))
  expect(warmed).toBe('reviewer is warm: pid 4242, 181 MB\n')
  const cached = await said(warmUpAgent(readArgs(warmupSpec, ['reviewer', '--cache', '--json']), desk))
  expect(JSON.parse(cached)).toMatchObject({ agent: 'reviewer', tasks: 1 })
  expect(await said(listPool(readArgs(poolSpec, []), desk))).toMatch(
    /\nreviewer +warm +4242 +0 .*\n +warm +4242 +1 /,
  )
  const listed: unknown = JSON.parse(await said(listPool(readArgs(poolSpec, ['--json']), desk)))
  expect(listed).toMatchObject([{ name: 'reviewer', processes: [{ pid: 4242 }, { pid: 4242 }] }])
  expect(await said(resetPool(readArgs(resetSpec, ['reviewer']), desk))).toBe('reviewer: ended 2 processes\n')
  const again = await said(resetPool(readArgs(resetSpec, ['reviewer', '--json']), desk))
  expect(JSON.parse(again)).toEqual({ ended: 0 })
  expect(desk.terminal.said.stderr).toBe('')
})

test('one that is unknown is not warmed up', async () => {
  const desk = await startHandDesk()
  const warming = warmUpAgent(readArgs(warmupSpec, ['poet']), desk)
  await expect(warming).rejects.toMatchObject({ code: 'unknown-definition', hint: 'there is reviewer' })
})

test('without agents it says how to make one', async () => {
  const desk = await startHandDesk()
  desk.agents.listed.pop()
  expect(await listPool(readArgs(poolSpec, []), desk)).toBe(0)
  expect(desk.terminal.said).toEqual({
    stdout: '',
    stderr: 'no agent is defined here; make one: subagent-mcp agents new <name>\n',
  })
})

test('of another folder', async () => {
  const desk = await startHandDesk()
  const seen: string[] = []
  const { definitionsAt } = desk.agents
  desk.agents.definitionsAt = (cwd) => {
    seen.push(cwd)
    return definitionsAt(cwd)
  }
  await listPool(readArgs(poolSpec, ['--cwd', 'sub']), desk)
  await warmUpAgent(readArgs(warmupSpec, ['reviewer', '--cwd', 'sub']), desk)
  await resetPool(readArgs(resetSpec, ['reviewer', '--cwd', 'sub']), desk)
  expect(seen).toEqual(Array(3).fill(`${desk.terminal.cwd}/sub`))
})
