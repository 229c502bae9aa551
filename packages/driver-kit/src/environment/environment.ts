/** Environment variables of a process by name; one whose value is undefined counts as not set. */
export type Environment = Readonly<Record<string, string | undefined>>
