import { thorough, type Rule } from '@subagent-mcp/testkit'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { useServerStage } from './server-stage.js'

const stage = useServerStage()

/** Codex says and does something, and then its account is at its limit. */
const cutOff =
  '[[say: half is built]] [[tool: exec_command {"cmd":"ls"}]] [[status: 429 usage_limit_reached]]'

test(
  '[on-limit] a turn that a limit cuts off on codex is continued by claude with the task, the work and the diff',
  thorough,
  async () => {
    const { host, home, model } = stage()
    const git = (...args: string[]): void => {
      execFileSync('git', ['-C', home.cwd, '-c', 'user.name=t', '-c', 'user.email=t@t', ...args])
    }
    writeFileSync(join(home.cwd, 'kept.txt'), 'before\n')
    git('init', '-q')
    git('add', '.')
    git('commit', '-qm', 'one')
    writeFileSync(join(home.cwd, 'kept.txt'), 'changed by the agent\n')
    const finish: Rule = { match: /^/, to: 'anthropic', steps: [{ type: 'say', text: 'all is built' }] }
    model.script([finish])
    const launched = await host.call('launch_agent', {
      ...{ prompt: cutOff, task_category: 'coding', prefer: 'codex', on_limit: 'continue' },
    })
    const { text, agents } = await host.call('wait')
    expect(agents).toMatchObject([{ id: launched.agents[0]?.id, status: 'finished', provider: 'claude' }])
    expect(text).toContain('all is built')
    const packet = model.requestsWith('Take it over').join('\n')
    expect(packet).toContain('half is built')
    expect(packet).toContain('changed by the agent')
  },
)

test(
  '[on-limit] an agent waits for the end of a limit, shows until when, and goes on in its session, also after kill -9 of the daemon',
  thorough,
  async () => {
    const { host, launch, model, subagentMcp } = stage()
    const id = await launch('[[say: remember the plum]]', { provider: 'codex' })
    await host.call('wait')
    const refuse: Rule = {
      match: /now build/,
      steps: [{ type: 'status', status: 429, message: 'usage_limit_reached' }],
    }
    model.script([refuse])
    model.answerWith({
      'x-codex-primary-used-percent': '100',
      'x-codex-primary-window-minutes': '300',
      'x-codex-primary-reset-at': String(Math.floor(Date.now() / 1000) + 12),
    })
    await host.call('send_message', { agent_id: id, message: 'now build' })
    const poll = async (): Promise<string> => (await host.call('poll_agent', { agent_id: id })).text
    await expect.poll(poll).toMatch(/queued.*waits until \d{4}-.*rate-limited/)
    model.script([])
    model.answerWith({})
    const { pid } = z
      .object({ pid: z.number() })
      .parse(JSON.parse(await subagentMcp('daemon', 'status', '--json')))
    process.kill(pid, 'SIGKILL')
    expect(await subagentMcp('ps')).toMatch(/waits until/)
    await host.call('list_agents').catch(() => undefined)
    const { agents } = await host.call('wait', { agent_ids: [id] })
    expect(agents).toMatchObject([{ id, status: 'finished', provider: 'codex' }])
    expect(model.requestsWith('your last turn was cut off').at(-1)).toContain('remember the plum')
  },
)
