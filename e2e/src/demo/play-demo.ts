import { startHost, type AgentData, type Host } from '../mcp-host.js'
import { changeTask } from './change-scene.js'
import type { DemoStage } from './stage.js'

type Output = { say: (line: string) => void; signal: AbortSignal }

/**
 * Plays a host with agents of three providers in parallel, their results, a follow-up and a kill, then a pooled agent, and a change
 * that is checked and merged.
 */
export async function playDemo(stage: DemoStage, output: Output): Promise<AgentData[]> {
  const host = await startHost(stage)
  const close = (): void => void host.close()
  output.signal.addEventListener('abort', close)
  try {
    output.say('host: subagent-mcp serve is up; launching Claude, Codex and Gemini agents in parallel')
    const { poet, counter, critic, mover, sleeper, followUp } = stage.prompts
    const [first, second, third, fourth, last] = await Promise.all([
      launch(host, 'poet', { prompt: poet, task_category: 'knowledge_synthesis', provider: 'claude' }),
      launch(host, 'counter', { prompt: counter, task_category: 'mechanical', provider: 'codex' }),
      launch(host, 'critic', { prompt: critic, task_category: 'quality_review', provider: 'gemini' }),
      launch(host, 'mover', { prompt: mover, task_category: 'coding' }),
      launch(host, 'sleeper', { prompt: sleeper, task_category: 'fallback_default' }),
    ])
    await waitForEach(host, output, [first.id, second.id, third.id, fourth.id])
    output.say('host: a follow-up for the poet, on the same session')
    await callTool(host, 'send_message', { agent_id: first.id, message: followUp })
    await waitForEach(host, output, [first.id])
    output.say('host: the sleeper hangs, killing it')
    output.say(indent((await callTool(host, 'kill_agent', { agent_id: last.id })).text))
    const { agents } = await callTool(host, 'list_agents', {})
    await playPool(host, stage, output)
    if (stage.hasShop) await playChange(host, output)
    return agents
  } finally {
    output.signal.removeEventListener('abort', close)
    await host.close()
  }
}

/** Runs two tasks of a pooled agent, one after the other in the same process. */
async function playPool(host: Host, { prompts }: DemoStage, output: Output): Promise<void> {
  output.say('host: warming the rhymer, an agent that a file defines, for two tasks')
  output.say(indent((await callTool(host, 'warmup', { agent: 'rhymer' })).text))
  for (const task of prompts.rhymes) {
    output.say(indent((await callTool(host, 'invoke', { agent: 'rhymer', task })).text))
  }
  output.say(indent((await callTool(host, 'list', {})).text))
}

/** Has a fault mended in a worktree: the first result is rejected by the test, the second is verified and merged. */
async function playChange(host: Host, output: Output): Promise<void> {
  output.say(
    'host: an agent mends a fault in a private copy; its result must pass the test before it is reported',
  )
  const { prompt, cwd, command } = changeTask
  const { id } = await launch(host, 'mender', {
    ...{ prompt, cwd, task_category: 'coding', provider: 'claude', permissions: 'accept-edits' },
    ...{ isolation: 'worktree', accept: { run: [command] } },
  })
  await waitForEach(host, output, [id])
  output.say('host: taking the change over into the checkout')
  output.say(indent((await callTool(host, 'changes', { agent_id: id, action: 'apply' })).text))
}

async function launch(host: Host, name: string, input: object): Promise<AgentData> {
  const [agent] = (await callTool(host, 'launch_agent', { name, ...input })).agents
  if (!agent) throw new Error('launch_agent named no agent')
  return agent
}

/** Prints the result of each agent when it finishes, and allows what the agents ask for. */
async function waitForEach(host: Host, output: Output, ids: readonly string[]): Promise<void> {
  const onProgress = (message: string): void => {
    output.say(`  … ${message}`)
  }
  for (let waiting = ids; waiting.length > 0;) {
    const answer = await host.call('wait', { agent_ids: waiting, timeout_seconds: 60 }, { onProgress })
    if (answer.isError || /^timed out, /m.test(answer.text)) throw new Error(answer.text)
    output.say(indent(answer.text))
    for (const { id } of answer.agents.filter(({ status }) => status === 'permission_requested')) {
      output.say(
        indent((await callTool(host, 'respond_permission', { agent_id: id, decision: 'allow' })).text),
      )
    }
    waiting = waiting.filter((id) => answer.agents.some((agent) => agent.id === id && !isAtRest(agent)))
  }
}

function isAtRest({ status }: AgentData): boolean {
  return status === 'finished' || status === 'errored' || status === 'stopped' || status === 'interrupted'
}

async function callTool(host: Host, tool: string, input: object): ReturnType<Host['call']> {
  const answer = await host.call(tool, input)
  if (answer.isError) throw new Error(answer.text)
  return answer
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ')
}
