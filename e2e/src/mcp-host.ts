import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { ElicitRequestSchema, type ElicitResult } from '@modelcontextprotocol/sdk/types.js'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** An MCP host, a client of the 2025 protocol, with a real `subagent-mcp serve` process. */
export type Host = {
  /** Calls a tool. An error answer is returned and does not reject. */
  call(tool: string, input?: object, options?: CallOptions): Promise<ToolAnswer>
  client: Client
  /** The pid of the server process. */
  pid: number
  stderr(): string
  close(): Promise<void>
}

/** Options of one call. After `timeout` milliseconds the SDK gives the call up. */
export type CallOptions = { onProgress?: (message: string) => void; signal?: AbortSignal; timeout?: number }

/** The answer of a tool: its text for the model, and data of the agents in it. */
export type ToolAnswer = { text: string; isError: boolean; agents: AgentData[] }

const Turn = z.looseObject({
  status: z.string(),
  startedAt: z.number(),
  firstOutputAt: z.number().optional(),
  endedAt: z.number(),
  usage: z
    .looseObject({ inputTokens: z.number().optional(), outputTokens: z.number().optional() })
    .optional(),
})

/** The fields of an agent's data that the demo and the tests read. */
export const AgentData = z.looseObject({
  id: z.string(),
  name: z.string().optional(),
  provider: z.string(),
  model: z.string().optional(),
  attempts: z.array(z.looseObject({ tried: z.boolean() })),
  status: z.string(),
  alive: z.boolean(),
  launchedAt: z.number(),
  sessionId: z.string().optional(),
  permissions: z.array(z.looseObject({ requestId: z.string(), tool: z.string() })),
  failure: z.looseObject({ reason: z.string(), message: z.string() }).optional(),
  turns: z.array(Turn),
})
export type AgentData = z.infer<typeof AgentData>

const Result = z.looseObject({
  content: z.array(z.looseObject({ text: z.string() })),
  isError: z.boolean().optional(),
  _meta: z.looseObject({ 'subagent-mcp/agents': z.array(AgentData).optional() }).optional(),
})

/** Launch options by which only Claude runs the agent. */
export const pinnedClaude = { provider: 'claude', model: 'sonnet' }

/** The script that hosts run, as built in this checkout. */
export const serverScript = join(
  dirname(createRequire(import.meta.url).resolve('subagent-mcp/package.json')),
  'bin/subagent-mcp.js',
)

/** Answers an elicitation as a host's user would. `message` is the text that the host shows. */
export type HostUser = (message: string) => Promise<ElicitResult> | ElicitResult

/** Starts a server with this environment and the time limit of this host's calls, and connects to it as a host. */
export async function startHost(options: {
  cwd: string
  environment: Record<string, string>
  script?: string
  args?: string[]
  /** Without a user, the host declares that it cannot show elicitations. */
  user?: HostUser
}): Promise<Host> {
  const { cwd, environment: env, script = serverScript, args = ['serve'], user } = options
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [script, ...args],
    cwd,
    env: { SUBAGENT_MCP_CALL_LIMIT: String(callTimeoutMs / 1000), ...env },
    stderr: 'pipe',
  })
  let stderr = ''
  transport.stderr?.on('data', (chunk: Buffer) => (stderr += String(chunk)))
  const client = new Client({ name: 'host', version: '1' }, user && { capabilities: { elicitation: {} } })
  if (user) client.setRequestHandler(ElicitRequestSchema, ({ params }) => user(params.message))
  await client.connect(transport)
  return {
    client,
    pid: transport.pid ?? 0,
    stderr: () => stderr,
    call: (tool, input = {}, callOptions = {}) =>
      callTool(client, { name: tool, arguments: { ...input } }, callOptions),
    close: () => client.close(),
  }
}

const callTimeoutMs = 120_000

async function callTool(
  client: Client,
  params: { name: string; arguments: Record<string, unknown> },
  { onProgress, signal, timeout = callTimeoutMs }: CallOptions,
): Promise<ToolAnswer> {
  const result = await client.callTool(params, undefined, {
    timeout,
    ...(onProgress && {
      onprogress: ({ message }: { message?: string | undefined }) => {
        onProgress(message ?? '')
      },
    }),
    ...(signal && { signal }),
  })
  const { content, isError = false, _meta } = Result.parse(result)
  const text = content.map((part) => part.text).join('\n')
  return { text, isError, agents: _meta?.['subagent-mcp/agents'] ?? [] }
}
