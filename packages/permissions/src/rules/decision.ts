/** The decision on a call, and the rule or preset that made it. With `humanOnly` the approval of a model does not count. */
export type Decision =
  | { verdict: 'allow' | 'deny'; by: string }
  | { verdict: 'ask'; by: string; humanOnly: boolean }
