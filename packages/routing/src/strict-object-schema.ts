import { z } from 'zod'

/** A strict object schema whose error for an unknown key lists the known ones. */
export function strictObjectSchema<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape).join(', ')
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `no '${issue.keys.join("', '")}' here; there are ${known}`
        : undefined,
  })
}
