import { createCodexDriver } from '@subagent-mcp/driver-codex'
import { findPermissionCeilings, computeNestingDepth } from '@subagent-mcp/driver-kit'
import { appendedLines, describeDriver, driveSession, thorough, startLimit } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { codexScriptPath } from './cli-paths.js'
import { useDriverStage } from './driver-stage.js'
import { processesOf } from './processes.js'

const stage = useDriverStage()

function start() {
  const { home, environment, watchdog } = stage()
  const { cwd } = home
  const driver = createCodexDriver({ watchdog })
  return { driver, spec: { cwd, environment, mcp: 'none' } as const }
}

/** A model script in which Codex runs this JavaScript, from which it calls its tools. */
function exec(script: string): string {
  return `[[tool: exec ${JSON.stringify(script)}]]`
}

const touch = exec(
  "text(await tools.exec_command({cmd:'touch asked',sandbox_permissions:'require_escalated',justification:'p'}))",
)

// The contract on the real CLI runs in CI. The same contract on fake CLIs runs always.
describe('the whole contract', thorough, () => {
  describeDriver('[driver-contract] the real codex', {
    start,
    prompts: {
      plain: { text: 'Say it. [[say: four]]', answer: 'four' },
      asking: { text: `${touch} [[say: went on]]`, answer: 'went on' },
      hanging: { text: '[[say: begun]] [[hang]]' },
      failing: { text: '[[status: 400 no]]', reason: 'bad-request' },
      steering: { text: '[[say: steered]]', answer: 'steered' },
    },
    details: thorough,
  })
})

/** Returns the executable names of the processes in the test's home folder. */
function processes(): string[] {
  return processesOf(stage().home.home).map(({ name }) => name)
}

test("[driver-contract] twenty codex sessions share one process, without npm's launcher", async () => {
  const { driver, spec } = start()
  const sessions = []
  for (let count = 1; count <= 20; count++) sessions.push(await driveSession(driver, spec))
  // A new thread starts a shell and git for a moment.
  await expect.poll(processes).toEqual(['codex'])
  await Promise.all(sessions.map(({ close }) => close()))
  expect(processes()).toEqual([])
})

test(
  '[driver-contract] ten live codex sessions crash with their process; then a new one opens, and an old one is resumed',
  thorough,
  async () => {
    const { driver, spec } = start()
    const sessions = await Promise.all(Array.from({ length: 10 }, () => driveSession(driver, spec)))
    const ends = sessions.map(({ prompt }) => prompt('[[say: begun]] [[hang]]').end)
    await Promise.all(sessions.map(({ record }) => record.next('text-delta')))
    for (const { pid } of processesOf(stage().home.home, 'codex')) process.kill(pid, 'SIGKILL')
    for (const end of await Promise.all(ends)) expect(end).toMatchObject({ failure: { reason: 'crashed' } })
    const identified = await sessions[0]?.record.next('session-identified')
    const next = await driveSession(driver, { ...spec, resumeSessionId: identified?.sessionId ?? '' })
    const answer: unknown = expect.stringContaining('begun')
    expect(await next.prompt('[[recall]]').end).toMatchObject({ type: 'completed', answer })
    await Promise.all([next, ...sessions].map(({ close }) => close()))
  },
)

test('[driver-contract] killing a codex session ends its command and no other session', async () => {
  const { driver, spec } = start()
  const killed = await driveSession(driver, { ...spec, permissions: 'full-auto' })
  const sibling = await driveSession(driver, spec)
  const siblingEnd = sibling.prompt('[[say: here]] [[gate: go]] [[say: still here]]').end
  await sibling.record.next('text-delta')
  const { end } = killed.prompt(exec("text(await tools.exec_command({cmd:'sleep 1000'}))"))
  await expect.poll(processes).toContain('sleep')
  const limit = startLimit(2_000)
  await killed.close('kill')
  expect(processes()).not.toContain('sleep')
  expect(await limit.isOver()).toBe(false)
  expect(await end).toEqual({ type: 'interrupted' })
  stage().model.release('go')
  expect(await siblingEnd).toEqual({ type: 'completed', answer: 'still here' })
  await sibling.close()
})

test('[driver-contract] an interrupt ends the command of the turn', thorough, async () => {
  const { driver, spec } = start()
  const { session, prompt, close } = await driveSession(driver, { ...spec, permissions: 'full-auto' })
  const { end } = prompt(exec("text(await tools.exec_command({cmd:'sleep 1000'}))"))
  await expect.poll(processes).toContain('sleep')
  session.send({ type: 'interrupt' })
  expect(await end).toEqual({ type: 'interrupted' })
  await expect.poll(processes).not.toContain('sleep')
  await close()
})

