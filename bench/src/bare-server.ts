/** A CLI process with several sessions that is controlled without our product: the floor for figures of shared processes. */
export type BareServer = {
  session(): Promise<BareSession>
  close(): Promise<void>
}

/** One session of a bare server. */
export type BareSession = {
  /** Sends a prompt. Resolves when its turn has ended. */
  turn(): Promise<void>
}
