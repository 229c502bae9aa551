import { spawn } from 'node:child_process'
import type { FakeAcpBehaviour } from './behaviour.js'
import { textChunk, toolQuestion, type WriteLine } from './lines.js'

/** Misbehaves in a turn as the behaviour says. Returns true when the turn does not continue by itself. */
export function misbehaveInTurn(behaviour: FakeAcpBehaviour, sessionId: string, write: WriteLine): boolean {
  switch (behaviour) {
    case 'half-line':
      write('{"jsonrpc":"2.0","method":"session/upd')
      return true
    case 'huge-line':
      write({ jsonrpc: '2.0', method: 'news', params: 'x'.repeat(50 * 1024 * 1024) })
      return false
    case 'oversized-line':
      write(`${'x'.repeat(70 * 1024 * 1024)}\n`)
      return true
    case 'unknown-request':
      write({ jsonrpc: '2.0', id: 'mystery', method: 'fs/read_text_file', params: { sessionId } })
      return true
    case 'other-session':
      write(textChunk('nobody', 'agent', 'not for you'))
      write(toolQuestion('nobody', { toolCallId: 'theirs', title: 'theirs' }, behaviour))
      return true
    default:
      return false
  }
}

/** Kills the fake ACP agent, with all its sessions, as a `cut` in a script says. */
export function crashFake(): void {
  process.stderr.write('fake acp: out of memory\n', () => process.kill(process.pid, 'SIGKILL'))
}

/** Ignores SIGTERM, and starts a process that ignores it too. */
export function ignoreTerm(): void {
  process.on('SIGTERM', () => undefined)
  setInterval(() => undefined, 1000)
  const loop = 'trap "" TERM HUP INT; while :; do sleep 1; done'
  spawn('/bin/sh', ['-c', loop], { detached: true, stdio: 'ignore' }).unref()
}
