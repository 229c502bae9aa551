import type { DriverAbilities, Driver, DriverSession, TurnOutcome } from '@subagent-mcp/contract'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

// The command answers one prompt a process, so a session keeps nothing between its turns and can do little else.
const no = { resume: false, fork: false, steer: false, approve: false, interrupt: false, reset: false }
const none = { rewind: false, configure: false, toolChoice: false, maxTurns: false, ownMcpServers: false }
const abilities: DriverAbilities = { ...no, ...none, confines: false, usage: false, costs: false }

/** A driver for a program that reads a prompt from stdin and prints its answer. */
export function commandDriver(id: string, command: string, args: readonly string[]): Driver {
  return {
    id,
    abilities,
    preflight: () => undefined,
    installation: () => command,
    probe: () => Promise.resolve({ installed: true, executable: command, version: '1', signedIn: 'unknown' }),
    models: () => Promise.resolve({ type: 'listed', models: [] }),
    effort: () => ({ type: 'none', note: `${id} takes no effort` }),
    open: ({ cwd, environment }, sink) => {
      let child: ChildProcess | undefined
      let isClosed = false
      const run = async (prompt: string): Promise<TurnOutcome> => {
        const started = spawn(command, args, { cwd, env: environment, stdio: ['pipe', 'pipe', 'inherit'] })
        child = started
        started.stdin.on('error', () => undefined).end(prompt)
        const ended = once(started, 'close')
        const answer = await text(started.stdout)
        await ended
        const code = started.exitCode
        if (code === 0) return { type: 'completed', answer }
        return { type: 'failed', failure: { reason: 'crashed', message: `${command} ended with ${code}` } }
      }
      const session: DriverSession = {
        send: (command) => {
          if (command.type !== 'prompt') return
          const failed = (error: unknown): TurnOutcome => ({
            type: 'failed',
            failure: { reason: 'crashed', message: String(error) },
          })
          void run(command.text)
            .catch(failed)
            .then((outcome) => {
              if (!isClosed) sink({ type: 'turn-ended', turnId: command.turnId, outcome })
            })
        },
        close: async () => {
          if (isClosed) return
          isClosed = true
          if (child?.exitCode === null && child.kill('SIGKILL')) await once(child, 'close')
          sink({ type: 'session-closed' })
        },
      }
      return Promise.resolve({ type: 'opened', session })
    },
  }
}
