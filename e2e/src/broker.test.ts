import { thorough } from '@subagent-mcp/testkit'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { serverEnvironment, launchOn, useServerStage, type ServerStage } from './server-stage.js'
import { testOnEach } from './each-provider.js'
import { pinnedClaude, startHost, serverScript, type Host, type HostUser } from './mcp-host.js'

const stage = useServerStage()

/** How each CLI is told to make a file by a command for which it asks. */
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

/** Long enough for those who answer, also on a busy machine. */
const deadlineMinutes = 0.2

testOnEach(
  '[answered-once] %s: policy, the user by elicitation, the model, the terminal or the deadline answers, once',
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
      launchOn(by, `${providers[provider].touch(file)} [[say: went on]]`, providers[provider].pin)
    const late = await start('late')
    const byRule = await start('by-rule')
    const denied = await start('denied')
    expect(await ending(host, byRule)).toContain('went on')
    // Codex is told why in a message, which its model answers.
    expect(await ending(host, denied)).toMatch(/went on|rule Bash\(touch denied\)/)

    const byModel = await start('by-model')
    expect(await ending(host, byModel)).toContain('asks permission')
    expect(await host.call('respond_permission', { agent_id: byModel, decision: 'allow' })).toMatchObject({
      isError: false,
    })
    expect(await ending(host, byModel)).toContain('went on')

    const atTerminal = await start('at-terminal')
    expect(await ending(host, atTerminal)).toContain('asks permission')
    await ours(['permissions', 'allow', atTerminal, await askedBy(atTerminal)])
    expect(await ending(host, atTerminal)).toContain('went on')

    const messages: string[] = []
    const seen: HostUser = async (message) => {
      messages.push(message)
      // What comes within a second counts as no person's answer.
      await setTimeout(1000)
      return { action: 'accept' }
    }
    const shown = await startHost({ ...place(stage()), user: seen })
    const byUser = await start('by-user', shown)
    expect(await ending(shown, byUser)).toContain('went on')
    expect(messages).toHaveLength(1)
    expect(messages[0]).toContain('touch by-user')
    await shown.close()

    // The question was told meanwhile, or is: what ends it is the deadline.
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
    const log = await auditLog()
    const of = (id: string): string[] =>
      log
        .filter(({ agentId }) => agentId === id)
        .map(({ event, through }) => [event, ...(through === undefined ? [] : [through])].join(' '))
    expect(of(byRule)).toEqual(['allowed policy'])
    expect(of(denied)).toEqual(['denied policy'])
    expect(of(byModel)).toEqual(['asked', 'allowed tool'])
    expect(of(atTerminal)).toEqual(['asked', 'allowed terminal'])
    expect(of(byUser)).toEqual(['asked', 'allowed elicitation'])
    expect(of(late)).toEqual(['asked', 'denied deadline'])
  },
)

test(
  '[answered-once] of two answers at once one wins, and the other is told who was first',
  thorough,
  async () => {
    const { host, launch, home } = stage()
    const id = await launch(`${providers.claude.touch('race')} [[say: went on]]`)
    await host.call('wait')
    const answers = await Promise.all([
      host.call('respond_permission', { agent_id: id, decision: 'allow' }).then(({ isError, text }) => ({
        won: !isError,
        text,
      })),
      ours(['permissions', 'deny', id]).then(
        ({ stdout }) => ({ won: true, text: stdout }),
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

test('[answered-once] a question outlives its host, also while its user is asked', async () => {
  const { home } = stage()
  let asked: (() => void) | undefined
  const isAsked = new Promise<void>((resolve) => (asked = resolve))
  const silent: HostUser = () => {
    asked?.()
    return new Promise(() => undefined)
  }
  const leaving = await startHost({ ...place(stage()), user: silent })
  const id = await launchOn(leaving, `${providers.claude.touch('outlived')} [[say: went on]]`)
  void leaving.call('wait').catch(() => undefined)
  await isAsked
  await leaving.close()
  const { host } = stage()
  expect(await ending(host, id)).toContain('asks permission')
  await ours(['permissions', 'allow', id, await askedBy(id)])
  expect(await ending(host, id)).toContain('went on')
  expect(existsSync(join(home.cwd, 'outlived'))).toBe(true)
  expect((await auditLog()).map(({ event }) => event)).toEqual(['asked', 'allowed'])
})

test("[person-only] a model's yes does not count for what cannot be undone", async () => {
  const { host, launch } = stage()
  const id = await launch(`[[tool: Bash {"command":"git push --force"}]] [[say: went on]]`)
  expect(await ending(host, id)).toContain('only a person')
  const yes = await host.call('respond_permission', { agent_id: id, decision: 'allow' })
  expect(yes).toMatchObject({ isError: true })
  expect(yes.text).toContain('needs-person')
  await expect(ours(['permissions', 'allow', id, await askedBy(id)])).rejects.toThrow('only a person')
  await host.call('respond_permission', { agent_id: id, decision: 'deny' })
  expect(await ending(host, id)).toContain('went on')
})

/** What a wait for one agent says, when it has something to say. */
async function ending(host: Host, id: string): Promise<string> {
  return (await host.call('wait', { agent_ids: [id] })).text
}

async function untilAnswered(host: Host, id: string): Promise<void> {
  await expect
    .poll(async () => (await host.call('poll_agent', { agent_id: id })).text, { timeout: 60_000 })
    .not.toContain('permission_requested')
}

/** What a process of ours in the test's world is started with. */
function place({ home }: ServerStage): { cwd: string; environment: Record<string, string> } {
  return { cwd: home.cwd, environment: serverEnvironment(home) }
}

function ours(words: readonly string[]): Promise<{ stdout: string }> {
  const { cwd, environment: env } = place(stage())
  return execa(process.execPath, [serverScript, ...words], { cwd, env, extendEnv: false, input: '' })
}

const Questions = z.array(z.looseObject({ agentId: z.string(), requestId: z.string() }))

/** What an agent asks, by its name. */
async function askedBy(id: string): Promise<string> {
  const { stdout } = await ours(['permissions', '--json'])
  const question = Questions.parse(JSON.parse(stdout)).find(({ agentId }) => agentId === id)
  return question?.requestId ?? 'nothing'
}

const AuditLog = z.array(
  z.looseObject({ agentId: z.string(), event: z.string(), through: z.string().optional() }),
)

async function auditLog(): Promise<z.infer<typeof AuditLog>> {
  const { stdout } = await ours(['permissions', 'log', '--json'])
  return AuditLog.parse(JSON.parse(stdout))
}
