/**
 * The kinds of text that are searched: the first prompt of an agent, later messages to it, what it said, its tool calls and their
 * output, why a turn failed, and messages of the mailbox.
 */
export const searchTextKinds = ['prompt', 'message', 'answer', 'call', 'output', 'failure', 'mail'] as const

export type SearchTextKind = (typeof searchTextKinds)[number]

/** The properties by which the report of token usage can sum it up. */
export const usageGroupings = [
  'provider',
  'model',
  'account',
  'project',
  'definition',
  'day',
  'agent',
] as const

export type UsageGrouping = (typeof usageGroupings)[number]
