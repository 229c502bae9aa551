/** A JSON message of a fake `codex`. */
export type Line = Record<string, unknown>

/** Writes a message of the fake; a text is written as it is, without a line break. */
export type WriteLine = (line: Line | string) => void

/** Creates the fake's answer to a request. */
export function answerLine(id: number, body: Line = {}): Line {
  return { id, result: body }
}

/** Creates the fake's refusal of a request. */
export function refusal(id: number, message: string): Line {
  return { id, error: { code: -32600, message } }
}

/** Creates the fake's answer to `thread/start` and `thread/resume`. */
export function threadAnswer(id: string): Line {
  return { thread: { id }, model: 'gpt-6.1-sol' }
}

/** The answer of a fake `codex` to `model/list`. */
export const modelList: Line = {
  data: [
    {
      id: 'gpt-6.1-sol',
      isDefault: true,
      supportedReasoningEfforts: efforts('low', 'medium', 'high', 'ultra'),
    },
    { id: 'gpt-6-luna', isDefault: false, supportedReasoningEfforts: efforts('low', 'medium') },
    { id: 'gpt-5-mute', isDefault: false, supportedReasoningEfforts: [] },
  ],
}

function efforts(...names: string[]): Line[] {
  return names.map((reasoningEffort) => ({ reasoningEffort }))
}
