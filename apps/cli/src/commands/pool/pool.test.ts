import { expect, test } from 'vitest'
import { startHandDesk } from '../../terminal/hand-desk.test.support.js'
import { listPool } from './pool-list.js'
import { readPoolOrder } from './pool-order.js'
import { resetPool } from './reset-pool.js'
import { readResetOrder } from './reset-order.js'
import { warmUpAgent } from './warmup-agent.js'
import { readWarmupOrder } from './warmup-order.js'

test('the words', () => {
  expect(readPoolOrder(['--json', '--cwd', '/p'])).toEqual({ json: true, cwd: '/p' })
  expect(() => readPoolOrder(['reviewer'])).toThrow("there is a 'reviewer' too many")
  expect(readWarmupOrder(['reviewer', '--cache'])).toEqual({ agent: 'reviewer', cache: true, json: false })
  expect(readWarmupOrder(['reviewer', '--cwd', '/p'])).toMatchObject({ cwd: '/p' })
  expect(readResetOrder(['reviewer', '--cwd', '/p'])).toMatchObject({ cwd: '/p' })
  expect(() => readWarmupOrder([])).toThrow('there is no agent')
  expect(() => readResetOrder([''])).toThrow('there is no agent')
  expect(readResetOrder(['reviewer'])).toEqual({ agent: 'reviewer', json: false })
  expect(() => readResetOrder(['a', 'b'])).toThrow("there is a 'b' too many")
})

test('a process is warmed up, listed and ended', async () => {
  const desk = await startHandDesk()
  const said = async (command: Promise<number>): Promise<string> => {
    desk.terminal.said.stdout = ''
    expect(await command).toBe(0)
    return desk.terminal.said.stdout
  }
  expect(await said(listPool(readPoolOrder([]), desk))).toMatch(/^AGENT .*\nreviewer +cold +/)
  const warmed = await said(warmUpAgent(readWarmupOrder(['reviewer']), desk))
  expect(warmed).toBe('reviewer is warm: pid 4242, 181 MB\n')
  const cached = await said(warmUpAgent(readWarmupOrder(['reviewer', '--cache', '--json']), desk))
  expect(JSON.parse(cached)).toMatchObject({ agent: 'reviewer', tasks: 1 })
  expect(await said(listPool(readPoolOrder([]), desk))).toMatch(
    /\nreviewer +warm +4242 +0 .*\n +warm +4242 +1 /,
  )
  const listed: unknown = JSON.parse(await said(listPool(readPoolOrder(['--json']), desk)))
  expect(listed).toMatchObject([{ name: 'reviewer', processes: [{ pid: 4242 }, { pid: 4242 }] }])
  expect(await said(resetPool(readResetOrder(['reviewer']), desk))).toBe('reviewer: ended 2 processes\n')
  const again = await said(resetPool(readResetOrder(['reviewer', '--json']), desk))
  expect(JSON.parse(again)).toEqual({ ended: 0 })
  expect(desk.terminal.said.stderr).toBe('')
})

test('one that is unknown is not warmed up', async () => {
  const desk = await startHandDesk()
  const warming = warmUpAgent(readWarmupOrder(['poet']), desk)
  await expect(warming).rejects.toMatchObject({ code: 'unknown-definition', hint: 'there is reviewer' })
})

test('without agents it says how to make one', async () => {
  const desk = await startHandDesk()
  desk.agents.listed.pop()
  expect(await listPool(readPoolOrder([]), desk)).toBe(0)
  expect(desk.terminal.said).toEqual({
    stdout: '',
    stderr: 'no agent is defined here; make one: subagent-mcp agents new <name>\n',
  })
})

test('of another folder', async () => {
  const desk = await startHandDesk()
  const seen: string[] = []
  const { portAt } = desk.agents
  desk.agents.portAt = (cwd) => {
    seen.push(cwd)
    return portAt(cwd)
  }
  await listPool(readPoolOrder(['--cwd', 'sub']), desk)
  await warmUpAgent(readWarmupOrder(['reviewer', '--cwd', 'sub']), desk)
  await resetPool(readResetOrder(['reviewer', '--cwd', 'sub']), desk)
  expect(seen).toEqual(Array(3).fill(`${desk.terminal.cwd}/sub`))
})
