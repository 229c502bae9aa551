import {
  checkForLeaks,
  processesWith,
  startModelServer,
  temporaryHome,
  thorough,
} from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { changeProject, reviewOfChange } from './changed-project.js'
import { claudePath } from './cli-paths.js'
import { startRegistry } from './loopback-registry.js'
import { serverScript } from './mcp-host.js'

checkForLeaks()
const cleanUps: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp()
})

const action = fileURLToPath(new URL('../../.github/action/run.mjs', import.meta.url))

/** A runner of GitHub Actions: its folders, the checkout of the job, and the real Claude. */
async function openRunner() {
  const model = await startModelServer()
  cleanUps.push(() => model.close())
  const home = temporaryHome({ modelUrl: model.url })
  cleanUps.push(() => home.remove())
  const place = (name: string): string => join(home.home, name)
  const temporary = place('runner')
  mkdirSync(temporary)
  const event = place('event.json')
  const environment = {
    ...home.environment,
    ...{ CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_TOKEN: 'token-of-the-job', RUNNER_TEMP: temporary },
    ...{ GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: event },
    ...{ GITHUB_OUTPUT: place('output'), GITHUB_STEP_SUMMARY: place('summary'), GITHUB_ENV: place('env') },
    SUBAGENT_MCP_CLAUDE_PATH: claudePath,
  }
  const pullRequest = (source: string): void => {
    const [head, base] = [source, 'owner/project'].map((name) => ({ repo: { full_name: name } }))
    writeFileSync(event, JSON.stringify({ repository: base?.repo, pull_request: { head, base } }))
  }
  pullRequest('owner/project')
  const start = (script: string, args: readonly string[], variables: Record<string, string> = {}) =>
    execa(process.execPath, [script, ...args], {
      ...{ cwd: home.cwd, env: { ...environment, ...variables }, extendEnv: false, reject: false },
    })
  return {
    ...{ home, model, pullRequest, place },
    run: (...args: readonly string[]) => start(serverScript, args),
    act: (inputs: Record<string, string>, variables: Record<string, string>) =>
      start(action, [], { ...variables, ...inputsAsVariables(inputs) }),
    read: (name: string): string => readFileSync(place(name), 'utf8'),
    /** The processes and files that a job has left on the runner. The checkout and GitHub's own files do not count. */
    left: () => ({
      processes: processesWith(home.home).filter((pid) => pid !== process.pid),
      temporary: [...readdirSync(temporary), ...readdirSync(join(home.home, 'tmp'))],
      home: readdirSync(home.home).filter((name) => !known.includes(name)),
    }),
  }
}

/** Names in the home that a job finds there or that GitHub writes. */
const known = ['.codex', '.gemini', 'project', 'tmp', 'runner', 'event.json', 'output', 'summary']
const nothing = { processes: [], temporary: [], home: [] }

function inputsAsVariables(inputs: Record<string, string>): Record<string, string> {
  const all = { provider: 'claude', 'budget-minutes': '30', ...inputs }
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [`INPUT_${name.toUpperCase().replaceAll('-', '_')}`, value]),
  )
}

test('[ci-job] run --ci reports a task and its checks, gives the agent no token of the job, and leaves nothing', async () => {
  const { home, model, run, read, left } = await openRunner()
  const task = 'Look around. [[say: it is <done> & ready]]'
  const line = ['run', task, '--provider', 'claude', '--ci', '--junit', 'agent.xml', '--json']
  const { exitCode, stdout, stderr } = await run(...line, '--accept', 'test -z "$GITHUB_TOKEN$GITHUB_ENV"')
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 })
  expect(JSON.parse(stdout)).toMatchObject({ said: 'it is <done> & ready', agent: { status: 'finished' } })
  const junit = readFileSync(join(home.cwd, 'agent.xml'), 'utf8')
  expect(junit).toContain('<testsuites tests="3" failures="0" skipped="0">')
  expect(junit).toContain('<system-out>it is &#60;done&#62; &#38; ready</system-out>')
  expect(read('summary')).toContain('it is <done> & ready')
  expect(model.requests.map(({ bodyText }) => bodyText).join()).not.toContain('token-of-the-job')
  expect({ ...left(), home: [] }).toEqual(nothing)
})

