import { defineCommand } from '../../command/define-command.js'
import { choice } from '../../command/values.js'
import { shells } from '../../help/completions.js'

/** `bin/subagent-mcp.js` answers it from the bundle of the help; this is its help. */
export const completions = defineCommand(
  {
    description: 'Print a script that completes commands and flags in your shell',
    details: [
      'bash: add to ~/.bashrc: source <(subagent-mcp completions bash)',
      'zsh:  add to ~/.zshrc after compinit: source <(subagent-mcp completions zsh)',
      'fish: subagent-mcp completions fish > ~/.config/fish/completions/subagent-mcp.fish',
    ],
    words: { shell: choice(shells, 'The shell') },
  },
  () => Promise.resolve(),
)
