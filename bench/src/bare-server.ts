/** A CLI that carries sessions, driven by hand: the floor that no server can go below. */
export type BareServer = {
  session(): Promise<BareSession>
  close(): Promise<void>
}

/** A session of it. */
export type BareSession = {
  /** Sends a prompt and resolves at the end of its turn. */
  turn(): Promise<void>
}