test(
  '[ci-job] a question is denied at once, a failed check and a spent budget fail the job',
  thorough,
  async () => {
    const { home, run, left } = await openRunner()
    const asks = '[[tool: Bash {"command":"git push origin main"}]] [[say: could not]]'
    const line = ['--provider', 'claude', '--ci', '--junit', 'agent.xml']
    const denied = await run('run', asks, ...line)
    expect({ code: denied.exitCode, said: denied.stdout }).toEqual({ code: 0, said: 'could not' })
    expect(denied.stderr).toContain('denied')
    const checked = await run(
      'run',
      '[[say: done]]',
      ...line,
      '--accept',
      'echo broken; exit 7',
      '--accept-tries',
      '1',
    )
    expect(checked.exitCode).toBe(3)
    const junit = readFileSync(join(home.cwd, 'agent.xml'), 'utf8')
    expect(junit).toMatch(/name="echo broken; exit 7"><failure message="broken">/)
    const spent = await run('run', '[[say: one]] [[hang]]', ...line, '--budget-minutes', '0.05')
    expect(spent.exitCode).toBe(3)
    expect(readFileSync(join(home.cwd, 'agent.xml'), 'utf8')).toContain('<failure message=')
    expect({ ...left(), home: [] }).toEqual(nothing)
  },
)

test(
  '[ci-job] a job that is cancelled ends its agent, and one of a fork gives it no work',
  thorough,
  async () => {
    const { model, run, pullRequest, left, read } = await openRunner()
    const running = run('run', '[[say: one]] [[hang]]', '--provider', 'claude', '--ci')
    await expect.poll(() => model.requests.some(({ bodyText }) => bodyText.includes('[[hang]]'))).toBe(true)
    running.kill('SIGTERM')
    expect((await running).exitCode).toBe(130)
    expect({ ...left(), home: [] }).toEqual(nothing)

    const killed = run('run', '[[say: two]] [[hang]]', '--provider', 'claude', '--ci')
    await expect.poll(() => model.requests.some(({ bodyText }) => bodyText.includes('say: two'))).toBe(true)
    killed.kill('SIGKILL')
    await killed
    await expect.poll(() => left().processes).toEqual([])

    pullRequest('stranger/project')
    const before = model.requests.length
    const skipped = await run('run', '[[say: one]]', '--provider', 'claude', '--ci')
    expect(skipped).toMatchObject({ exitCode: 0, stdout: '' })
    expect(skipped.stderr).toContain('skipped: the changes come from a fork')
    expect(read('summary')).toContain('skipped: the changes come from a fork')
    expect(model.requests.length).toBe(before)
  },
)

test(
  '[ci-job] the action installs, works and reviews in its own folder, and leaves no file',
  thorough,
  async () => {
    const { home, model, act, read, left } = await openRunner()
    const registry = await startRegistry()
    cleanUps.push(() => registry.close())
    const npm = { npm_config_registry: registry.url }
    const accept = 'test -z "$GITHUB_TOKEN"\ntest -f agent.txt'
    const worked = await act({ task: 'Do it. [[say: done]]', accept: 'true', junit: 'agent.xml' }, npm)
    expect({ code: worked.exitCode, told: worked.stderr }).toMatchObject({ code: 0 })
    expect(read('output')).toMatch(/^exit-code<<(.*)\n0\n\1\nanswer<<(.*)\ndone\n\2\n$/)
    expect(readFileSync(join(home.cwd, 'agent.xml'), 'utf8')).toContain('failures="0"')
    const failed = await act({ task: 'Do it. [[say: done]]', accept, 'budget-tokens': '1000000' }, npm)
    expect(failed.exitCode).toBe(3)

    changeProject(home.cwd)
    const review = { type: 'tool', tool: 'StructuredOutput', input: reviewOfChange } as const
    model.script([{ match: 'Review the changes', to: 'anthropic', steps: [review] }])
    const reviewed = await act({ review: 'HEAD', sarif: 'review.sarif' }, npm)
    expect({ code: reviewed.exitCode, told: reviewed.stderr }).toMatchObject({ code: 5 })
    expect(JSON.parse(readFileSync(join(home.cwd, 'review.sarif'), 'utf8'))).toMatchObject({
      version: '2.1.0',
    })
    expect(read('summary')).toContain('claude wants changes: 1 finding')
    expect(left()).toEqual(nothing)

    const wrong = await act({ task: 'a', review: 'HEAD' }, npm)
    expect(wrong).toMatchObject({ exitCode: 1, stdout: '::error::give the action either a task or a review' })
    expect(left()).toEqual(nothing)
  },
)
