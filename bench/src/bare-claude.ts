import { execa } from 'execa'
import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import type { BenchStage } from './bench-stage.js'

/** The real CLI, driven by hand: the floor that no server can go below. */
export type BareClaude = {
  /** Sends a prompt and resolves at its result line. */
  turn(prompt?: string): Promise<void>
  /** Clears the conversation, and resolves when that is acknowledged. */
  clear(): Promise<void>
  close(): Promise<void>
}

const Line = z.looseObject({ type: z.string() })

/** Starts it with the arguments that our driver gives, less what costs nothing. */
export function openBareClaude({ home, claude }: Pick<BenchStage, 'home' | 'claude'>): BareClaude {
  const cli = execa(claude, words, {
    cwd: home.cwd,
    env: { ...home.environment, ...quiet },
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

/** One process for one task, as a script would have it: the task on stdin, the answer on stdout. */
export async function runBareClaude({ home, claude }: Pick<BenchStage, 'home' | 'claude'>): Promise<void> {
  await execa(claude, ['-p', '--strict-mcp-config'], {
    cwd: home.cwd,
    env: { ...home.environment, ...quiet },
    extendEnv: false,
    input: '[[say: ok]]',
    stderr: 'ignore',
  })
}

const words = [
  ...['-p', '--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose'],
  ...['--permission-prompt-tool', 'stdio', '--include-partial-messages', '--strict-mcp-config'],
]

/** What our driver sets too, so that both do the same work. */
const quiet = {
  CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '1',
  CLAUDE_CODE_ATTRIBUTION_HEADER: '0',
  DISABLE_AUTOUPDATER: '1',
}
