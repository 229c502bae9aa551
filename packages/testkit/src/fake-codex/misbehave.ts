import type { FakeCodexBehaviour } from './behaviour.js'
import type { Line, WriteLine } from './lines.js'

type Ways = { write: WriteLine; ask: (method: string, params: Line) => void }

/** Makes a fake `codex` misbehave in a turn as its behaviour says. Returns true when the turn does not continue by itself. */
export function misbehaveInTurn(behaviour: FakeCodexBehaviour, { write, ask }: Ways): boolean {
  switch (behaviour) {
    case 'hangs-in-turn':
      return true
    case 'half-line':
      write('{"method":"item/agentMess')
      return true
    case 'oversized-line':
      write(`${'x'.repeat(70 * 1024 * 1024)}\n`)
      return true
    case 'unknown-request':
      ask('mystery/request', {})
      return true
    default:
      return false
  }
}

/** Kills the fake `codex`, with all its threads, as a `cut` in a script says. */
export function crashFake(): void {
  process.stderr.write('fake codex: out of memory\n', () => process.kill(process.pid, 'SIGKILL'))
}
