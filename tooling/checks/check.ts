/** What a check found: one line to read, and what must be repaired. */
export type Finding = { summary: string; problems: readonly string[] }

/** Looks at the checkout in `root`, an absolute folder. */
export type Check = (root: string) => Finding | Promise<Finding>
