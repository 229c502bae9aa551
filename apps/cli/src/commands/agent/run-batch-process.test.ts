import { installFakeClaude, thorough } from '@subagent-mcp/testkit'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { untilProcessEnds, useCliRuntime } from '../../cli-runtime.test.support.js'
import { clientOf, oursIn } from '../../daemon/cli-daemon.test.support.js'

const theRuntime = useCliRuntime()

const Result = z.looseObject({ line: z.number(), status: z.string(), answer: z.string().optional() })

function resultsIn(stdout: string): z.infer<typeof Result>[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => Result.parse(JSON.parse(line)))
}

/** The prompts of the ten tasks: the fourth asks, the sixth reaches a limit that ends after two seconds. */
const prompts = Array.from({ length: 10 }, (_, index) => {
  const first = { 3: '[[tool: Bash {"command":"touch made"}]] ', 5: '[[status: 429 retry-after=2 times=1]] ' }
  return `${index === 3 || index === 5 ? first[index] : ''}[[say: answer ${index + 1}]]`
})

/** The number of lines whose end is in the record of the batch. */
function noted(): number {
  const folder = oursIn(theRuntime(), 'batches')
  const [name = ''] = readdirSync(folder).filter((file) => file.endsWith('.json'))
  return readFileSync(join(folder, name), 'utf8').split('"outcome"').length - 1
}

test(
  'ten tasks, one of which reaches a limit and one asks, survive a suspended and a killed command: nine done, one answerable, nothing twice',
  thorough,
  async () => {
    const { start, run, home } = theRuntime()
    const { executable, remove } = installFakeClaude('well')
    const variables = { ANTHROPIC_API_KEY: 'dummy', SUBAGENT_MCP_CLAUDE_PATH: executable, TMPDIR: home }
    const file = join(home, 'tasks.jsonl')
    const place = { cwd: home, provider: 'claude', model: 'sonnet' }
    writeFileSync(file, prompts.map((prompt) => JSON.stringify({ prompt, ...place })).join('\n'))
    const words = ['run', '--batch', file, '--json', '--limit', '2']
    const client = clientOf(theRuntime())

    const first = start(words, variables)
    let stdout = ''
    first.stdout.on('data', (chunk: Buffer) => (stdout += String(chunk)))
    const firstEnd = untilProcessEnds(first)
    const pauseAfter = async (results: number): Promise<void> => {
      await expect.poll(() => resultsIn(stdout).length).toBeGreaterThanOrEqual(results)
      // A command that is stopped between printing and noting a result would print it again.
      for (;;) {
        first.kill('SIGSTOP')
        await new Promise((resolve) => setTimeout(resolve, 100))
        if (resultsIn(stdout).length === noted()) return
        first.kill('SIGCONT')
      }
    }
    await pauseAfter(1)
    await expect
      .poll(async () => (await client.agents()).some(({ status }) => status === 'processing'))
      .toBe(false)
    first.kill('SIGCONT')
    await pauseAfter(3)
    expect((await run(words, variables)).stderr).toContain('runs')
    first.kill('SIGKILL')
    await firstEnd
    const before = resultsIn(stdout)

    const second = await run(words, variables)
    expect(second.code).toBe(4)
    const all = [...before, ...resultsIn(second.stdout)].toSorted((one, other) => one.line - other.line)
    expect(all.map(({ line, status, answer }) => [line, status, answer])).toEqual(
      prompts.map((_, index) =>
        index === 3 ? [4, 'asking', undefined] : [index + 1, 'finished', `answer ${index + 1}`],
      ),
    )
    const agents = await client.agents()
    expect(agents.map(({ status }) => status).toSorted()).toEqual([
      'errored',
      ...Array<string>(9).fill('finished'),
      'permission_requested',
    ])

    const [asking] = agents.filter(({ status }) => status === 'permission_requested')
    await client.answer(asking?.id ?? '', { decision: 'allow' })
    const third = await run(words, variables)
    remove()
    expect(third.code).toBe(0)
    expect(resultsIn(third.stdout)).toMatchObject([{ line: 4, status: 'finished', answer: 'answer 4' }])
    expect(await client.agents()).toHaveLength(11)
  },
)