test('[driver-contract] model, effort and the added system prompt reach the model of codex', async () => {
  const { driver, spec } = start()
  const asked = { ...spec, model: 'gpt', effort: 'high', appendSystemPrompt: 'Answer in Latin.' } as const
  const { session, prompt, close } = await driveSession(driver, asked)
  await prompt('[[say: one]]').end
  session.send({ type: 'configure', model: 'gpt-luna', effort: 'low' })
  await prompt('[[say: two]]').end
  await close()
  const [first, second] = stage().model.requests.filter(({ kind }) => kind === 'turn')
  const sol: unknown = expect.stringMatching(/-sol$/)
  const luna: unknown = expect.stringMatching(/-luna$/)
  expect(first?.body).toMatchObject({ model: sol, reasoning: { effort: 'high' } })
  expect(first?.bodyText).toContain('Answer in Latin.')
  expect(first?.bodyText).toContain('You are Codex')
  expect(second?.body).toMatchObject({ model: luna, reasoning: { effort: 'low' } })
})

/**
 * Writes the config of a Codex user: two MCP servers, a notifier and a trusted hook. Each adds a word to a file when run.
 */
function makeUser(): { traces: () => string[]; forget: () => void } {
  const trace = join(stage().home.home, 'trace')
  const config = join(stage().home.home, '.codex', 'config.toml')
  const leaving = (word: string) => `'echo ${word} >> "$HOME/trace"'`
  const text = `notify = ["sh", "-c", ${leaving('notified')}]
${readFileSync(config, 'utf8')}
[mcp_servers]
alpha = { command = "sh", args = ["-c", "echo alpha >> ${trace}"] }
beta = { command = "sh", args = ["-c", "echo beta >> ${trace}"] }
[[hooks.UserPromptSubmit]]
hooks = [{ type = "command", command = ${leaving('hooked')} }]
[hooks.state."${config}:user_prompt_submit:0:0"]
trusted_hash = "sha256:8d0f5337a41cb62921ed4ddf9fe4880857183460c7a06ca2546c1c51db4b31d2"
`
  writeFileSync(config, text)
  return {
    traces: () => [...appendedLines(trace)].sort(),
    forget: () => rmSync(trace, { force: true }),
  }
}

test('[driver-contract] an MCP server that codex starts knows that it is inside our session', async () => {
  const told = join(stage().home.home, 'told')
  const config = join(stage().home.home, '.codex', 'config.toml')
  const script = `env > ${told}.env; echo $$ > ${told}; exec sleep 1000`
  appendFileSync(config, `[mcp_servers.inner]\ncommand = "sh"\nargs = ["-c", '${script}']\n`)
  const { driver, spec } = start()
  const { prompt, close } = await driveSession(driver, {
    ...spec,
    mcp: ['inner'],
    depth: 2,
    ceiling: '["ask", "ü"]',
  })
  void prompt('[[hang]]')
  await expect.poll(() => existsSync(told) && readFileSync(told, 'utf8').trim()).toMatch(/^\d+$/)
  expect(readFileSync(`${told}.env`, 'utf8')).not.toContain('SUBAGENT_MCP_DEPTH')
  const caller = { environment: {}, pid: Number(readFileSync(told, 'utf8')) }
  expect(computeNestingDepth(caller)).toBe(2)
  expect(findPermissionCeilings(caller)).toEqual(['["ask", "ü"]'])
  await close('kill')
})

test.each([
  ['none', []],
  [['beta'], ['beta']],
  ['inherit', ['alpha', 'beta']],
] as const)('[driver-contract] codex runs only the requested MCP servers: %o', async (mcp, ran) => {
  const { traces, forget } = makeUser()
  const { driver, spec } = start()
  const { prompt, close } = await driveSession(driver, { ...spec, mcp })
  expect(await prompt('[[say: done]]').end).toMatchObject({ type: 'completed' })
  await close()
  expect(traces()).toEqual(ran)
  forget()
  const byHand = ['exec', '--skip-git-repo-check', '[[say: by hand]]']
  await execa(codexScriptPath, byHand, {
    cwd: stage().home.cwd,
    env: stage().home.environment,
    extendEnv: false,
    stdio: 'ignore',
  })
  await expect
    .poll(traces, { message: 'what codex runs by itself' })
    .toEqual(['alpha', 'beta', 'hooked', 'notified'])
})

/** An MCP server with a tool that declares that it only reads. */
const looking = `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  const tool = { name: 'look', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } }
  const answers = {
    initialize: { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'mine', version: '1' } },
    'tools/list': { tools: [tool] },
    'tools/call': { content: [{ type: 'text', text: 'looked' }] },
  }
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result: answers[method] ?? {} }))
})`

