import {
  installFakeAcp,
  installFakeClaude,
  installFakeCodex,
  checkForLeaks,
  useWatchdog,
  type Fake,
} from '@subagent-mcp/testkit'
import { afterEach, expect, test } from 'vitest'
import { createDrivers } from '../drivers.js'
import { checkProviderClis } from './check-program.js'
import { useDoctorHome } from './doctor-home.test.support.js'

checkForLeaks()
const machine = useDoctorHome()
const watchdog = useWatchdog()
const fakes: Fake[] = []
afterEach(() => {
  for (const fake of fakes.splice(0)) fake.remove()
})

test('lists the CLIs with their version and whether they are signed in', async () => {
  const [claude, codex, gemini] = [
    install(installFakeClaude('well')),
    install(installFakeCodex('well')),
    install(installFakeAcp('well')),
  ]
  const variables = {
    SUBAGENT_MCP_CLAUDE_PATH: claude,
    SUBAGENT_MCP_CODEX_PATH: codex,
    SUBAGENT_MCP_GEMINI_PATH: gemini,
  }
  const keys = { ANTHROPIC_API_KEY: 'dummy', OPENAI_API_KEY: 'dummy', GEMINI_API_KEY: 'dummy' }
  expect(await look({ ...variables, ...keys })).toEqual([
    ['ok', `claude 2.1.329, signed in (${claude})`],
    ['ok', expect.stringContaining(`codex 0.169.0`)],
    ['ok', expect.stringContaining(`gemini 0.61.0`)],
  ])
})

test('one usable CLI is enough; what the others lack is listed', async () => {
  const [claude, codex] = [
    install(installFakeClaude('well')),
    install(installFakeCodex('dies-before-first-line')),
  ]
  const variables = { SUBAGENT_MCP_CLAUDE_PATH: claude, SUBAGENT_MCP_CODEX_PATH: codex }
  const keys = { ANTHROPIC_API_KEY: 'dummy', OPENAI_API_KEY: 'dummy' }
  expect(await look({ ...variables, ...keys })).toEqual([
    ['ok', expect.stringMatching(/^claude /)],
    ['warning', expect.stringMatching(/codex/i)],
    ['warning', expect.stringMatching(/gemini/i)],
  ])
})

test('no usable CLI is an error', async () => {
  const findings = await examine({})
  expect(findings.map(({ severity }) => severity)).toEqual(['warning', 'warning', 'warning', 'error'])
  expect(findings.at(-1)).toMatchObject({
    what: 'none of them can be an agent',
    mend: 'install one of claude, codex, gemini, and sign in to it',
  })
})

test('reports the version of a CLI without a signed-in user', async () => {
  const findings = await examine({ SUBAGENT_MCP_CODEX_PATH: install(installFakeCodex('well')) })
  expect(findings[1]?.what).toMatch(/^codex 0\.169\.0: /)
  expect(findings.at(-1)).toMatchObject({ severity: 'error', mend: 'sign in to one of codex' })
})

async function look(variables: Record<string, string>) {
  return (await examine(variables)).map(({ severity, what }) => [severity, what])
}

async function examine(variables: Record<string, string>) {
  const { context } = machine()
  const PATH = '/nothing'
  const drivers = createDrivers(watchdog(), { acpAgents: [] })
  const environment = { ...context.environment, PATH, CODEX_HOME: context.project, ...variables }
  return checkProviderClis({ ...context, drivers, environment })
}

function install(fake: Fake): string {
  fakes.push(fake)
  return fake.executable
}
