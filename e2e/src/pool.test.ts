import { defineAgent, processesWith, type AgentFile, thorough } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { serverEnvironment, useServerStage, type ServerStage } from './server-stage.js'
import { testEachCli } from './each-provider.js'
import { runSecretTasks, tracesIn, workingPooledPids } from './pool-canary.js'
import { startHost, type ToolAnswer, type CallOptions, type Host } from './mcp-host.js'
import { processesOf } from './processes.js'
import { isSoak, printCounts, roundCount } from './rounds.js'

const stage = useServerStage({}, 'configured')

const [tasks, troubleEvery] = [roundCount(10, 1_000), roundCount(3, 40)]
const parallelTasks = roundCount(20, 200)

/** Timeout of a task in seconds. It covers the turn and not the start of the CLI. */
const timeout = 8

/** The stage with these agent definitions. Its user's config lifts the launch limit and trusts the agents' permissions. */
async function stageWith(...agents: AgentFile[]): Promise<ServerStage> {
  const bypassPermissions = agents.map((agent) => defineAgent(stage().home.cwd, agent))
  return stage().configure({ limits: { launchesPerMinute: 10_000 }, bypassPermissions })
}

testEachCli(
  '[no-trace] %s: a secret told in one task is in no request of another, also after time-outs, cancels and crashes',
  { locally: ['claude'], inSoak: ['gemini'] },
  async (provider) => {
    const server = await stageWith({ name: 'confidant', provider, timeout })
    const { traces, wrong, ...counts } = await runSecretTasks(server, {
      agent: 'confidant',
      tasks,
      troubleEvery,
    })
    printCounts(`secrets told to ${provider}`, { ...counts, traces: traces.length, wrong: wrong.length })
    expect(wrong).toEqual([])
    expect(traces).toEqual([])
    expect(Math.min(counts['timed-out'], counts.cancelled, counts.crashed)).toBeGreaterThan(0)
  },
)

test(
  '[no-trace] the search finds the secret of an earlier message in the same conversation',
  thorough,
  async () => {
    const { launch, host, model } = await stageWith()
    const [one, two] = ['canary-1-aaaaaaaa', 'canary-2-bbbbbbbb']
    const id = await launch(`The secret is ${one}. [[say: noted]]`)
    await host.call('wait')
    await host.call('send_message', { agent_id: id, message: `The secret is ${two}. [[say: noted]]` })
    await host.call('wait')
    const trace = [`${one} in ${two}`]
    expect(tracesIn(model.requests, { secret: two, before: one })).toEqual(trace)
    const apart = [{ bodyText: one }, { bodyText: two }]
    expect(tracesIn(apart, { secret: two, before: one })).toEqual([])
    expect(tracesIn(apart, { secret: two, before: undefined })).toEqual(trace)
  },
)

test(
  '[own-answer] each of many parallel invokes over five agents gets the answer to its own task',
  thorough,
  async () => {
    // The soak has a Gemini among them, which is slow to start.
    const providers = ['claude', 'claude', 'codex', 'codex', isSoak ? 'gemini' : 'codex']
    const agents = providers.map((provider, index) => ({
      ...{ name: `worker-${index}`, provider },
      pool: { max: 2 },
    }))
    const { host } = await stageWith(...agents)
    const wrong = await invokeInParallel(host, {
      agents: agents.map(({ name }) => name),
      tasks: parallelTasks,
    })
    printCounts('parallel invokes over five agents', { tasks: parallelTasks, wrong: wrong.length })
    expect(wrong).toEqual([])
  },
)

testEachCli(
  '[warm][same-prefix][fresh-process] %s: a warmed process runs tasks whose requests begin with the same bytes, until a reset; a killed one is replaced',
  { locally: ['claude'], inSoak: ['gemini'] },
  async (provider) => {
    const { host, model } = await stageWith({ name: 'worker', provider, pool: { max: 1 } })
    const warmed = await host.call('warmup', { agent: 'worker' })
    const [, pid = ''] = /pid (\d+) warm/.exec(warmed.text) ?? []
    expect(warmed.isError, warmed.text).toBe(false)
    const tasks = ['1 is the first', '2 is the second', '3 has a process of its own']
    const run = async (task: string): Promise<void> => {
      const { text } = await host.call('invoke', { agent: 'worker', task: `${task} [[say: did ${task}]]` })
      expect(text).toContain(`did ${task}`)
    }
    for (const task of tasks.slice(0, 2)) {
      await run(task)
      await expect.poll(async () => (await host.call('list')).text).toContain(`pid ${pid} warm`)
    }
    expect((await host.call('list')).text).toContain('2 tasks in all')
    expect((await host.call('reset', { agent: 'worker' })).text).toBe('worker: 1 process ended')
    expect(processesWith(`HOME=${stage().home.home}`)).not.toContain(Number(pid))

    await run(tasks[2] ?? '')
    expectSamePrefix(tasks)

    const call = host.call('invoke', { agent: 'worker', task: '[[say: half]] [[hang]]' })
    await model.waitForRequest(({ userText }) => userText?.includes('[[hang]]') ?? false)
    const [killed = 0] = await workingPooledPids({ host })
    process.kill(killed, 'SIGKILL')
    const { text, isError } = await call
    expect(text).toContain('crashed')
    expect(isError).toBe(true)
    const next = host.call('invoke', { agent: 'worker', task: '[[gate: look]] [[say: well again]]' })
    await model.waitForRequest(({ userText }) => userText?.includes('[[gate: look]]') ?? false)
    const pids = await workingPooledPids({ host })
    model.release('look')
    expect((await next).text).toContain('well again')
    expect(pids).toHaveLength(1)
    expect(pids).not.toContain(killed)
  },
)

