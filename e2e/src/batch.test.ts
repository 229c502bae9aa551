import { thorough } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { pinnedClaude, serverScript } from './mcp-host.js'
import { serverEnvironment, useServerStage } from './server-stage.js'

const stage = useServerStage()

const Result = z.looseObject({ line: z.number(), status: z.string(), agent: z.string() })

const Questions = z.array(z.looseObject({ requestId: z.string() }))

function resultsIn(stdout: string): z.infer<typeof Result>[] {
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [Result.parse(JSON.parse(line))]))
}

test(
  '[batch] a batch whose command is killed is continued by the same command: nothing is lost or launched twice, and what asks can be answered',
  thorough,
  async () => {
    const { model, home, subagentMcp } = stage()
    const file = join(home.cwd, 'tasks.jsonl')
    const prompts = [
      '[[say: one]]',
      '[[gate: later]] [[say: two]]',
      '[[tool: Bash {"command":"touch made"}]] [[say: three]]',
      '[[say: four]]',
    ]
    writeFileSync(file, prompts.map((prompt) => JSON.stringify({ prompt, ...pinnedClaude })).join('\n'))
    const words = ['run', '--batch', file, '--json', '--limit', '2']
    const start = () => {
      const options = { cwd: home.cwd, env: serverEnvironment(home), extendEnv: false, reject: false }
      return execa(process.execPath, [serverScript, ...words], { ...options, input: '' })
    }

    const first = start()
    let stdout = ''
    first.stdout.on('data', (chunk: Buffer) => (stdout += String(chunk)))
    // The third asks and leaves its place to the fourth, while the second still works.
    await expect.poll(() => resultsIn(stdout).map(({ line }) => line)).toEqual([1, 4])
    first.kill('SIGKILL')
    await first
    model.release('later')

    const second = await start()
    expect(second.exitCode).toBe(4)
    const results = resultsIn(second.stdout).filter(({ line }) => line !== 4)
    expect(results).toMatchObject([
      { line: 2, status: 'finished', answer: 'two' },
      { line: 3, status: 'asking', asks: ['Bash {"command":"touch made"}'] },
    ])
    const [question] = Questions.parse(JSON.parse(await subagentMcp('permissions', '--json')))
    await subagentMcp('permissions', 'allow', results[1]?.agent ?? '', question?.requestId ?? '')
    const third = await start()
    expect(third.exitCode).toBe(0)
    expect(resultsIn(third.stdout)).toMatchObject([{ line: 3, status: 'finished', answer: 'three' }])
    expect(existsSync(join(home.cwd, 'made'))).toBe(true)
    expect(JSON.parse(await subagentMcp('ps', '--all', '--json'))).toHaveLength(4)
  },
)
