/** Orchestration mode in the project of one caller. `client` is how its host names itself. */
export type ModePort = {
  /** @throws SubagentError */
  get(client: string | undefined): Promise<ModeStatus>
  /** @throws SubagentError */
  set(on: boolean, client: string | undefined): Promise<ModeStatus>
}

/** Whether a project is in the mode, and where it is, whether anything makes the caller's host keep to it. */
export type ModeStatus =
  | { project: string; on: false }
  | {
      project: string
      on: true
      /** Unix milliseconds, as is `expires`. */
      since: number
      by: string
      expires?: number
      enforced: 'hooks' | 'no-hooks-set-up' | 'host-has-none'
    }
