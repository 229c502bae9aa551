import { pidExists } from '@subagent-mcp/driver-kit'
import { thorough } from '@subagent-mcp/testkit'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { testEachCli, type Provider } from './each-provider.js'
import { daemonClient } from './home-daemons.js'
import { pinnedClaude } from './mcp-host.js'
import { useServerStage } from './server-stage.js'
import { shellStep } from './shell-step.js'

const stage = useServerStage({}, 'configured')
const path = (name: string): string => join(stage().home.cwd, name)
const say = (text: string) => ({ type: 'say', text }) as const

/** The command that checks the result: it prints what the file has, which must be 3. It does not name the file, which the agent changes. */
const command = 'cat *.txt; grep -qx 3 *.txt'

beforeEach(async () => {
  await stage().configure({ ceiling: 'full-auto' })
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], {
      cwd: stage().home.cwd,
    })
  git('init', '--quiet')
  writeFileSync(path('count.txt'), '0\n')
  git('add', '.')
  git('commit', '--quiet', '--message', 'A count')
})

const write = (provider: Provider, count: number) => [
  shellStep[provider](`echo ${count} > count.txt`),
  say(`It says ${count}.`),
]

/** Lets the model write one count after the other, each when the check has shown it the one before. */
function scriptCounts(provider: Provider, [first = 0, ...later]: readonly number[]): void {
  const repairs = later.map((count, index) => ({
    match: new RegExp(`^Your result was checked[^]*\\n${later[index - 1] ?? first}\\n`),
    steps: write(provider, count),
  }))
  stage().model.script([...repairs, { match: 'Count to three', steps: write(provider, first) }])
}

/** Launches an agent whose result is checked, waits for it, and returns its id and the answer of the wait. */
async function work(provider: Provider, accept: object, more: object = {}) {
  const route = provider === 'claude' ? pinnedClaude : { provider }
  const order = { ...route, permissions: 'full-auto', accept, ...more }
  const id = await stage().launch('Count to three', order)
  const { text } = await stage().host.call('wait', { agent_ids: [id] })
  return { id, text }
}

async function gradesOf(id: string): Promise<readonly string[]> {
  const { checks = [] } = await daemonClient(stage().home.home).agent(id)
  return checks.map(({ grade }) => grade)
}

testEachCli(
  '[acceptance] %s repairs in two turns what a command found, and the result is verified',
  { locally: ['claude'], inSoak: ['gemini'] },
  async (provider) => {
    scriptCounts(provider, [1, 2, 3])
    const { id, text } = await work(provider, { run: [command] })
    expect(text).toContain(`grade: verified (1 file changed; ${command} passed)`)
    expect(await gradesOf(id)).toEqual(['rejected', 'rejected', 'verified'])
    const { checks = [] } = await daemonClient(stage().home.home).agent(id)
    const found = checks.at(-1)?.evidence.find((one) => one.type === 'gate')
    expect(found).toMatchObject({ code: 0, base: { outcome: 'failed', code: 1 }, altered: [] })
  },
)

test(
  '[acceptance] a result that never passes is rejected, with its evidence; an agent that only says that it is done has claimed it',
  thorough,
  async () => {
    scriptCounts('claude', [1, 2, 4])
    const { id, text } = await work('claude', { run: [command, 'echo seen; exit 7'], tries: 1 })
    expect(text).toContain(`${command} failed with exit code 1; echo seen; exit 7 failed with exit code 7`)
    expect(text).toContain('grade: rejected')
    expect(await gradesOf(id)).toEqual(['rejected', 'rejected'])

    stage().model.script([{ match: 'Count to three', steps: [say('All is done and tested.')] }])
    const claimed = await work('claude', { run: ['test -e *.txt'] })
    expect(claimed.text).toContain('grade: claimed')
    expect(claimed.text).toContain('not graded higher: no file was changed')
  },
)

test(
  '[acceptance] another vendor reviews the work in a worktree, and its findings are repaired',
  thorough,
  async () => {
    const task = 'Review the work that another agent did'
    const findings = [
      { file: 'count.txt', line: 1, severity: 'high', title: 'It is 2', why: 'It must be 3.' },
    ]
    const review = (verdict: object) => [say(JSON.stringify(verdict))]
    stage().model.script([
      { match: /Review the work[^]*\+2\n/, to: 'openai', steps: review({ verdict: 'changes', findings }) },
      { match: task, to: 'openai', steps: review({ verdict: 'approve', findings: [] }) },
      { match: 'It must be 3.', steps: write('claude', 3) },
      { match: 'Count to three', steps: write('claude', 2) },
    ])
    const accept = { run: ['grep -q . c*.txt'], review: 'codex', files: { only: ['*.txt'] } }
    const unknown = 'the cost of codex is unknown, so a budget of usd alone cannot be kept'
    await expect(work('claude', accept, { budget: { usd: 1 } })).rejects.toThrow(unknown)
    const { id, text } = await work('claude', accept, { isolation: 'worktree', budget: { tokens: 100_000 } })
    expect(text).toMatch(/grade: reviewed \(.*codex.* approves it\)/)
    expect(await gradesOf(id)).toEqual(['rejected', 'reviewed'])
    const [asked] = stage().model.requestsWith(task)
    expect(asked).toContain('+2')
    expect(asked).toContain('grep -q . c*.txt: passed; before the work it passed')
    expect(readFileSync(path('count.txt'), 'utf8')).toBe('0\n')
    const listed = await daemonClient(stage().home.home).agents()
    expect(listed.map((agent) => agent.id)).toEqual([id])

    writeFileSync(path('more.txt'), 'more\n')
    await stage().host.call('changes', { agent_id: id, action: 'apply' })
    expect(readFileSync(path('count.txt'), 'utf8')).toBe('3\n')
    expect(await gradesOf(id)).toEqual(['rejected', 'checked'])
    expect(await stage().subagentMcp('evidence', id, '--run')).toContain('turn 2: verified')
    expect(await gradesOf(id)).toEqual(['rejected', 'verified'])
  },
)

test(
  '[acceptance] a command that hangs dies with the daemon, and the agent can go on',
  thorough,
  async () => {
    scriptCounts('claude', [1])
    const id = await stage().launch('Count to three', {
      ...pinnedClaude,
      permissions: 'full-auto',
      accept: { run: [`echo $$ > '${path('pid')}'; sleep 1000`] },
    })
    await expect.poll(() => existsSync(path('pid'))).toBe(true)
    const { home, subagentMcp } = stage()
    const { pid } = await daemonClient(home.home).health()
    process.kill(pid, 'SIGKILL')
    const running = Number(readFileSync(path('pid'), 'utf8'))
    await expect.poll(() => pidExists(running)).toBe(false)
    await subagentMcp('daemon', 'start')
    await expect.poll(async () => (await daemonClient(home.home).agent(id)).agent.status).toBe('interrupted')
  },
)
