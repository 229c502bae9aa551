import { Client, StreamableHTTPClientTransport, type ClientOptions } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { defineAgent, thorough } from '@subagent-mcp/testkit'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { daemonClient } from './home-daemons.js'
import { serverScript } from './mcp-host.js'
import { useServerStage } from './server-stage.js'
import { listenOnUrl } from './url-host.js'

const stage = useServerStage({}, 'daemon', 'fake')

type Negotiation = NonNullable<ClientOptions['versionNegotiation']>
const [of2026, of2025]: Negotiation[] = [{ mode: { pin: '2026-07-28' } }, { mode: 'legacy' }]

/** The names of the tools and prompts that a test host listed last. It lists them again after each notification of a change. */
type Lists = { tools: readonly string[]; prompts: readonly string[] }

/** How a test host connects: the protocol version that it negotiates, and its transport. */
type Way = {
  negotiation: Negotiation | undefined
  transport: () => Promise<Parameters<Client['connect']>[0]>
}

async function connect(
  { negotiation: versionNegotiation, transport }: Way,
  use: (lists: Lists) => Promise<void> | void,
): Promise<void> {
  const lists: Lists = { tools: [], prompts: [] }
  const keep = (list: keyof Lists) => ({
    onChanged: (error: Error | null, items: readonly { name: string }[] | null) => {
      if (error) throw error
      lists[list] = namesOf(items ?? [])
    },
  })
  const client = new Client(
    { name: 'follower', version: '1' },
    {
      ...(versionNegotiation && { versionNegotiation }),
      listChanged: { tools: keep('tools'), prompts: keep('prompts') },
    },
  )
  await client.connect(await transport())
  try {
    lists.tools = namesOf((await client.listTools()).tools)
    lists.prompts = namesOf((await client.listPrompts()).prompts)
    await use(lists)
  } finally {
    await client.close()
  }
}

function namesOf(items: readonly { name: string }[]): readonly string[] {
  return items.map(({ name }) => name)
}

async function viaShim(): Promise<StdioClientTransport> {
  const { environment } = stage().home
  return Promise.resolve(
    new StdioClientTransport({
      command: process.execPath,
      args: [serverScript, 'serve'],
      env: environment,
      cwd: stage().home.cwd,
      stderr: 'ignore',
    }),
  )
}

async function viaUrl(): Promise<StreamableHTTPClientTransport> {
  const { url, headers } = await listenOnUrl(stage())
  return new StreamableHTTPClientTransport(url, { requestInit: { headers } })
}

const pool = ['invoke', 'warmup', 'list', 'reset']
const mail = ['chat', 'sync']
/** The prompts of a user who has defined no agent. */
const prompts = ['subagents', 'recap', 'setup', 'review-with', 'explorer', 'reviewer', 'tester', 'writer']

/** Defines an agent and writes to the host while it is connected: it is offered what it can use now. */
async function grows(lists: Lists): Promise<void> {
  for (const name of [...pool, ...mail]) expect(lists.tools).not.toContain(name)
  expect(lists.prompts).toEqual(prompts)
  defineAgent(stage().home.cwd, { name: 'mine', provider: 'claude' })
  await expect.poll(() => lists.tools).toEqual(expect.arrayContaining(pool))
  await expect.poll(() => lists.prompts).toEqual(expect.arrayContaining(['mine', ...prompts]))
  expect(lists.tools).not.toContain('chat')
  const write = () => stage().subagentMcp('chat', 'send', 'project', 'hello', '--from', 'ann')
  // A host is known in the mailbox a second after it has connected.
  await expect.poll(() => write().then(Boolean, () => false)).toBe(true)
  await expect.poll(() => lists.tools).toEqual(expect.arrayContaining(mail))
}

test('[offered-tools] a host gets a tool once it can use that tool, with a notification', async () => {
  await connect({ negotiation: of2026, transport: viaShim }, grows)
})

test.each([
  { how: 'over the shim, of 2025', negotiation: of2025, transport: viaShim },
  { how: 'over a URL, of 2026', negotiation: of2026, transport: viaUrl },
  { how: 'over a URL, of 2025', negotiation: of2025, transport: viaUrl },
])('[offered-tools] a host $how, too', thorough, async (way) => {
  await connect(way, grows)
})

test('[offered-tools] `tools: "all"` offers all of them always', thorough, async () => {
  await stage().configure({ tools: 'all' })
  await connect({ negotiation: of2026, transport: viaShim }, ({ tools }) => {
    expect(tools).toEqual(expect.arrayContaining([...pool, ...mail]))
  })
})

test.each([
  { protocol: '2026', negotiation: of2026 },
  { protocol: '2025', negotiation: of2025 },
])(
  '[offered-tools] a host of $protocol is also notified by the next daemon',
  thorough,
  async ({ negotiation }) => {
    await connect({ negotiation, transport: viaShim }, async (lists) => {
      await stage().subagentMcp('daemon', 'restart')
      // The stage's own host is connected again, so the other one is soon.
      await stage().host.call('list_agents')
      const { home, cwd } = stage().home
      await expect.poll(async () => (await daemonClient(home).health()).hosts).toBe(2)
      // A host of 2026 is notified of changes once it listens to the next daemon, which the test does not see. So the agent is
      // defined and removed in turn until a definition is noticed.
      let isDefined = false
      const listsAfterOneChange = (): readonly string[] => {
        if (isDefined) rmSync(join(cwd, '.subagent-mcp/agents/mine.md'))
        else defineAgent(cwd, { name: 'mine', provider: 'claude' })
        isDefined = !isDefined
        return [...lists.tools, ...lists.prompts]
      }
      await expect
        .poll(listsAfterOneChange, { interval: 1_000 })
        .toEqual(expect.arrayContaining([...pool, 'mine']))
    })
  },
)
