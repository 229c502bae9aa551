/** How many items a page of a mailbox list has: by default, and at most. */
export const pageSizes = { default: 50, longest: 1_000 } as const
