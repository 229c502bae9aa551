import { geminiPath } from '@subagent-mcp/e2e/cli-paths'
import type { TemporaryHome } from '@subagent-mcp/testkit'
import { z } from 'zod'
import { openBareRpcCli } from './bare-peer.js'
import type { BareCli } from './bare-server.js'

/**
 * Starts Gemini as our driver does. It names a model, because `auto` asks a classifier first, and prevents the second
 * process that Gemini starts to get more memory.
 */
export async function openBareGemini(home: TemporaryHome): Promise<BareCli> {
  const peer = openBareRpcCli({
    home,
    command: geminiPath,
    args: ['--acp', '--model', 'gemini-3.8-flash'],
    variables: { GEMINI_CLI_NO_RELAUNCH: 'true' },
  })
  await peer.request('initialize', { protocolVersion: 1, clientCapabilities: {} })
  return {
    session: async () => {
      const { sessionId } = Session.parse(
        await peer.request('session/new', { cwd: home.cwd, mcpServers: [] }),
      )
      const prompt = [{ type: 'text', text: '[[say: ok]]' }]
      return {
        turn: async () => void Stopped.parse(await peer.request('session/prompt', { sessionId, prompt })),
      }
    },
    close: peer.close,
  }
}

const Session = z.looseObject({ sessionId: z.string() })
const Stopped = z.looseObject({ stopReason: z.literal('end_turn') })
