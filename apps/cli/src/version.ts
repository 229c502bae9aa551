import packageJson from '../package.json' with { type: 'json' }

/** The version of this copy of subagent-mcp. */
export const version: string = packageJson.version
