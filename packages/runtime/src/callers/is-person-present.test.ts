import { checkForLeaks } from '@subagent-mcp/testkit'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { isPersonPresent } from './is-person-present.js'

checkForLeaks()

test('a process in a terminal has a person, unless it is in CI', async () => {
  const child = spawn('script', ['-q', '-c', 'echo $$; read line', '/dev/null'])
  const pid = await new Promise<number>((resolve) => {
    child.stdout.once('data', (data: Buffer) => {
      resolve(Number.parseInt(String(data), 10))
    })
  })
  expect(isPersonPresent({ environment: {}, pid })).toBe(true)
  for (const ci of ['', '0', 'false']) expect(isPersonPresent({ environment: { CI: ci }, pid })).toBe(true)
  for (const ci of ['1', 'true', 'yes']) expect(isPersonPresent({ environment: { CI: ci }, pid })).toBe(false)
  child.stdin.end('\n')
  await once(child, 'exit')
  expect(isPersonPresent({ environment: {}, pid })).toBe(false)
})

test('a process without a terminal has no person, nor has a client without a pid', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true })
  expect(isPersonPresent({ environment: {}, pid: child.pid ?? 0 })).toBe(false)
  expect(isPersonPresent({ environment: {} })).toBe(false)
  child.kill('SIGKILL')
  await once(child, 'exit')
})
