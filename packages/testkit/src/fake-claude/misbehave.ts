import { randomUUID } from 'node:crypto'
import type { FakeClaudeBehaviour } from './behaviour.js'
import type { TurnResult } from './fake-turn.js'
import { deltaLine, type Line } from './lines.js'

type Write = (line: Line | string) => void

/** Makes a fake `claude` misbehave in a turn as its behaviour says. Returns true when the turn does not continue by itself. */
export function misbehaveInTurn(behaviour: FakeClaudeBehaviour, write: Write): boolean {
  switch (behaviour) {
    case 'hangs-in-turn':
      write(deltaLine('begun'))
      return true
    case 'half-line':
      write('{"type":"assistant","message":{"role":"assist')
      return true
    case 'huge-line':
      write({ type: 'news', text: 'x'.repeat(50 * 1024 * 1024) })
      return false
    case 'oversized-line':
      write(`${'x'.repeat(70 * 1024 * 1024)}\n`)
      return true
    case 'dies-mid-turn':
      process.stderr.write('fake claude: out of memory\n', () => process.kill(process.pid, 'SIGKILL'))
      return true
    case 'unknown-request':
      write({ type: 'control_request', request_id: 'mystery', request: { subtype: 'mystery' } })
      return true
    default:
      return false
  }
}

type Reset = {
  write: Write
  /** The result line before the reset. */
  newest: Line
  finish: (result: TurnResult) => void
}

/** Clears the fake's conversation, or misbehaves at the reset as its behaviour says. */
export function misbehaveAtReset(behaviour: FakeClaudeBehaviour, { write, newest, finish }: Reset): void {
  switch (behaviour) {
    case 'never-resets':
      return
    case 'dies-at-reset':
      process.kill(process.pid, 'SIGKILL')
      return
    case 'late-reset':
      setTimeout(finish, 150, { type: 'cleared' })
      return
    case 'refuses-reset':
      finish({ type: 'refused', status: 500 })
      return
    default:
      finish({ type: 'cleared' })
      if (behaviour === 'result-after-reset') write(newest)
  }
}

/** Writes a result line; some behaviours write it late, twice, or beside a result for other messages. */
export function misbehaveAtResult(behaviour: FakeClaudeBehaviour, line: Line, write: Write): void {
  const others = { user_message_uuid: undefined, user_message_uuids: undefined, result: 'not for you' }
  if (behaviour === 'wrong-uuid') write({ ...line, ...others, user_message_uuids: [randomUUID()] })
  if (behaviour === 'own-turn') write({ ...line, ...others })
  if (behaviour === 'late-result') setTimeout(() => write(line), 150)
  else write(line)
  if (behaviour === 'result-twice') write(line)
}
