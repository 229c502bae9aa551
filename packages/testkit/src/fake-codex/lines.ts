/** A line of a fake's stdout. */
export type Line = Record<string, unknown>

/** Writes a line; a string goes out as it is, without an end. */
export type Write = (line: Line | string) => void

/** The answer to a request. */
export function result(id: number, body: Line = {}): Line {
  return { id, result: body }
}

/** A request that was refused. */
export function refusal(id: number, message: string): Line {
  return { id, error: { code: -32600, message } }
}

/** A thread, as `thread/start` and `thread/resume` answer. */
export function thread(id: string): Line {
  return { thread: { id }, model: 'gpt-6.1-sol' }
}

/** What `model/list` answers. */
export const models: Line = {
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
