import { createInterface } from 'node:readline'
import { version } from '../version.js'

/**
 * Serves MCP without any tool until stdin ends: the server of a plugin in a host in which `setup` has registered the same
 * server. It does not exit, because hosts show a server that exits as failed.
 */
export function serveNoTools(): void {
  createInterface({ input: process.stdin }).on('line', (line) => {
    const answer = answerTo(parse(line))
    if (answer !== undefined) process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...answer })}\n`)
  })
}

/** The answer to a message; undefined for a notification and for text that is no message. */
function answerTo(message: unknown): object | undefined {
  if (typeof message !== 'object' || message === null || !('id' in message) || !('method' in message))
    return undefined
  const { id, method } = message
  switch (method) {
    case 'initialize':
      return { id, result: { ...welcome, protocolVersion: protocolOf(message) } }
    case 'tools/list':
      return { id, result: { tools: [] } }
    case 'ping':
      return { id, result: {} }
    default:
      return { id, error: { code: -32601, message: 'the entries of `subagent-mcp setup` are in use' } }
  }
}

const welcome = { capabilities: { tools: {} }, serverInfo: { name: 'subagent-mcp', version } }

/** The host's own version of the protocol: what is answered here is the same in all of them. */
function protocolOf(message: object): unknown {
  const params: unknown = Reflect.get(message, 'params')
  return typeof params === 'object' && params !== null ? Reflect.get(params, 'protocolVersion') : undefined
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
