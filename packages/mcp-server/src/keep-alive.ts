import type { ToolContext } from './tool.js'

/** Milliseconds. */
const every = 15_000

/** Tells the host that a call still waits, because hosts may give up on a silent one, until the returned function is called. */
export function keepAlive({ supervisor, progress }: ToolContext, message: string): () => void {
  let cancelNext = (): void => undefined
  const tell = (): void => {
    progress(message)
    cancelNext = supervisor.clock.after(every, tell)
  }
  tell()
  return () => {
    cancelNext()
  }
}
