import { createClaudeDriver } from '@subagent-mcp/driver-claude'
import { containing, defineAgent, thorough } from '@subagent-mcp/testkit'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { testEachCli, type Provider } from './each-provider.js'
import { isSoak, printCounts } from './rounds.js'
import { caseTitle, schemaCase, type SchemaCase } from './schema-cases.js'
import { useServerStage } from './server-stage.js'

const stage = useServerStage({}, 'configured')

/** How often the model gives a wrong answer before the right one. The second wrong one is the last. */
type Wrong = 0 | 1 | 2

const Reports = z.looseObject({
  reports: z.array(
    z.looseObject({
      status: z.string(),
      turn: z.number(),
      value: z.unknown().optional(),
      grade: z.string().optional(),
      evidence: z.array(z.unknown()).optional(),
      failure: z.looseObject({ reason: z.string(), message: z.string() }).optional(),
    }),
  ),
})

/** Lets the model of an agent answer the case with a number, first wrongly as often as asked. */
function script(number: number, provider: Provider, wrong: Wrong): void {
  const { schema, valid, invalid } = schemaCase(number)
  const hasTool = answersByTool(schema, provider)
  const answer = (value: unknown) =>
    hasTool
      ? ([
          { type: 'tool', tool: 'StructuredOutput', input: value },
          { type: 'say', text: 'no more' },
        ] as const)
      : ([{ type: 'say', text: JSON.stringify(value) }] as const)
  const title = caseTitle(number).replace('.', '\\.')
  stage().model.script([
    {
      match: new RegExp(`^Your answer does not match[^]*${title}`),
      steps: answer(wrong === 2 ? invalid : valid),
    },
    { match: new RegExp(`^Answer ${title}`), steps: answer(wrong > 0 ? invalid : valid) },
  ])
}

/** Whether the model answers with a tool of Claude, which refuses a wrong answer itself. */
function answersByTool(schema: SchemaCase['schema'], provider: Provider): boolean {
  return provider === 'claude' && createClaudeDriver().takesSchema?.(schema) === true
}

/**
 * The numbers of the generated schemas. Seven numbers in a row have every kind. A short run takes three of seven: among them are one
 * schema that the CLI itself enforces, and one that is only written into the prompt.
 */
const start = isSoak ? 1 : Date.now() % 1_000
const generatedCases = isSoak
  ? Array.from({ length: 50 }, (_, index) => start + index)
  : [start, start + 3, start + 5]

/** Launches an agent with the schema of a case, and returns the only report of it. */
async function report(number: number, provider: Provider, wrong: Wrong) {
  script(number, provider, wrong)
  const { launch, host } = stage()
  await launch(`Answer ${caseTitle(number)}`, { provider, output_schema: schemaCase(number).schema })
  const { structuredContent } = await host.client.callTool({ name: 'wait', arguments: {} })
  const { reports } = Reports.parse(structuredContent)
  expect(reports).toHaveLength(1)
  return reports[0]
}

function expectReport(
  actual: unknown,
  number: number,
  { provider, wrong }: { provider: Provider; wrong: Wrong },
): void {
  const { schema, valid, mismatch } = schemaCase(number)
  if (wrong < 2) {
    const evidence = [{ type: 'schema', passed: true, problems: [] }]
    expect(actual).toMatchObject({
      status: 'finished',
      turn: wrong + 1,
      value: valid,
      grade: 'checked',
      evidence,
    })
  } else {
    expect(actual).toMatchObject({
      status: 'errored',
      turn: 2,
      grade: 'rejected',
      failure: { reason: 'rejected' },
    })
    expect(actual).not.toHaveProperty('value')
    const text = answersByTool(schema, provider) ? 'the answer is not JSON' : mismatch
    expect(actual).toHaveProperty('failure.message', containing(text))
  }
}

