import {
  checkForLeaks,
  startModelServer,
  temporaryHome,
  type TemporaryHome,
  thorough,
} from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { cliPathVariables } from './cli-paths.js'
import { serverScript } from './mcp-host.js'

checkForLeaks()

const Routes = z.looseObject({
  providers: z.array(z.looseObject({ provider: z.string(), type: z.string(), headroom: z.string() })),
  categories: z.array(
    z.looseObject({
      category: z.string(),
      candidates: z.array(
        z.looseObject({
          candidate: z.looseObject({ provider: z.string(), model: z.string() }),
          state: z.string(),
          modelId: z.string().optional(),
        }),
      ),
    }),
  ),
})

let home: TemporaryHome
let close: () => Promise<void>

beforeEach(async () => {
  const model = await startModelServer()
  home = temporaryHome({ modelUrl: model.url })
  close = () => model.close()
})

afterEach(async () => {
  await close()
  home.remove()
})

function routes(args: string[], variables: Record<string, string> = cliPathVariables) {
  return execa(process.execPath, [serverScript, 'routes', ...args], {
    cwd: home.cwd,
    env: { ...home.environment, ...variables },
    extendEnv: false,
    reject: false,
  })
}

test(
  '[routes] the shipped table resolves on the real CLIs: every category has ready candidates of all three',
  thorough,
  async () => {
    const { stdout } = await routes(['--json'])
    const { providers, categories } = Routes.parse(JSON.parse(stdout))
    expect(providers.map(({ provider, type, headroom }) => [provider, type, headroom])).toEqual(
      ['claude', 'codex', 'gemini'].map((provider) => [provider, 'usable', 'unknown']),
    )
    expect(categories).toHaveLength(15)
    for (const { category, candidates } of categories) {
      const ready = candidates.filter(({ state, modelId }) => state === 'ready' && modelId !== undefined)
      const named = new Set(ready.map(({ candidate }) => candidate.provider))
      expect([...named].sort(), category).toEqual(['claude', 'codex', 'gemini'])
    }
    const skipped = categories.flatMap(({ candidates }) =>
      candidates.filter(({ state }) => state !== 'ready'),
    )
    expect(skipped, 'names in the shipped table that these CLIs do not know').toEqual([])
  },
)

test("[routes] --explain shows one category with its reasons and the user's changes", thorough, async () => {
  const folder = join(home.home, '.subagent-mcp')
  mkdirSync(folder)
  const table = {
    categories: { coding: { candidates: [{ provider: 'codex', model: 'gpt-nothing', why: 'I say so' }] } },
  }
  writeFileSync(join(folder, 'routing.jsonc'), `// mine\n${JSON.stringify(table)}`)
  const { stdout } = await routes(['--explain', 'coding'])
  expect(stdout).toContain('I say so')
  expect(stdout).toContain('gpt-nothing')
})

test('[routes] a file that cannot be read is an error that names it and the line', async () => {
  const folder = join(home.home, '.subagent-mcp')
  mkdirSync(folder)
  writeFileSync(join(folder, 'routing.jsonc'), '{\n  "helth": true\n}')
  const { exitCode, stderr } = await routes([])
  expect(exitCode).not.toBe(0)
  expect(stderr).toMatch(/routing\.jsonc:2: .*helth[\s\S]*hint: /)
})

test('[routes] the error for an unknown category lists the fifteen categories', async () => {
  const { exitCode, stderr } = await routes(['cooking'])
  expect(exitCode).toBe(2)
  expect(stderr).toMatch(/cooking[\s\S]*math_proof/)
})
