/** The result of a check: a summary in one line, and one line for each problem with what to repair. */
export type CheckResult = { summary: string; problems: readonly string[] }

/** Inspects the checkout whose absolute path is `root`. */
export type Check = (root: string) => CheckResult | Promise<CheckResult>
