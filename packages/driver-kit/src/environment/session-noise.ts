import { splitAtSpaces, type VariableGroup } from './variable-group.js'

/**
 * Variables that differ between the windows of a user and mean nothing to a CLI without a terminal. Variables that change
 * what a child can do or reach, such as `PATH`, `SSH_AUTH_SOCK`, a proxy or a key, must not be listed here.
 */
export const terminalWindowVariables: readonly VariableGroup[] = [
  {
    reason: 'is where a shell happens to be, and how deep; a session brings its own folder',
    names: splitAtSpaces('PWD OLDPWD SHLVL _'),
  },
  {
    reason: 'describes a terminal, its size and colours, or says which window of it this is',
    names: splitAtSpaces(
      'COLORTERM COLORFGBG COLUMNS LINES WINDOWID WINDOWPATH VTE_VERSION GPG_TTY WT_SESSION',
      'WT_PROFILE_ID SECURITYSESSIONID',
    ),
    prefixes: splitAtSpaces(
      'TERM ITERM LC_TERMINAL KITTY_ WEZTERM_ ALACRITTY_ GHOSTTY_ KONSOLE_ GNOME_TERMINAL_ WARP_',
    ),
  },
  {
    reason: 'says which pane of a terminal multiplexer this is',
    names: ['STY', 'WINDOW'],
    prefixes: ['TMUX', 'ZELLIJ'],
  },
  {
    reason: 'says from where someone logged in, and as which session',
    names: splitAtSpaces('SSH_TTY SSH_CONNECTION SSH_CLIENT XDG_SEAT XDG_VTNR'),
    prefixes: ['XDG_SESSION_'],
    suffixes: ['_SESSION_ID'],
  },
  {
    reason: 'connects to the editor that contains the terminal',
    names: splitAtSpaces(
      'CURSOR_TRACE_ID INSIDE_EMACS NVIM JEDITERM_SOURCE ZED_TERM VSCODE_CWD VSCODE_INJECTION',
      'VSCODE_IPC_HOOK VSCODE_IPC_HOOK_CLI VSCODE_NONCE VSCODE_PID',
    ),
  },
  {
    reason: 'says which script of which package npm, npx, pnpm or yarn runs',
    names: splitAtSpaces(
      'INIT_CWD NODE PROJECT_CWD PNPM_SCRIPT_SRC_DIR BERRY_BIN_FOLDER npm_command npm_execpath',
      'npm_node_execpath npm_config_user_agent npm_config_local_prefix',
    ),
    prefixes: ['npm_package_', 'npm_lifecycle_'],
  },
]
