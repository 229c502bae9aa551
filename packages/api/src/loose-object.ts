import { z } from 'zod'

/** The schema of an object in an answer. Keys that this version does not know pass; the type has only those it knows. */
export function looseObject<Shape extends z.ZodRawShape>(shape: Shape): z.ZodType<KnownKeys<Shape>> {
  return z.looseObject(shape)
}

type KnownKeys<Shape extends z.ZodRawShape> = z.output<z.ZodObject<Shape>>

/** The schema of a list that nobody changes. */
export function listOf<Output, Input>(
  item: z.ZodType<Output, Input>,
): z.ZodType<readonly Output[], readonly Input[]> {
  return z.array(item)
}
