import { thorough } from '@subagent-mcp/testkit'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { serverEnvironment, launchFromHost, useServerStage, type ServerStage } from './server-stage.js'
import { readAuditLogs } from './audit-log.js'
import { testEachCli } from './each-provider.js'
import { pinnedClaude, startHost, type Host, type HostUser } from './mcp-host.js'

const stage = useServerStage({}, 'configured')

/** For each CLI: launch options that pin it, and a model script that creates a file with a command that needs permission. */
const providers = {
  claude: { pin: pinnedClaude, touch: (path: string) => `[[tool: Bash {"command":"touch ${path}"}]]` },
  codex: {
    pin: { provider: 'codex', model: 'gpt' },
    touch: (path: string) =>
      `[[tool: exec ${JSON.stringify(
        `text(await tools.exec_command({cmd:'touch ${path}',sandbox_permissions:'require_escalated',justification:'p'}))`,
      )}]]`,
  },
  gemini: {
    pin: { provider: 'gemini', model: 'flash' },
    touch: (path: string) => `[[tool: run_shell_command {"command":"touch ${path}"}]]`,
  },
} as const

/** Deadline of a permission request. It leaves time for the answers before it, also on a busy machine. */
const deadlineMinutes = 0.2

testEachCli(
  '[answered-once] %s: policy, an elicitation, the model, the terminal or the deadline answers a question, once',
  { locally: [], inSoak: ['gemini'] },
  async (provider) => {
    const { configure, home } = stage()
    const { host } = await configure({
      permissions: {
        allow: ['Bash(touch by-rule)'],
        deny: ['Bash(touch denied)'],
        deadlineMinutes,
        unanswered: 'deny',
      },
    })
    const start = (file: string, by = host): Promise<string> =>
      launchFromHost(by, `${providers[provider].touch(file)} [[say: went on]]`, providers[provider].pin)
    const late = await start('late')
    const byRule = await start('by-rule')
    const denied = await start('denied')
    expect(await ending(host, byRule)).toContain('went on')
    // Codex gets the reason in a message, which its model answers.
    expect(await ending(host, denied)).toMatch(/went on|rule Bash\(touch denied\)/)

    const byModel = await start('by-model')
    expect(await ending(host, byModel)).toContain('asks permission')
    expect(await host.call('respond_permission', { agent_id: byModel, decision: 'allow' })).toMatchObject({
      isError: false,
    })
    expect(await ending(host, byModel)).toContain('went on')

    const atTerminal = await start('at-terminal')
    expect(await ending(host, atTerminal)).toContain('asks permission')
    await stage().subagentMcp('permissions', 'allow', atTerminal, await askedBy(atTerminal))
    expect(await ending(host, atTerminal)).toContain('went on')

    const messages: string[] = []
    const seen: HostUser = async (message) => {
      messages.push(message)
      // An answer within a second does not count as a person's.
      await setTimeout(1000)
      return { action: 'accept' }
    }
    const shown = await startHost({ ...place(stage()), user: seen })
    const byUser = await start('by-user', shown)
    expect(await ending(shown, byUser)).toContain('went on')
    expect(messages).toHaveLength(1)
    expect(messages[0]).toContain('touch by-user')
    await shown.close()

    // The wait may still report the question: then wait on until the deadline answers it.
    let last = await ending(host, late)
    if (last.includes('asks permission')) {
      await untilAnswered(host, late)
      last = await ending(host, late)
    }
    expect(last).toMatch(/went on|nobody answered in time/)

    const made = ['late', 'by-rule', 'denied', 'by-model', 'at-terminal', 'by-user'].filter((file) =>
      existsSync(join(home.cwd, file)),
    )
    expect(made).toEqual(['by-rule', 'by-model', 'at-terminal', 'by-user'])
    expect(await readAuditLogs(stage())).toEqual({
      [late]: ['asked', 'denied deadline'],
      [byRule]: ['allowed policy'],
      [denied]: ['denied policy'],
      [byModel]: ['asked', 'allowed tool'],
      [atTerminal]: ['asked', 'allowed terminal'],
      [byUser]: ['asked', 'allowed elicitation'],
    })
  },
)

