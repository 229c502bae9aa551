/** The installation of subagent-mcp on the caller's machine, for hosts whose users have no terminal at hand. */
export type SetupPort = {
  /** Looks at the CLIs, the hosts and the settings, and changes nothing. It asks the CLIs whether they are signed in, which takes seconds. */
  look(): Promise<SetupState>
  /** Writes what the user agreed to, by the ids of the questions, and returns what was done in lines. @throws SubagentError */
  answer(answers: Readonly<Record<string, boolean>>): Promise<readonly string[]>
}

/** Lines on what was found, is set up and is wrong; and the questions of setup that have no answer yet. */
export type SetupState = { lines: readonly string[]; questions: readonly SetupQuestion[] }

/** A question of setup. `isOn`: the answer that it has in a form before the user changes it. */
export type SetupQuestion = { id: string; question: string; description: string; isOn: boolean }
