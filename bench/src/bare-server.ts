/** A CLI process with several sessions that is controlled without our product: the floor for figures of shared processes. */
export type BareCli = {
  session(): Promise<BareCliSession>
  close(): Promise<void>
}

/** One session of a bare server. */
export type BareCliSession = {
  /** Sends a prompt. Resolves when its turn has ended. */
  turn(): Promise<void>
}
