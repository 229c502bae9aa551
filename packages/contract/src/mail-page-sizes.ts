/** The default and the largest number of items on a page of a mailbox list. */
export const mailPageSizes = { default: 50, longest: 1_000 } as const
