/** What is to become of a call, and by what. With `humanOnly` a model's yes does not count. */
export type Decision =
  | { verdict: 'allow' | 'deny'; by: string }
  | { verdict: 'ask'; by: string; humanOnly: boolean }
