/** The fields of `T`, where a field that may be `undefined` becomes optional. */
export type WithoutUndefined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** Returns the fields that are not `undefined`, for types whose optional fields must be missing instead. */
export function omitUndefined<T extends object>(fields: T): WithoutUndefined<T>
export function omitUndefined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

/** Returns the variables of an environment that have a value, for types and JSON without `undefined`. */
export function selectDefinedVariables(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const entries = Object.entries(environment)
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}
