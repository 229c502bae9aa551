import { thorough } from '@subagent-mcp/testkit'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { testEachCli, type Provider } from './each-provider.js'
import { daemonMail, workerName } from './daemon-mail.js'
import { agentProcesses } from './processes.js'
import { chatReplies, useWorkerStage, type WorkerMachine } from './worker-stage.js'

const stage = useWorkerStage()

/** The output of `fleet status --json`. */
const Fleet = z.looseObject({
  workers: z.array(z.looseObject({ status: z.string(), lacks: z.array(z.string()).optional() })),
})

/** For each CLI: arguments of its worker, the name of our chat tool, and model scripts that create a file. */
const providers = {
  claude: {
    words: ['--provider', 'claude', '--model', 'sonnet'],
    chat: 'mcp__subagent-mcp__chat',
    run: (path: string) => `[[tool: Bash {"command":"touch ${path}"}]]`,
    edit: (path: string) => `[[tool: Write {"file_path":"${path}","content":"x"}]]`,
  },
  codex: {
    words: ['--provider', 'codex', '--model', 'gpt'],
    chat: 'mcp__subagent_mcp.chat',
    run: (path: string) =>
      `[[tool: exec ${JSON.stringify(`text(await tools.exec_command({cmd:'touch ${path}'}))`)}]]`,
    edit: (path: string) =>
      `[[tool: exec ${JSON.stringify(`text(await tools.apply_patch('*** Begin Patch\\n*** Add File: ${path}\\n+x\\n*** End Patch'))`)}]]`,
  },
  gemini: {
    words: ['--provider', 'gemini', '--model', 'flash'],
    chat: 'mcp_subagent-mcp_chat',
    run: (path: string) => `[[tool: run_shell_command {"command":"touch ${path}"}]]`,
    edit: (path: string) => `[[tool: write_file {"file_path":"${path}","content":"x"}]]`,
  },
} as const

testEachCli(
  '[worker-answers][worker-warm][worker-denied] %s answers each message once, by its final words or by chat, in one process, and does nothing that it may not do',
  { locally: ['claude'], inSoak: ['gemini'] },
  async (provider) => {
    const { model, machine } = stage()
    const { words, chat } = providers[provider]
    const docs = machine()
    const { send, ask, repliesTo, inbox } = daemonMail(docs.home)
    await docs.start(words)
    const told = await docs.subagentMcp(
      'chat',
      'send',
      workerName,
      'My word is heliotrope. [[say: noted]]',
      '--wait',
      '--json',
    )
    expect(JSON.parse(told)).toMatchObject({ reply: { body: 'noted' } })
    const processes = agentProcesses(docs.home)
    // Claude gets our tools over its own pipes; the other CLIs start a process for them.
    if (provider === 'claude') expect(processes.length).toBe(1)

    model.script([
      { match: 'BY CHAT', steps: (prompt) => [...chatReplies(chat, prompt), { type: 'say', text: 'done' }] },
    ])
    expect(await ask('BY CHAT one')).toMatchObject([{ body: 'answer to BY CHAT one' }])
    expect(model.requests.at(-1)?.bodyText).toContain('heliotrope')

    // These messages wait while a turn runs. Then each gets its own turn, because final words go to one sender.
    const first = await send('[[gate: first]] [[say: first]]')
    await model.waitForRequest(({ userText }) => userText?.includes('[[gate: first]]') ?? false)
    const later = await Promise.all([
      ...[send('BY CHAT ann', 'ann'), send('BY CHAT bob', 'bob')],
      ...[send('[[say: for eve]]', 'eve'), send('[[say: for joe]]', 'joe')],
    ])
    model.release('first')
    for (const message of [first, ...later])
      await expect
        .poll(() => repliesTo(message))
        .toMatchObject([{ to: message.from.name, thread: message.thread }])
    const bodies = await Promise.all(
      ['ann', 'bob', 'eve', 'joe'].map(async (name) => (await inbox(name)).map(({ body }) => body)),
    )
    expect(bodies).toEqual([
      ['answer to BY CHAT one', 'first', 'answer to BY CHAT ann'],
      ...[['answer to BY CHAT bob'], ['for eve'], ['for joe']],
    ])
    expect(agentProcesses(docs.home)).toEqual(processes)
    await expectDenied(provider, docs)
  },
)

test(
  '[worker-denied] gemini does not run the command or make the edit that a message asks for, and answers',
  thorough,
  async () => {
    const docs = stage().machine()
    await docs.start(providers.gemini.words)
    await expectDenied('gemini', docs)
  },
)

/** Expects that a worker does not run the command or make the edit that a message asks for, and answers. */
async function expectDenied(provider: Provider, { home, folder }: WorkerMachine): Promise<void> {
  const { run, edit } = providers[provider]
  const paths = ['by-run', 'by-edit'].map((name) => join(folder, name))
  for (const [index, path] of paths.entries()) {
    const [reply, second] = await daemonMail(home).ask(index === 0 ? run(path) : edit(path))
    expect(reply?.body).toMatch(/is disabled for this session|was not allowed|not found in registry/)
    expect(second).toBe(undefined)
  }
  expect(paths.filter((path) => existsSync(path))).toEqual([])
}

