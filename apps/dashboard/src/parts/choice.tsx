import type { ReactNode } from 'react'

type ChoiceProps = {
  value: string
  /** The options, each with its value and its text. */
  options: readonly (readonly [value: string, text: string])[]
  onChoose: (value: string) => void
  /** The name of the field for readers without sight, where no label stands beside it. */
  name?: string
}

/** A field in which one of several options is chosen. */
export function Choice({ value, options, onChoose, name }: ChoiceProps): ReactNode {
  return (
    <select
      aria-label={name}
      value={value}
      onChange={({ target }) => {
        onChoose(target.value)
      }}
    >
      {options.map(([key, text]) => (
        <option key={key} value={key}>
          {text}
        </option>
      ))}
    </select>
  )
}
