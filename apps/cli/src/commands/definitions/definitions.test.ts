import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { containing } from '@subagent-mcp/testkit'
import { useCliHouse } from '../../cli-house.test.support.js'

const theRuntime = useCliHouse()

test('are made, listed, checked and shown, without a daemon', async () => {
  const { run, home } = theRuntime()
  const here = ['--cwd', home]
  const path = join(home, '.subagent-mcp/agents/reviewer.md')
  expect(await run(['agents', 'new', 'reviewer', ...here])).toMatchObject({ code: 0, stdout: `${path}\n` })
  expect((await run(['agents', 'new', 'reviewer', ...here])).stderr).toContain(
    `the file exists already: ${path}`,
  )
  for (const words of [['agents'], ['agents', 'list']]) {
    const { code, stdout } = await run([...words, ...here, '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject([{ name: 'reviewer', path }])
  }
  expect(await run(['agents', 'lint', ...here])).toMatchObject({ code: 0, stdout: '' })
  expect((await run(['agents', 'show', 'reviewer', ...here])).stdout).toContain(
    `Working directory: ${home}\n`,
  )
  writeFileSync(path, readFileSync(path, 'utf8').replace('name: reviewer', 'name: other'))
  const { code, stdout } = await run(['agents', 'lint', 'reviewer', ...here])
  expect({ code, stdout }).toEqual({ code: 1, stdout: containing(`${path}:2: name: `) })
  expect(() => theRuntime().log()).toThrow('ENOENT')
})

test('say what a wrong word was', async () => {
  const { run, home } = theRuntime()
  mkdirSync(join(home, 'agents'))
  expect(await run(['agents', 'shw'])).toMatchObject({ code: 2, stderr: containing('shw') })
  expect(await run(['agents', 'show'])).toMatchObject({ code: 2 })
  expect((await run(['agents', '--help'])).stdout).toMatch(/list[^]*show[^]*lint[^]*new/)
  expect((await run(['agents', 'new', '--help'])).stdout).toContain('--provider')
})
