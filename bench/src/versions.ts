import { execa } from 'execa'
import { claudePath } from '@subagent-mcp/e2e/cli-paths'

/** The versions that a figure depends on. */
export async function versions(): Promise<Record<string, string>> {
  const claude = await execa(claudePath, ['--version'], {
    env: { PATH: process.env['PATH'] },
    extendEnv: false,
  })
  return { node: process.version, claude: claude.stdout }
}