test(
  '[answered-once] of two parallel answers one wins, and the error of the other names who answered first',
  thorough,
  async () => {
    const { host, launch, home } = await stage().restart({})
    const id = await launch(`${providers.claude.touch('race')} [[say: went on]]`)
    await host.call('wait')
    const answers = await Promise.all([
      host.call('respond_permission', { agent_id: id, decision: 'allow' }).then(({ isError, text }) => ({
        won: !isError,
        text,
      })),
      stage()
        .subagentMcp('permissions', 'deny', id)
        .then(
          (text) => ({ won: true, text }),
          (error: unknown) => ({ won: false, text: String(error) }),
        ),
    ])
    const [first] = answers.filter(({ won }) => won)
    const [second] = answers.filter(({ won }) => !won)
    expect(
      answers.filter(({ won }) => won),
      JSON.stringify(answers),
    ).toHaveLength(1)
    expect(second?.text).toMatch(/before, by/)
    expect(await ending(host, id)).toContain('went on')
    expect(existsSync(join(home.cwd, 'race'))).toBe(first === answers[0])
  },
)

test('[answered-once] a question outlives its host, also while the host shows it to its user', async () => {
  const { home } = await stage().restart({})
  let asked: (() => void) | undefined
  const isAsked = new Promise<void>((resolve) => (asked = resolve))
  const silent: HostUser = () => {
    asked?.()
    return new Promise(() => undefined)
  }
  const leaving = await startHost({ ...place(stage()), user: silent })
  const id = await launchFromHost(leaving, `${providers.claude.touch('outlived')} [[say: went on]]`)
  void leaving.call('wait').catch(() => undefined)
  await isAsked
  await leaving.close()
  const { host } = stage()
  expect(await ending(host, id)).toContain('asks permission')
  await stage().subagentMcp('permissions', 'allow', id, await askedBy(id))
  expect(await ending(host, id)).toContain('went on')
  expect(existsSync(join(home.cwd, 'outlived'))).toBe(true)
  expect(await readAuditLogs(stage())).toEqual({ [id]: ['asked', 'allowed terminal'] })
})

test('[person-only] a model cannot allow a command that cannot be undone', thorough, async () => {
  const { host, launch } = await stage().restart({})
  const id = await launch(`[[tool: Bash {"command":"git push --force"}]] [[say: went on]]`)
  expect(await ending(host, id)).toContain('only a person')
  const yes = await host.call('respond_permission', { agent_id: id, decision: 'allow' })
  expect(yes).toMatchObject({ isError: true })
  expect(yes.text).toContain('needs-person')
  await expect(stage().subagentMcp('permissions', 'allow', id, await askedBy(id))).rejects.toThrow(
    'only a person',
  )
  await host.call('respond_permission', { agent_id: id, decision: 'deny' })
  expect(await ending(host, id)).toContain('went on')
})

/** Waits for one agent and returns the answer text of the `wait` tool. */
async function ending(host: Host, id: string): Promise<string> {
  return (await host.call('wait', { agent_ids: [id] })).text
}

async function untilAnswered(host: Host, id: string): Promise<void> {
  await expect
    .poll(async () => (await host.call('poll_agent', { agent_id: id })).text, { timeout: 60_000 })
    .not.toContain('permission_requested')
}

/** The folder and environment in which the stage's server runs. */
function place({ home }: ServerStage): { cwd: string; environment: Record<string, string> } {
  return { cwd: home.cwd, environment: serverEnvironment(home) }
}

const Questions = z.array(z.looseObject({ agentId: z.string(), requestId: z.string() }))

/** The request id of an agent's open question. */
async function askedBy(id: string): Promise<string> {
  const questions = Questions.parse(JSON.parse(await stage().subagentMcp('permissions', '--json')))
  const question = questions.find(({ agentId }) => agentId === id)
  return question?.requestId ?? 'nothing'
}