testEachCli(
  '[worker-budget] %s takes as many turns as its budget pays for, and resumes its session before each',
  { locally: [], inSoak: ['gemini'] },
  async (provider) => {
    const { machine } = stage()
    const docs = machine()
    const { send, ask, repliesTo } = daemonMail(docs.home)
    const budget = ['--session', 'resume', '--budget-tokens', '40']
    const worker = await docs.start([...providers[provider].words, ...budget])
    for (const body of ['one', 'two', 'three'])
      expect(await ask(`[[usage: input=10 cached=0 output=5]] [[say: ${body}]]`)).toMatchObject([{ body }])
    const fourth = await send('[[say: four]]')
    await expect.poll(() => worker.stderr()).toContain('45 of 40 tokens')
    expect(await repliesTo(fourth)).toEqual([])
  },
)

test(
  '[named-provider] a worker on codex, where that is at its limit, never starts claude; one that prefers it does',
  thorough,
  async () => {
    const { model, machine } = stage()
    model.script([
      { match: /^/, to: 'openai', steps: [{ type: 'status', status: 429, message: 'too much' }] },
    ])
    const docs = machine()
    const { send, repliesTo } = daemonMail(docs.home)
    const named = await docs.start(['--provider', 'codex'])
    const message = await send('[[say: done]]')
    await expect.poll(named.stderr).toMatch(/turn failed .* model=\S*gpt\S* .*error="rate-limited: /)
    expect(await repliesTo(message)).toEqual([])
    expect(model.requests.filter(({ dialect }) => dialect === 'anthropic')).toEqual([])
    await named.kill('SIGTERM')

    const preferring = await docs.start(['--prefer', 'codex'])
    await expect.poll(() => repliesTo(message)).toMatchObject([{ body: 'done' }])
    const [reply] = await repliesTo(message)
    expect(reply?.from.model).toMatch(/^claude/)
    await expect.poll(preferring.stderr).toMatch(/turn ended .* model=claude\S* /)
  },
)

test(
  '[fleet-keys][worker-tools] a claude worker in a fleet lacks its keys after a restart of the daemon, until fleet up',
  thorough,
  async () => {
    const { model, machine } = stage()
    const { home, folder, subagentMcp } = machine()
    const file = join(home, 'workers.yaml')
    const worker = { folder, provider: 'claude', model: 'sonnet', 'allowed-tools': ['chat', 'list'] }
    writeFileSync(file, JSON.stringify({ workers: [worker] }))
    const workers = async () =>
      Fleet.parse(JSON.parse(await subagentMcp('fleet', 'status', '--json'))).workers
    await subagentMcp('fleet', 'up', file)
    await subagentMcp('daemon', 'restart')
    const keys: unknown = expect.arrayContaining(['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL'])
    await expect.poll(workers).toMatchObject([{ status: 'running', lacks: keys }])

    await subagentMcp('fleet', 'up', file)
    expect((await workers())[0]).not.toHaveProperty('lacks')
    const list = 'mcp__subagent-mcp__list'
    const [reply] = await daemonMail(home).ask(`[[tool: ${list} {}]]`)
    expect(reply?.body).toContain('reviewer on other (built in)')
    expect(model.requests.at(-1)?.bodyText).toContain(`"name":"${list}"`)
  },
)

test(
  '[worker-blocked] a claude worker that is not signed in, or has too few model requests, loses no message',
  thorough,
  async () => {
    const { model, machine } = stage()
    const docs = machine()
    const { send, repliesTo, inbox } = daemonMail(docs.home)
    const start = (...more: string[]) =>
      docs.start([...providers.claude.words, '--allowed-tools', 'chat,Glob', ...more])
    const block = async (): Promise<unknown> => JSON.parse(await docs.subagentMcp('workers', '--json'))
    const untilBlocked = (lastError: RegExp) =>
      expect.poll(block).toMatchObject([{ status: 'blocked', waiting: 1, lastError: matching(lastError) }])

    model.script([{ match: 'SIGNED OUT', steps: [{ type: 'status', status: 401 }] }])
    const signedOut = await start()
    const first = await send('SIGNED OUT [[say: first]]', 'ann')
    await untilBlocked(/^not-signed-in: .*; hint: run `claude`/)
    await signedOut.kill('SIGTERM')
    model.script([])
    await start('--max-turns', '1')
    await expect.poll(() => repliesTo(first)).toMatchObject([{ body: 'first' }])

    const second = await send('[[tool: Glob {"pattern":"*"}]] [[say: second]]', 'bob')
    await untilBlocked(/^max-turns: .*; hint: allow more model requests/)
    expect(await inbox(workerName)).toMatchObject([{ id: second.id, status: 'waiting', tries: 0 }])
    const told = () =>
      Promise.all(
        ['ann', 'bob'].map(async (name) => (await inbox(name)).map(({ body }) => body.split('\n')[0])),
      )
    await expect
      .poll(told)
      .toEqual([
        [matching(/^docs takes no messages now. not-signed-in: /), 'first'],
        [matching(/^docs takes no messages now. max-turns: /)],
      ])
  },
)

/** A typed `expect.stringMatching`. */
function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}
