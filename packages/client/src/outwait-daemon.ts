import { setTimeout as delay } from 'node:timers/promises'
import { connectSocket } from './connect-socket.js'

const lookMs = 200

/** Resolves when no daemon there is on its way out; calls `onWait` when there is one. It has a limit of its own. */
export async function outwaitDaemon(socketPath: string, onWait: () => void): Promise<void> {
  const socket = await connectSocket(socketPath)
  if (socket === undefined) return
  socket.destroy()
  // It takes 10 ms to load, and as a rule there is none to ask.
  const { isEnding } = await import('./is-ending.js')
  for (let looks = 0; await isEnding(socketPath); looks += 1) {
    if (looks === 0) onWait()
    await delay(lookMs)
  }
}