/** Expects that the model requests so far, one of each task, begin with the same bytes as the first up to its task. */
function expectSamePrefix(tasks: readonly string[]): void {
  const turns = stage().model.requests.filter(({ kind }) => kind === 'turn')
  const prompts = turns.flatMap(({ prompt }) => (prompt ? [prompt] : []))
  const beginnings = prompts.map((prompt, index) => prompt.slice(0, prompt.indexOf(tasks[index] ?? '')))
  expect(beginnings.map((beginning) => beginning.includes('You do small tasks.'))).toEqual(
    tasks.map(() => true),
  )
  // The note that claude adds after a `/clear` stands right before the task, behind these bytes.
  const [first = '', ...others] = beginnings
  for (const other of others) expect(other.slice(0, first.length)).toBe(first)
}

test(
  '[task-asks] a task that asks for a permission returns early, and wait has its answer',
  thorough,
  async () => {
    const { host } = await stageWith({ name: 'worker', provider: 'claude' })
    const task = '[[tool: Bash {"command":"touch asked","description":"touch"}]] [[say: touched]]'
    const { text, agents } = await host.call('invoke', { agent: 'worker', task })
    const agent_id = agents[0]?.id
    expect(text).toContain('Bash')
    await host.call('respond_permission', { agent_id, decision: 'allow' })
    expect((await host.call('wait', { agent_ids: [agent_id] })).text).toContain('touched')
  },
)

test('[left-task] a task continues when its call times out or its host is killed, and a later wait returns its answer once', async () => {
  const { host, home, model } = await stageWith({ name: 'worker', provider: 'claude', pool: { max: 1 } })
  const begin = (word: string, options: CallOptions = {}): Promise<ToolAnswer> =>
    host.call('invoke', { agent: 'worker', task: `[[gate: ${word}]] [[say: ${word} done]]` }, options)
  const isAtWork = (word: string): Promise<unknown> =>
    model.waitForRequest(({ userText }) => userText?.includes(`${word} done`) ?? false)
  const expectOnce = async (from: Host, word: string): Promise<void> => {
    model.release(word)
    expect((await from.call('wait')).text).toContain(`${word} done`)
    expect((await from.call('wait')).text).toMatch(/^no agent is running/)
  }
  await expect(begin('first', { timeout: 200 })).rejects.toThrow('timed out')
  await isAtWork('first')
  expect((await host.call('list_agents')).text).toContain('"worker", processing')
  await expectOnce(host, 'first')
  await expect.poll(async () => (await host.call('list_agents')).agents).toEqual([])
  const call = begin('second')
  await isAtWork('second')
  process.kill(host.pid, 'SIGKILL')
  await expect(call).rejects.toThrow()
  const next = await startHost({ cwd: home.cwd, environment: serverEnvironment(home) })
  await expectOnce(next, 'second')
  await expect.poll(async () => (await next.call('list')).text).toMatch(/pid \d+ warm, 2 tasks/)
  await next.close()
})

test(
  '[clean-slate] a process that a task left running is gone when the next task has its answer',
  thorough,
  async () => {
    const shell = { name: 'shell', provider: 'claude', permissionMode: 'bypassPermissions', pool: { max: 1 } }
    const { host, home, model } = await stageWith(shell)
    const leaving =
      '[[tool: Bash {"command":"nohup sleep 1000 >/dev/null 2>&1 & echo left","description":"x"}]]'
    const call = host.call('invoke', { agent: 'shell', task: `${leaving} [[gate: look]] [[say: left it]]` })
    await expect.poll(() => processesOf(home.home, 'sleep')).toHaveLength(1)
    model.release('look')
    expect((await call).text).toContain('left it')
    expect((await host.call('invoke', { agent: 'shell', task: '[[say: clean]]' })).text).toContain('clean')
    expect(processesOf(home.home, 'sleep')).toEqual([])
  },
)

/** Invokes the agents in turn with so many tasks in parallel. Returns the tasks that did not get their own answer. */
async function invokeInParallel(
  host: Host,
  { agents, tasks }: { agents: readonly string[]; tasks: number },
): Promise<string[]> {
  const wrong = await Promise.all(
    Array.from({ length: tasks }, async (_none, index) => {
      const agent = agents[index % agents.length]
      const { text, isError } = await host.call('invoke', { agent, task: `[[say: answer ${index}.]]` })
      const answers = [...text.matchAll(/answer (\d+)\./g)].map(([, number]) => Number(number))
      const isRight = !isError && answers.length === 1 && answers[0] === index
      return isRight ? [] : [`task ${index} of ${String(agent)}: ${text}`]
    }),
  )
  return wrong.flat()
}
