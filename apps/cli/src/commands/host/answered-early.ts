import { defineCommandWithoutTerminal } from '../../command/define-cli-command.js'
import { choiceArgSchema } from '../../command/arg-schemas.js'
import { exitCode } from '../../exit.js'
import { knownShells } from '../../help/completions.js'

// `bin/subagent-mcp.js` answers these commands from small bundles of their own. Here they are declared for their help.

export const answerHookCommand = defineCommandWithoutTerminal(
  {
    description: 'Answer a hook of a host; hosts run this, not people',
    details: ['Prints nothing while orchestration mode is off.'],
    examples: ['hook claude', 'hook codex'],
    isHidden: true,
    words: { host: choiceArgSchema(['claude', 'codex', 'gemini'], 'The host').exactOptional() },
  },
  () => Promise.resolve(exitCode.done),
)

export const completionsCommand = defineCommandWithoutTerminal(
  {
    description: 'Print a script for your shell that completes commands and options at the Tab key',
    details: [
      'bash: add to ~/.bashrc: source <(subagent-mcp completions bash)',
      'zsh:  add to ~/.zshrc after compinit: source <(subagent-mcp completions zsh)',
      'fish: subagent-mcp completions fish > ~/.config/fish/completions/subagent-mcp.fish',
      'powershell: add to $PROFILE: subagent-mcp completions powershell | Out-String | Invoke-Expression',
    ],
    examples: ['completions bash', 'completions fish'],
    words: { shell: choiceArgSchema(knownShells, 'Name of your shell') },
  },
  () => Promise.resolve(exitCode.done),
)
