import { codexPath } from '@subagent-mcp/e2e/cli-paths'
import type { TemporaryHome } from '@subagent-mcp/testkit'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { openBareRpcCli, type BareRpcCli } from './bare-peer.js'
import type { BareCli, BareCliSession } from './bare-server.js'

/** Starts a Codex app-server from its native binary, as our driver does. npm's launcher would add a Node process. */
export async function openBareCodex(home: TemporaryHome): Promise<BareCli> {
  const peer = openBareRpcCli({ home, command: nativeCodex(), args: ['app-server'] })
  await peer.request('initialize', { clientInfo: { name: 'bench', title: null, version: '0' } })
  peer.notify('initialized')
  return {
    session: async () => {
      const answer = await peer.request('thread/start', { cwd: home.cwd, ...threadParams })
      return openThread(peer, ThreadAnswer.parse(answer).thread.id)
    },
    close: peer.close,
  }
}

const ThreadAnswer = z.looseObject({ thread: z.looseObject({ id: z.string() }) })
const TurnCompleted = z.looseObject({ turn: z.looseObject({ status: z.literal('completed') }) })

/** Parameters that our driver sends too, so that both do the same work. */
const threadParams = {
  approvalPolicy: 'on-request',
  sandbox: 'read-only',
  approvalsReviewer: 'user',
  config: {
    notify: [],
    agents: { enabled: false },
    features: {
      hooks: false,
      goals: false,
      apps: false,
      plugins: false,
      unbounded_connection_retries: false,
    },
  },
}

function openThread(peer: BareRpcCli, threadId: string): BareCliSession {
  return {
    turn: async () => {
      const completed = peer.next('turn/completed')
      const input = [{ type: 'text', text: '[[say: ok]]', text_elements: [] }]
      await peer.request('turn/start', { threadId, input })
      TurnCompleted.parse(await completed)
    },
  }
}

/** The path of the native Codex binary, which npm's launcher would run. */
function nativeCodex(): string {
  const launcher = createRequire(codexPath).resolve('@openai/codex/package.json')
  const platform = `@openai/codex-${process.platform}-${process.arch}/package.json`
  const vendor = join(dirname(createRequire(launcher).resolve(platform)), 'vendor')
  const [target = ''] = readdirSync(vendor)
  return join(vendor, target, 'bin', process.platform === 'win32' ? 'codex.exe' : 'codex')
}
