import { setTimeout as delay } from 'node:timers/promises'
import { connectLocalSocket } from './connect-socket.js'

const lookMs = 200

/** Waits until no draining daemon holds the socket; calls `onWait` once if it must wait. The daemon limits its own draining. */
export async function waitForDrainingDaemon(socketPath: string, onWait: () => void): Promise<void> {
  const socket = await connectLocalSocket(socketPath)
  if (socket === undefined) return
  socket.destroy()
  // Loaded only when needed: it takes 10 ms to load, and usually no draining daemon exists.
  const { isDaemonDraining } = await import('./is-daemon-draining.js')
  for (let looks = 0; await isDaemonDraining(socketPath); looks += 1) {
    if (looks === 0) onWait()
    await delay(lookMs)
  }
}
