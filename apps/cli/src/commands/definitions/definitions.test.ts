import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { containing } from '@subagent-mcp/testkit'
import { useCliRuntime } from '../../cli-runtime.test.support.js'

const theRuntime = useCliRuntime()

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