testEachCli(
  '[typed-answer] %s: a right answer is reported as data, a wrong one is repaired in the same session, and a second wrong one fails',
  { locally: ['claude'] },
  async (provider) => {
    await stage().restart({})
    for (const wrong of [0, 1, 2] as const)
      expectReport(await report(0, provider, wrong), 0, { provider, wrong })
  },
)

testEachCli(
  '[typed-answer] %s: answers by generated schemas, which the CLI takes itself or is told',
  { locally: [], inSoak: ['gemini'] },
  async (provider) => {
    await stage().configure({ limits: { launchesPerMinute: 10_000 } })
    for (const number of generatedCases) {
      // A repaired answer shows a right one too, which only the soak asks for first.
      for (const wrong of isSoak ? ([0, 1, 2] as const) : ([1, 2] as const)) {
        if (wrong === 2 && number % 7 > 1) continue
        expectReport(await report(number, provider, wrong), number, { provider, wrong })
      }
    }
    printCounts(`answers by schemas of ${provider}`, {
      schemas: generatedCases.length,
      'first number': generatedCases[0] ?? 0,
    })
  },
)

test(
  '[typed-answer] run takes a schema from a file or as JSON, and prints the value; what is no schema launches nothing',
  thorough,
  async () => {
    const { model, subagentMcp, home } = stage()
    const { schema, valid } = schemaCase(5)
    script(5, 'codex', 0)
    const path = join(home.cwd, 'schema.json')
    writeFileSync(path, JSON.stringify(schema))
    for (const given of [path, JSON.stringify(schema)]) {
      const args = [
        'run',
        `Answer ${caseTitle(5)}`,
        '--provider',
        'codex',
        '--json',
        '--output-schema',
        given,
      ]
      expect(JSON.parse(await subagentMcp(...args))).toMatchObject({
        value: valid,
        said: JSON.stringify(valid),
      })
    }
    const plain = ['run', `Answer ${caseTitle(5)}`, '--provider', 'codex', '--output-schema', path]
    expect(await subagentMcp(...plain)).toBe(JSON.stringify(valid))
    const before = model.requests.length
    for (const [given, message] of [
      ['{"type": "objekt"}', 'output_schema: schema/type must be equal to one of the allowed values'],
      ['[1]', '--output-schema: ENOENT'],
      ['{"$ref": "https://example.com/x"}', "output_schema: can't resolve reference https://example.com/x"],
    ] as const) {
      const run = subagentMcp('run', 'x', '--provider', 'codex', '--output-schema', given)
      await expect(run).rejects.toMatchObject({ stderr: containing(message) })
    }
    expect(model.requests).toHaveLength(before)
  },
)

testEachCli(
  '[typed-answer] %s: a task is told its schema, is repaired in its pooled process, and leaves none of it to the next task',
  { locally: [], inSoak: ['gemini'] },
  async (provider) => {
    const { home, configure, model } = stage()
    const path = defineAgent(home.cwd, { name: 'typist', provider })
    const { host } = await configure({ bypassPermissions: [path] })
    const { schema, valid, invalid } = schemaCase(5)
    const title = caseTitle(5).replace('.', '\\.')
    const say = (value: unknown) => [{ type: 'say', text: JSON.stringify(value) }] as const
    model.script([
      { match: new RegExp(`^Your answer does not match[^]*${title}`), steps: say(valid) },
      { match: new RegExp(`^Task ${title}`), steps: say(invalid) },
    ])
    const task = { agent: 'typist', task: `Task ${caseTitle(5)}`, output_schema: schema }
    const { structuredContent } = await host.client.callTool({ name: 'invoke', arguments: task })
    expect(Reports.parse(structuredContent).reports).toMatchObject([
      { status: 'finished', turn: 2, value: valid },
    ])
    const plain = { agent: 'typist', task: 'And now words. [[say: plain words]]' }
    expect((await host.call('invoke', plain)).text).toContain('plain words')
    expect(model.requests.at(-1)?.userText).not.toContain(caseTitle(5))
  },
)
