import { execa } from 'execa'
import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import type { BenchStage } from './bench-stage.js'

/** The real Claude CLI, controlled without our product: the floor for figures of Claude agents. */
export type BareClaude = {
  /** Sends a prompt. Resolves when the CLI has printed the result line. */
  turn(prompt?: string): Promise<void>
  /** Clears the conversation. Resolves when the CLI has acknowledged it. */
  clear(): Promise<void>
  close(): Promise<void>
}

const Line = z.looseObject({ type: z.string() })

/** Starts one Claude process that takes many prompts, with those arguments of our driver that cost time. */
export function openBareClaude({ home, claude }: Pick<BenchStage, 'home' | 'claude'>): BareClaude {
  const cli = execa(claude, cliArgs, {
    cwd: home.cwd,
    env: { ...home.environment, ...variables },
    extendEnv: false,
    buffer: false,
    stderr: 'ignore',
  })
  let resolveTurn: () => void = () => undefined
  createInterface({ input: cli.stdout }).on('line', (text) => {
    if (Line.parse(JSON.parse(text)).type === 'result') resolveTurn()
  })
  const write = (message: object): void => void cli.stdin.write(`${JSON.stringify(message)}\n`)
  write({ type: 'control_request', request_id: 'r1', request: { subtype: 'initialize', hooks: {} } })
  const say = (content: string): Promise<void> =>
    new Promise((resolve) => {
      resolveTurn = resolve
      write({ type: 'user', uuid: randomUUID(), message: { role: 'user', content } })
    })
  return {
    turn: (prompt = '[[say: ok]]') => say(prompt),
    clear: () => say('/clear'),
    close: async () => {
      cli.stdin.end()
      await cli
    },
  }
}

/** Runs one Claude process for one task, as a script would: the task on stdin, the answer on stdout. */
export async function runBareClaude({ home, claude }: Pick<BenchStage, 'home' | 'claude'>): Promise<void> {
  await execa(claude, ['-p', '--strict-mcp-config'], {
    cwd: home.cwd,
    env: { ...home.environment, ...variables },
    extendEnv: false,
    input: '[[say: ok]]',
    stderr: 'ignore',
  })
}

const cliArgs = [
  ...['-p', '--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose'],
  ...['--permission-prompt-tool', 'stdio', '--include-partial-messages', '--strict-mcp-config'],
]

/** Variables that our driver sets too, so that both do the same work. */
const variables = {
  CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '1',
  CLAUDE_CODE_ATTRIBUTION_HEADER: '0',
  DISABLE_AUTOUPDATER: '1',
}
