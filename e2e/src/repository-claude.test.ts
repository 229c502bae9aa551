import type { SessionSpec } from '@subagent-mcp/contract'
import { createClaudeDriver, repositoryTableColumns } from '@subagent-mcp/driver-claude'
import type { RepositoryTableOutcome, RepositoryTableRow } from '@subagent-mcp/driver-kit'
import { driveSession, thorough } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startCaptureServer, writeClaudeRepository, type ClaudeRepository } from './claude-repository.js'
import { useDriverStage } from './driver-stage.js'

const stage = useDriverStage()
let server: Awaited<ReturnType<typeof startCaptureServer>>
let repository: ClaudeRepository
beforeEach(async () => {
  server = await startCaptureServer()
  const { home } = stage().home
  repository = writeClaudeRepository({ home, server: server.url })
  mkdirSync(join(home, '.claude/projects/-old'), { recursive: true })
  writeFileSync(join(home, '.claude/settings.json'), JSON.stringify({ env: { SEEN_user: 'set' } }))
  writeFileSync(transcript(), '{}\n')
  const fiveDaysAgo = Date.now() / 1000 - 5 * 86_400
  utimesSync(transcript(), fiveDaysAgo, fiveDaysAgo)
})
afterEach(() => server.close())

const transcript = () =>
  join(stage().home.home, '.claude/projects/-old/00000000-0000-4000-8000-000000000000.jsonl')

/**
 * Runs a turn in the repository. Returns how often the CLI asked, which tools ran, and the environment of the tools.
 */
async function work(more: Partial<SessionSpec>, cwd = repository.cwd) {
  const { environment, watchdog } = stage()
  const seen = join(stage().home.home, 'seen')
  const driver = createClaudeDriver({ watchdog })
  const spec = { cwd, environment, mcp: 'inherit', permissions: 'ask', ...more } as const
  const { session, prompt, record, close } = await driveSession(driver, spec)
  const commands = [`/usr/bin/env > ${seen}`, 'touch denied', 'touch asked']
  const calls = commands.map((command) => `[[tool: Bash ${JSON.stringify({ command })}]]`)
  const { end } = prompt(`${calls.join(' ')} [[say: done]]`)
  const asked = more.permissions === 'full-auto' ? 0 : 2
  for (let count = 0; count < asked; count += 1) {
    const { requestId } = await record.next('approval-requested')
    session.send({ type: 'answer', requestId, decision: 'allow' })
  }
  expect(await end).toEqual({ type: 'completed', answer: 'done' })
  const { sessionId } = await record.next('session-identified')
  await close()
  const questions = record.events.filter(({ type }) => type === 'approval-requested').length
  return {
    sessionId,
    questions,
    variables: readFileSync(seen, 'utf8'),
    touched: (name: string) => existsSync(join(cwd, name)),
  }
}

type Worked = Awaited<ReturnType<typeof work>>

