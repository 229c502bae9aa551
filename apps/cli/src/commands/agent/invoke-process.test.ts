import { installFakeClaude, containing } from '@subagent-mcp/testkit'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { clientOf } from '../../daemon/cli-daemon.test.support.js'
import {
  untilProcessEnds,
  useCliRuntime,
  type CliRuntime,
  type RunResult,
} from '../../cli-runtime.test.support.js'

const theRuntime = useCliRuntime()

/** Defines an agent `reviewer`, and returns functions that run commands with a fake Claude CLI. */
function defineReviewer(): {
  begin: (words: string[], input?: string) => ReturnType<CliRuntime['start']>
  run: (words: string[], input?: string) => Promise<RunResult>
  remove: () => void
} {
  const { start, home } = theRuntime()
  const folder = join(home, 'ours', 'agents')
  mkdirSync(folder, { recursive: true })
  const text =
    '---\nname: reviewer\ndescription: Reviews code.\nprovider: claude\nmodel: sonnet\n---\nReview.\n'
  writeFileSync(join(folder, 'reviewer.md'), text)
  const { executable, remove } = installFakeClaude('well')
  // A daemon that is killed leaves the folders of its sessions in TMPDIR.
  const variables = { ANTHROPIC_API_KEY: 'dummy', SUBAGENT_MCP_CLAUDE_PATH: executable, TMPDIR: home }
  const begin = (words: string[], input = ''): ReturnType<CliRuntime['start']> => {
    const child = start(words, variables)
    child.stdin.end(input)
    return child
  }
  return { remove, begin, run: (words, input) => untilProcessEnds(begin(words, input)) }
}

/** Returns the statuses of all agents; none before the daemon has started. */
async function statuses(): Promise<string[]> {
  try {
    return (await clientOf(theRuntime()).agents()).map(({ status }) => status)
  } catch {
    return []
  }
}

test('a warm process does one task after another, and is ended', async () => {
  const { run, remove } = defineReviewer()
  const warmed = await run(['warmup', 'reviewer'])
  const [, pid = ''] = /^reviewer is warm: pid (\d+)/.exec(warmed.stdout) ?? []
  expect(pid).not.toBe('')
  const first = await run(['invoke', 'reviewer', '[[say: all', 'is', 'well]]'])
  expect(first).toMatchObject({ code: 0, stdout: 'all is well\n' })
  expect(first.stderr).toMatch(/^\w{4} "reviewer": claude\/\S+ for \w+\n/)
  expect(first.stderr).toMatch(/\n\w{4} "reviewer" finished in [^\n]*\n$/)
  const second = await run(['invoke', 'reviewer'], '[[say: indeed]]')
  expect(second).toMatchObject({ code: 0, stdout: 'indeed\n' })
  await expect
    .poll(async () => (await run(['pool'])).stdout)
    .toMatch(new RegExp(`\\nreviewer +warm +${pid} +2 .*Reviews code\\.\\n$`))
  expect(await run(['reset', 'reviewer'])).toMatchObject({ code: 0, stdout: 'reviewer: ended 1 process\n' })
  expect((await run(['pool'])).stdout).toMatch(/\nreviewer +cold /)
  remove()
  await expect.poll(() => clientOf(theRuntime()).agents()).toEqual([])
})

test('SIGKILL, SIGTERM and SIGHUP leave the task running', async () => {
  const { begin, run, remove } = defineReviewer()
  const { agents } = clientOf(theRuntime())
  const working = async (): Promise<string[]> =>
    (await statuses()).filter((status) => status === 'processing')
  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGHUP'] as const) {
    const child = begin(['invoke', 'reviewer', '[[hang]]'])
    await expect.poll(working, { timeout: 15_000 }).toHaveLength(1)
    child.kill(signal)
    await untilProcessEnds(child)
    expect(await working()).toHaveLength(1)
    const { id = '' } = (await agents()).find(({ status }) => status === 'processing') ?? {}
    expect(await run(['kill', id])).toMatchObject({ code: 0 })
  }
  remove()
})

test('after the daemon was killed, wait reports its task as interrupted, once', async () => {
  const { begin, run, remove } = defineReviewer()
  const child = begin(['invoke', 'reviewer', '[[hang]]'])
  const end = untilProcessEnds(child)
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += String(chunk)))
  const { agents, health } = clientOf(theRuntime())
  await expect.poll(() => said).toContain('"reviewer": claude/') // it knows its task
  await expect.poll(statuses, { timeout: 15_000 }).toEqual(['processing'])
  const [{ id } = { id: '' }] = await agents()
  process.kill((await health()).pid, 'SIGKILL')
  const { code, stderr } = await end
  expect(code).toBe(3)
  expect(stderr).toContain(`${id} was interrupted: invoke it again`)
  await run(['daemon', 'start'])
  expect(await run(['wait', id])).toMatchObject({
    code: 3,
    stdout: containing(`${id} "reviewer" interrupted`),
  })
  expect(await run(['wait', id])).toMatchObject({ code: 1, stderr: containing('no agent') })
  remove()
})
