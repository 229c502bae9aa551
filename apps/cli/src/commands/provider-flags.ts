/** The flags by which `run` and `worker` say who does it, where that is not left to the routing table. */
export const providerFlags = {
  provider: {
    type: 'string',
    valueHint: 'name',
    description: 'claude, codex, gemini or one of your own: no other is tried',
  },
  prefer: {
    type: 'string',
    valueHint: 'name',
    description: 'A provider that is tried first, then the others',
  },
  model: { type: 'string', valueHint: 'name', description: "One of the provider's models" },
} as const
