import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Client as EarlierClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as EarlierTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { thorough } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { missingInServer } from './conformance.js'
import { pinnedClaude } from './mcp-host.js'
import { useServerStage } from './server-stage.js'
import { listenOnUrl, servePlainly, type UrlServer } from './url-host.js'

const stage = useServerStage({}, 'configured', 'fake')

const launch = {
  prompt: 'Say hello. [[say: Hello over HTTP.]]',
  task_category: 'mechanical',
  ...pinnedClaude,
}

const Answer = z.looseObject({ content: z.array(z.looseObject({ text: z.string() })) })

/** The same tool call by a client of either SDK. */
type CallTool = (name: string, input?: Record<string, unknown>) => Promise<unknown>

test('[mcp-url] a host that connects to a URL launches an agent and gets its answer once, with SDK 1, and with SDK 2 with a session or of the 2026 protocol; without the token it is refused', async () => {
  const server = await listenOnUrl(stage())
  for (const connect of [earlierClient, sessionClient, modernClient]) {
    const use = await connect(server)
    expect(textOf(await use('launch_agent', launch))).toContain('agent')
    expect(textOf(await use('wait'))).toContain('Hello over HTTP.')
    expect(textOf(await use('wait'))).toMatch(/^no agent is running/)
  }
  const response = await fetch(server.url, { method: 'POST', body: '{}' })
  expect(response.status).toBe(401)
})

test.each(['2025-11-25', '2026-07-28'] as const)(
  '[mcp-conformance] the official suite for %s finds only what we do not offer',
  thorough,
  async (revision) => {
    const results = join(stage().home.home, 'conformance')
    const listed = missingInServer.flatMap((missing) => missing[revision])
    await servePlainly(await listenOnUrl(stage()), async (url) => {
      expect(await runSuite({ url, revision, results })).toEqual(listed.toSorted())
    })
  },
)

async function modernClient(server: UrlServer): Promise<CallTool> {
  return connectClient(
    new Client({ name: 'modern', version: '1' }, { versionNegotiation: { mode: 'auto' } }),
    server,
  )
}

async function sessionClient(server: UrlServer): Promise<CallTool> {
  return connectClient(new Client({ name: 'with-session', version: '1' }), server)
}

async function connectClient(client: Client, { url, headers }: UrlServer): Promise<CallTool> {
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }))
  onTestFinished(() => client.close())
  return (name, input = {}) => client.callTool({ name, arguments: input })
}

async function earlierClient({ url, headers }: UrlServer): Promise<CallTool> {
  const client = new EarlierClient({ name: 'earlier', version: '1' })
  await client.connect(new EarlierTransport(url, { requestInit: { headers } }))
  onTestFinished(() => client.close())
  return (name, input = {}) => client.callTool({ name, arguments: input })
}

function textOf(answer: unknown): string {
  return Answer.parse(answer)
    .content.map(({ text }) => text)
    .join('\n')
}

const Checks = z.array(z.looseObject({ id: z.string(), status: z.string() }))

/** One run of the suite, and the folder for its results. */
type Run = { url: string; revision: string; results: string }

/** Runs the suite against a server. Returns the failed checks as `scenario/check`, sorted. */
async function runSuite({ url, revision, results }: Run): Promise<string[]> {
  const main = createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/package.json')
  const script = join(dirname(main), 'dist', 'index.js')
  const options = ['server', '--url', url, '--requirements', revision, '--output-dir', results]
  const { stdout } = await execa(process.execPath, ['--import', onOlderNode, script, ...options], {
    reject: false,
  })
  const scenarios = readdirSync(results)
  if (scenarios.length === 0) throw new Error(stdout)
  return scenarios
    .flatMap((folder) => {
      const checks = Checks.parse(JSON.parse(readFileSync(join(results, folder, 'checks.json'), 'utf8')))
      const scenario = folder.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT.*$/, '')
      return checks.filter(({ status }) => status === 'FAILURE').map(({ id }) => `${scenario}/${id}`)
    })
    .toSorted()
}

/** Gives the suite, which is made for Node 22, the function that Node 20 lacks. A server's run does not call it. */
const onOlderNode = moduleUrl(`
  import { register } from 'node:module'
  register(${JSON.stringify(
    moduleUrl(`
      const files = ${JSON.stringify(moduleUrl("export * from 'node:fs'; export const globSync = () => []"))}
      export const resolve = (name, context, next) =>
        name === 'fs' && context.parentURL?.includes('/conformance/') ? { url: files, shortCircuit: true } : next(name, context)
    `),
  )})
`)

function moduleUrl(text: string): string {
  return `data:text/javascript,${encodeURIComponent(text)}`
}
