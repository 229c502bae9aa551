import { z } from 'zod'

/** An object with these keys and no others; its error names the keys that there are. */
export function exactly<Shape extends z.core.$ZodLooseShape>(
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
