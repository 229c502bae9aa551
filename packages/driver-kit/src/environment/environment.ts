/** Environment variables by name; those without a value are as if they were not there. */
export type Environment = Readonly<Record<string, string | undefined>>
