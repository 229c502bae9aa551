import type { Budget } from '@subagent-mcp/api'
import { omitUndefined } from '@subagent-mcp/contract'
import { z } from 'zod'
import { readUserConfig } from '../../settings/config.js'
import type { Terminal } from '../../terminal/terminal.js'
import { cliParamNotes, integerArgSchema } from '../../command/arg-schemas.js'

/** The options `--budget-usd`, `--budget-tokens` and `--budget-minutes` of commands that give an agent work. */
export const budgetFlags = {
  budgetUsd: amountArg('Most US dollars that the agent, with those that it launches, may cost', '2.50'),
  budgetTokens: integerArgSchema(
    {},
    'Most tokens, cached input included, that the agent, with those that it launches, may use',
  ).exactOptional(),
  budgetMinutes: amountArg(
    'Most minutes that the agent, with those that it launches, may work (60 without a person)',
    '30',
  ),
}

type BudgetArgs = { [Flag in keyof typeof budgetFlags]?: z.output<(typeof budgetFlags)[Flag]> }

/** Separates the budget from the other options of a command. */
export function splitBudgetOptions<Args extends BudgetArgs>(
  args: Args,
): { budget: Budget | undefined; rest: Omit<Args, keyof BudgetArgs> } {
  const { budgetUsd: usd, budgetTokens: tokens, budgetMinutes: minutes, ...rest } = args
  const budget = omitUndefined({ usd, tokens, minutes })
  return { budget: Object.keys(budget).length === 0 ? undefined : budget, rest }
}

function amountArg(description: string, example: string) {
  return z
    .number()
    .positive()
    .describe(description)
    .register(cliParamNotes, { hint: 'amount', takes: `an amount above 0, as ${example}` })
    .exactOptional()
}

/** Returns the budget of a launch. Without a person at the terminal it has the configured limit of minutes, too. */
export function computeLaunchBudget(
  terminal: Pick<Terminal, 'ask' | 'environment'>,
  own: Budget | undefined,
): Budget | undefined {
  return terminal.ask ? own : { ...readUnattendedTimeLimit(terminal), ...own }
}

/** Reads the time limit for work without a person from the user's configuration. @throws SubagentError `config-invalid` */
export function readUnattendedTimeLimit({ environment }: Pick<Terminal, 'environment'>): Budget {
  const { minutes } = readUserConfig(environment).budgets.unattended
  return { minutes }
}
