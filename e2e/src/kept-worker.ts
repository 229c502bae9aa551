import type { Worker } from './worker-process.js'
import type { Machine } from './worker-stage.js'

/** A worker that is started again when it was killed, as by who supervises it. */
export type RestartedWorker = {
  /** By SIGKILL; resolves when the next one is there. */
  killAndRestart(): Promise<void>
  /** For good, in order. Resolves with its exit code. */
  stop(): Promise<number | null>
  /** Rejects when it ends by itself. */
  died: Promise<never>
}

/** Starts one. */
export async function startRestartedWorker(
  { start }: Machine,
  words: readonly string[],
): Promise<RestartedWorker> {
  let worker: Worker | undefined
  let fail: (error: Error) => void
  const died = new Promise<never>((_, reject) => (fail = reject))
  died.catch(() => undefined) // for those who do not look yet
  const begin = async (): Promise<void> => {
    const started = await start(words)
    worker = started
    void started.ended.then((code) => {
      if (worker === started) fail(new Error(`the worker ended by itself, with ${code}: ${started.stderr()}`))
    })
  }
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    const ended = worker
    worker = undefined
    await ended?.kill(signal)
    return (await ended?.ended) ?? null
  }
  await begin()
  return {
    died,
    killAndRestart: async () => {
      await end('SIGKILL')
      await begin()
    },
    stop: () => end('SIGTERM'),
  }
}