test("[permission-allow] asksAll: codex asks also for calls that the user's config allows, for commands that read and for tools", async () => {
  const config = join(stage().home.home, '.codex', 'config.toml')
  const wide = 'approval_policy = "never"\nsandbox_mode = "danger-full-access"\n'
  const server = `[mcp_servers.mine]\ncommand = ${JSON.stringify(process.execPath)}\nargs = ${JSON.stringify(['-e', looking])}
default_tools_approval_mode = "approve"\n[mcp_servers.mine.tools.look]\napproval_mode = "approve"\n`
  writeFileSync(config, `${wide}${readFileSync(config, 'utf8')}${server}`)
  const { driver, spec } = start()
  const asked = { ...spec, mcp: 'inherit', permissions: 'full-auto', asksAll: true } as const
  const { session, prompt, record, close } = await driveSession(driver, asked)
  for (const call of [
    "exec_command({cmd:'touch asked'})",
    "exec_command({cmd:'ls'})",
    'mcp__mine__look({})',
  ]) {
    const { end } = prompt(`${exec(`text(await tools.${call})`)} [[say: went on]]`)
    const { requestId } = await record.next('approval-requested')
    session.send({ type: 'answer', requestId, decision: 'deny' })
    expect(await end).toEqual({ type: 'completed', answer: 'went on' })
  }
  await close()
  expect(existsSync(join(spec.cwd, 'asked'))).toBe(false)
})

test('[permission-allow] an allowed codex command runs outside of its sandbox: with the network, and once', async () => {
  const { driver, spec } = start()
  const { session, prompt, record, close } = await driveSession(driver, { ...spec, asksAll: true })
  const fetch = `curl -s -o /dev/null -w '%{http_code}' ${stage().model.url}/nothing; echo ran >> ran; touch done`
  const { end } = prompt(exec(`text(await tools.exec_command({cmd:${JSON.stringify(fetch)}}))`))
  const { requestId } = await record.next('approval-requested')
  session.send({ type: 'answer', requestId, decision: 'allow' })
  const answer: unknown = expect.stringContaining('404')
  expect(await end).toMatchObject({ type: 'completed', answer })
  await close()
  expect(readFileSync(join(spec.cwd, 'ran'), 'utf8')).toBe('ran\n')
})

/** Writes a hostile project whose files start a server and run commands, and which has instructions. */
function makeProject(cwd: string): void {
  for (const folder of ['.git', '.codex/rules']) mkdirSync(join(cwd, folder), { recursive: true })
  const server = `[mcp_servers.evil]\ncommand = "sh"\nargs = ["-c", "touch ${join(cwd, 'started')}"]\n`
  writeFileSync(join(cwd, '.codex', 'config.toml'), server)
  const rule = 'prefix_rule(pattern=["touch"], decision="allow")\n'
  writeFileSync(join(cwd, '.codex', 'rules', 'own.rules'), rule)
  writeFileSync(join(cwd, 'AGENTS.md'), 'words of the project')
}

test.each([
  { permissions: 'accept-edits' },
  { permissions: 'full-auto' },
  { permissions: 'ask', trusted: true },
  { permissions: 'ask', trusted: true, asksAll: true },
] as const)(
  '[clean-room] codex trusts no project, also where the user does: %o',
  async ({ permissions, ...more }) => {
    const { driver, spec } = start()
    const { home, cwd } = stage().home
    makeProject(cwd)
    const config = join(home, '.codex', 'config.toml')
    writeFileSync(join(home, '.codex', 'AGENTS.md'), 'words of the user')
    if ('trusted' in more) appendFileSync(config, `[projects."${cwd}"]\ntrust_level = "trusted"\n`)
    const before = readFileSync(config, 'utf8')
    const asked = { ...spec, permissions, ...('asksAll' in more && { asksAll: true as const }) }
    const { session, prompt, record, close } = await driveSession(driver, asked)
    const { end } = prompt(`${exec("text(await tools.exec_command({cmd:'touch asked'}))")} [[say: went on]]`)
    if ('asksAll' in more) {
      const { requestId } = await record.next('approval-requested')
      session.send({ type: 'answer', requestId, decision: 'deny' })
    }
    expect(await end).toEqual({ type: 'completed', answer: 'went on' })
    await close()
    expect(readFileSync(config, 'utf8')).toBe(before)
    expect(existsSync(join(cwd, 'started'))).toBe(false)
    expect(existsSync(join(cwd, 'asked'))).toBe(permissions !== 'ask')
    const told = stage().model.requests.find(({ kind }) => kind === 'turn')?.bodyText
    expect(told).toContain('words of the project')
    expect(told).toContain('words of the user')
  },
)
