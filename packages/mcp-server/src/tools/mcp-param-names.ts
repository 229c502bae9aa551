import type { z } from 'zod'

/** The name of a launch option as a tool parameter: in snake case, and `task_category` for `category`. */
export function toMcpParamName(option: string): string {
  return option === 'category'
    ? 'task_category'
    : option.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

type McpName<Option> = Option extends 'category'
  ? 'task_category'
  : Option extends string
    ? Snake<Option>
    : Option
type Snake<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${Snake<Rest>}`
  : ''

type McpShape<Shape> = { [Option in keyof Shape as McpName<Option>]: Shape[Option] }

/** Renames the launch options in a schema to the parameter names of the MCP tools. */
export function toMcpParamNames<Shape extends z.ZodRawShape>(shape: Shape): McpShape<Shape>
export function toMcpParamNames(shape: z.ZodRawShape): z.ZodRawShape {
  return Object.fromEntries(Object.entries(shape).map(([option, schema]) => [toMcpParamName(option), schema]))
}

/** Converts tool parameters back to the names of launch options. */
export function fromMcpParamNames<Shape extends z.ZodRawShape>(
  shape: Shape,
  input: z.output<z.ZodObject<McpShape<Shape>>>,
): z.output<z.ZodObject<Shape>>
export function fromMcpParamNames(shape: z.ZodRawShape, input: object): object {
  const options = new Map(Object.keys(shape).map((option) => [toMcpParamName(option), option]))
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [options.get(name) ?? name, value]))
}