/** The effect of each thing of the repository, in the words of the table. */
function outcomes({
  questions,
  variables,
  touched,
}: Worked): Record<RepositoryTableRow, RepositoryTableOutcome | 'none'> {
  const bodies = stage().model.requests.map(({ bodyText }) => bodyText)
  const told = (...texts: string[]) => texts.every((text) => bodies.some((body) => body.includes(text)))
  const ran = (prefix: string) => repository.marks().some((name) => name.startsWith(prefix))
  const unless = (happened: boolean) => (happened ? 'given' : 'ignored')
  const some = (good: string, bad: readonly string[]) =>
    told(good) && !bad.some((text) => told(text)) && !ran('skill') && !ran('agent')
      ? 'checked'
      : unless(told(good))
  return {
    instructions: unless(told('TEXT-ROOT', 'TEXT-APP', 'TEXT-IMPORTED', 'TEXT-DOT', 'TEXT-RULE')),
    environment: unless(
      /SEEN_(app|root|nested)|repository\/bin/.test(variables) || ran('path-') || ran('start'),
    ),
    envFile: variables.includes('SEEN_dotenv') ? 'given' : 'none',
    endpoint: unless(server.heard.length > 0),
    signIn: unless(ran('signIn')),
    telemetry: unless(ran('telemetry') || variables.includes('CLAUDE_CODE_ENABLE_TELEMETRY')),
    display: unless(ran('display')),
    discovery: 'none',
    schedules: unless(told('SCHEDULE-')),
    runtime: unless(ran('runtime')),
    hooks: unless(ran('hook')),
    mcpServers: unless(ran('mcp') || told('mcp__theirs')),
    plugins: unless(ran('plugin')),
    allowRules: unless(questions === 0),
    denyRules: unless(!touched('denied')),
    askRules: unless(!touched('asked')),
    folders: unless(bodies.some((body) => /working director[^"]*\/etc/.test(body))),
    model: unless(told('claude-theirs-1')),
    skills: some('SKILL-harmless', ['SKILL-running', 'SKILL-hooked']),
    agents: some('AGENT-harmless', ['AGENT-serving', 'AGENT-bypassing']),
    commands: unless(told('COMMAND-ship') || ran('command')),
    styles: unless(told('STYLE-THEIRS') || told('LANGUAGE-THEIRS')),
    account: unless(!existsSync(transcript())),
    nearby: unless(repository.marks().length > 0 || variables.includes('SEEN_root')),
  }
}

/** Checks that no program of the repository ran, no request went to its server, and no secret or variable was read. */
function expectNothingRan({ variables }: Pick<Worked, 'variables'>): void {
  expect(repository.marks()).toEqual([])
  expect(server.heard).toEqual([])
  for (const { bodyText } of stage().model.requests) expect(bodyText).not.toMatch(/TEXT-SECRET|SCHEDULE-/)
  expect(variables).not.toMatch(/SEEN_(app|root|nested|dotenv)|repository\/bin/)
}

const [{ cells }] = repositoryTableColumns
const promised = Object.fromEntries(
  Object.entries(cells).map(([thing, cell]) => [thing, cell === 'none' ? cell : cell.outcome]),
)

test('[repository-files] a real Claude session does with each file of a repository what the table says', async () => {
  const worked = await work({})
  expect(outcomes(worked)).toEqual(promised)
  expectNothingRan(worked)
  expect(worked.variables).toContain('SEEN_user=set')
})

test(
  '[repository-files] no program of a repository runs in full-auto, in a nested folder, or in a resumed or forked session',
  thorough,
  async () => {
    const nested = join(repository.cwd, 'nested')
    const first = await work({ permissions: 'full-auto' }, nested)
    expectNothingRan(first)
    expect([first.questions, first.touched('denied'), first.touched('asked')]).toEqual([0, false, true])
    expectNothingRan(await work({ resumeSessionId: first.sessionId }, nested))
    expectNothingRan(await work({ resumeSessionId: first.sessionId, fork: true }, nested))
  },
)

test(
  '[repository-files] no scheduled prompt runs, also one that is due when the session opens',
  thorough,
  async () => {
    const { environment, watchdog, model } = stage()
    const spec = { cwd: repository.cwd, environment, mcp: 'none' } as const
    const { prompt, close } = await driveSession(createClaudeDriver({ watchdog }), spec)
    await prompt('[[delay: 10s]] [[say: one]]').end
    await prompt('[[say: two]]').end
    await close()
    for (const { bodyText } of model.requests) expect(bodyText).not.toContain('SCHEDULE-')
  },
)

test('[repository-files] no program of a repository runs in a worktree of it', thorough, async () => {
  const { home, environment } = stage().home
  rmSync(join(repository.root, '.git'), { recursive: true })
  const git = (...words: string[]) =>
    execa('git', ['-c', 'user.name=x', '-c', 'user.email=x@x', ...words], {
      cwd: repository.root,
      env: environment,
    })
  await git('init', '-q')
  await git('add', '-A')
  await git('commit', '-qm', 'all')
  const tree = join(home, 'tree')
  await git('worktree', 'add', '-q', tree)
  expectNothingRan(await work({}, join(tree, 'app')))
})

test(
  '[repository-files] no program that fetches cloud keys or writes telemetry runs, also where the user has switched these on',
  thorough,
  async () => {
    const { environment, watchdog, model } = stage()
    const cloud = {
      ...{ CLAUDE_CODE_USE_BEDROCK: '1', ANTHROPIC_BEDROCK_BASE_URL: model.url, AWS_REGION: 'us-east-1' },
      ...{ AWS_ACCESS_KEY_ID: 'dummy', AWS_SECRET_ACCESS_KEY: 'dummy', CLAUDE_CODE_MAX_RETRIES: '0' },
      ...{
        CLAUDE_CODE_ENABLE_TELEMETRY: '1',
        OTEL_METRICS_EXPORTER: 'otlp',
        OTEL_EXPORTER_OTLP_ENDPOINT: model.url,
      },
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    }
    const spec = { cwd: repository.cwd, environment: { ...environment, ...cloud }, mcp: 'none' } as const
    const { prompt, close } = await driveSession(createClaudeDriver({ watchdog }), spec)
    await prompt('[[say: it speaks another API, so this fails]]').end
    await close()
    expectNothingRan({ variables: '' })
  },
)

test("[repository-files] the user's own key helper runs", thorough, async () => {
  const { home } = stage().home
  const helper = `/usr/bin/touch ${join(home, 'helped')}; echo key-of-the-user`
  writeFileSync(
    join(home, '.claude/settings.json'),
    JSON.stringify({ apiKeyHelper: helper, env: { SEEN_user: 'set' } }),
  )
  const { ANTHROPIC_API_KEY: _, ...environment } = stage().environment
  const worked = await work({ environment })
  expectNothingRan(worked)
  expect(existsSync(join(home, 'helped'))).toBe(true)
  expect(worked.variables).toContain('SEEN_user=set')
})
