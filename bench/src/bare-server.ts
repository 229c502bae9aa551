/**
 * A CLI process that can have several sessions, controlled without our product: the floor for figures of shared
 * processes.
 */
export type BareServer = {
  session(): Promise<BareSession>
  close(): Promise<void>
}

/** One session of such a process. */
export type BareSession = {
  /** Sends a prompt. Resolves when its turn has ended. */
  turn(): Promise<void>
}
