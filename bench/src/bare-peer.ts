import type { TemporaryHome } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { speakJsonRpc, type JsonRpc } from './json-rpc.js'

/** A CLI process that the benchmark starts and controls over JSON-RPC on stdin and stdout. */
export type BareRpcCli = JsonRpc & { close(): Promise<void> }

/** Starts a CLI that speaks JSON-RPC, with the folder and environment of a temporary home. */
export function openBareRpcCli(options: {
  home: TemporaryHome
  command: string
  args: readonly string[]
  /** Variables added to those of the home. */
  variables?: Record<string, string>
}): BareRpcCli {
  const { home, command, args, variables } = options
  const { cwd, environment } = home
  const env = { ...environment, ...variables }
  const cli = execa(command, args, { cwd, env, extendEnv: false, buffer: false, stderr: 'ignore' })
  return {
    ...speakJsonRpc({ input: cli.stdout, output: cli.stdin }),
    close: async () => {
      cli.stdin.end()
      await cli
    },
  }
}
