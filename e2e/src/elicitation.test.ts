import { thorough } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { arenaEnvironment } from './arena.js'
import { claudePath, codexPath } from './cli-paths.js'
import { useHostStage } from './host-stage.js'

const stage = useHostStage()

/** How the models of the two call our tools. */
const hosts = {
  claude: { to: 'anthropic', tool: 'mcp__subagent-mcp__' },
  codex: { to: 'openai', tool: 'mcp__subagent_mcp.' },
} as const

/** The model of a host, which is set up, launches an agent that asks, and waits for it. */
async function prepare(host: keyof typeof hosts): Promise<void> {
  await stage().ours('setup', '--host', host, '--yes')
  if (host === 'codex') stage().requireOurs()
  const { to, tool } = hosts[host]
  const prompt = '[[tool: Bash {"command":"touch made"}]] [[say: went on]]'
  const launch = { task_category: 'mechanical', provider: 'claude', model: 'sonnet', prompt }
  const steps = [
    { type: 'tool', tool: `${tool}launch_agent`, input: launch },
    { type: 'tool', tool: `${tool}wait`, input: {} },
  ] as const
  stage().model.script([{ match: 'DELEGATE IT', to, steps }])
}

/** How each is run where nobody is there. */
const alone = [
  ['claude', [claudePath, '-p', 'DELEGATE IT']],
  ['codex', [codexPath, 'exec', '--skip-git-repo-check', 'DELEGATE IT']],
] as const

for (const [host, line] of alone)
  test(`[host-forms] ${host} without a person: its model has the question at once`, thorough, async () => {
    await prepare(host)
    const { stdout } = await stage().run(line)
    expect(stdout).toContain('asks permission')
    expect(await auditLog()).toEqual(['asked'])
  })

const accepted = { action: 'accept', content: { decision: 'allow' } }

test('[host-forms] claude shows its user the form, and the call runs', async () => {
  await prepare('claude')
  const args = ['-p', '--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose']
  const host = startHost(claudePath, args)
  host.say({ type: 'control_request', request_id: 'i', request: { subtype: 'initialize', hooks: {} } })
  host.say({ type: 'user', message: { role: 'user', content: 'DELEGATE IT' } })
  const told = await host.until(
    ({ type }) => type === 'result',
    (message) => {
      const { request_id, request } = ClaudeAsks.safeParse(message).data ?? {}
      if (request?.subtype !== 'elicitation') return
      expect(request.message).toContain('touch made')
      host.say({ type: 'control_response', response: { subtype: 'success', request_id, response: accepted } })
    },
  )
  expect(JSON.stringify(told)).toContain('went on')
  expect(await auditLog()).toEqual(['asked', 'allowed elicitation'])
  expect(existsSync(join(stage().home.cwd, 'made'))).toBe(true)
})

test('[host-forms] codex shows its user the form, and the call runs', async () => {
  await prepare('codex')
  const host = startHost(codexPath, ['app-server'])
  const clientInfo = { name: 'test', title: null, version: '1' }
  host.say({ id: 1, method: 'initialize', params: { clientInfo } })
  host.say({ method: 'initialized' })
  host.say({ id: 2, method: 'thread/start', params: { cwd: stage().home.cwd, approvalPolicy: 'on-request' } })
  const input = [{ type: 'text', text: 'DELEGATE IT', text_elements: [] }]
  await host.until(
    ({ method }) => method === 'turn/completed',
    (message) => {
      const threadId = CodexThread.safeParse(message).data?.result.thread.id
      if (threadId !== undefined) host.say({ id: 3, method: 'turn/start', params: { threadId, input } })
      const { id, params } = CodexAsks.safeParse(message).data ?? {}
      if (!params) return
      expect(params.message).toContain('touch made')
      host.say({ id, result: { ...accepted, _meta: null } })
    },
  )
  expect(await auditLog()).toEqual(['asked', 'allowed elicitation'])
  expect(existsSync(join(stage().home.cwd, 'made'))).toBe(true)
})

const ClaudeAsks = z.looseObject({
  type: z.literal('control_request'),
  request_id: z.string(),
  request: z.looseObject({ subtype: z.string(), message: z.string().optional() }),
})
const CodexThread = z.looseObject({
  id: z.literal(2),
  result: z.looseObject({ thread: z.looseObject({ id: z.string() }) }),
})
const CodexAsks = z.looseObject({
  id: z.union([z.string(), z.number()]),
  method: z.literal('mcpServer/elicitation/request'),
  params: z.looseObject({ message: z.string() }),
})

type Message = Record<string, unknown>

/** A real host whose own program is the test: both speak in lines of JSON. */
function startHost(command: string, args: readonly string[]) {
  const { home } = stage()
  const options = { cwd: home.cwd, env: arenaEnvironment(home), extendEnv: false, reject: false } as const
  const child = execa(command, args, options)
  return {
    say: (message: object): void => void child.stdin.write(`${JSON.stringify(message)}\n`),
    /** Hears each message up to the last, and ends the host. */
    until: async (
      isLast: (message: Message) => boolean,
      hear: (message: Message) => void,
    ): Promise<Message> => {
      for await (const line of createInterface({ input: child.stdout })) {
        const message = z.record(z.string(), z.unknown()).parse(JSON.parse(line))
        hear(message)
        if (!isLast(message)) continue
        child.stdin.end()
        child.stdout.resume()
        await child
        return message
      }
      throw new Error('the host ended before its turn')
    },
  }
}

const AuditLog = z.array(z.looseObject({ event: z.string(), through: z.string().optional() }))

async function auditLog(): Promise<string[]> {
  const log = AuditLog.parse(JSON.parse(await stage().ours('permissions', 'log', '--json')))
  return log.map(({ event, through }) => [event, ...(through === undefined ? [] : [through])].join(' '))
}
