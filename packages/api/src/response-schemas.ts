import { z } from 'zod'

/** Returns the schema of an object in a response. Unknown keys, which a newer daemon may send, pass; the type has only the known keys. */
export function looseObjectSchema<Shape extends z.ZodRawShape>(shape: Shape): z.ZodType<KnownKeys<Shape>> {
  return z.looseObject(shape)
}

type KnownKeys<Shape extends z.ZodRawShape> = z.output<z.ZodObject<Shape>>

/** Returns the schema of a read-only list. */
export function readonlyListSchema<Output, Input>(
  item: z.ZodType<Output, Input>,
): z.ZodType<readonly Output[], readonly Input[]> {
  return z.array(item)
}
