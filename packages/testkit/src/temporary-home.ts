import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

/** A temporary home folder for provider CLIs, without files of the user. */
export type TemporaryHome = {
  home: string
  /** An empty project folder inside it. */
  cwd: string
  /** The whole environment of a CLI under test: dummy keys, loopback base URLs, telemetry off. */
  environment: Record<string, string>
  /** Deletes the home. */
  remove(): void
}

/** Creates a home in which `claude`, `codex` and `gemini` talk to the model server at `modelUrl` alone. */
export function temporaryHome({ modelUrl }: { modelUrl: string }): TemporaryHome {
  // The real path: CLIs compare it with what the system says, and on macOS the two differ.
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'subagent-home-')))
  const [cwd, temporary] = [join(home, 'project'), join(home, 'tmp')]
  const [codex, gemini] = [join(home, '.codex'), join(home, '.gemini')]
  for (const folder of [cwd, temporary, codex, gemini]) mkdirSync(folder)
  writeFileSync(join(codex, 'config.toml'), codexConfig(modelUrl))
  writeFileSync(join(gemini, 'settings.json'), geminiSettings)
  return {
    home,
    cwd,
    environment: { ...homeVariables(home, temporary), ...providerVariables(modelUrl, codex) },
    remove: () => {
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
    },
  }
}

function homeVariables(home: string, temporary: string): Record<string, string> {
  return {
    HOME: home,
    USERPROFILE: home,
    TMPDIR: temporary,
    // Only what the system brings: a CLI installed by the user must not be found.
    PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'].join(
      delimiter,
    ),
    LANG: 'C.UTF-8',
    SHELL: '/bin/sh',
    NO_PROXY: '127.0.0.1,localhost',
  }
}

function providerVariables(modelUrl: string, codexHome: string): Record<string, string> {
  return {
    ANTHROPIC_BASE_URL: modelUrl,
    ANTHROPIC_API_KEY: 'dummy',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_TELEMETRY: '1',
    OPENAI_API_KEY: 'dummy',
    CODEX_HOME: codexHome,
    GEMINI_API_KEY: 'dummy',
    GOOGLE_GEMINI_BASE_URL: modelUrl,
    GEMINI_CLI_TRUST_WORKSPACE: 'true',
    GEMINI_TELEMETRY_ENABLED: 'false',
  }
}

/** Gemini settings that select the sign-in with a key, which it needs when it has a base URL of its own. */
const geminiSettings = JSON.stringify({ security: { auth: { selectedType: 'gemini-api-key' } } })

function codexConfig(modelUrl: string): string {
  return `model_provider = "loopback"
check_for_update_on_startup = false
[model_providers.loopback]
name = "loopback"
base_url = "${modelUrl}/v1"
wire_api = "responses"
env_key = "OPENAI_API_KEY"
[analytics]
enabled = false
`
}
