/** The installation of subagent-mcp on the caller's machine, for hosts whose users have no terminal at hand. */
export type SetupPort = {
  /** Inspects the CLIs, the hosts and the settings, and changes nothing. Asks the CLIs whether they are signed in, which takes seconds. */
  look(): Promise<SetupState>
  /** Writes what the user agreed to, by the ids of the questions, and returns what was done in lines. @throws SubagentError */
  answer(answers: Readonly<Record<string, boolean>>): Promise<readonly string[]>
}

/** Lines that describe what was found, is set up and is wrong; and the setup questions that have no answer yet. */
export type SetupState = { lines: readonly string[]; questions: readonly SetupQuestion[] }

/** A yes-or-no question of setup. `isOn`: the answer that a form shows before the user changes it. */
export type SetupQuestion = { id: string; question: string; description: string; isOn: boolean }
