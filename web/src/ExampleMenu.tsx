import { useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { examples } from './examples'

/** Puts the chosen example into the editor: in this tab if it is empty, else in a new one. */
export function ExampleMenu() {
  const { addTab } = useGraphiQLActions()
  const queryEditor = useGraphiQL((state) => state.queryEditor)
  const variableEditor = useGraphiQL((state) => state.variableEditor)

  function open(title: string) {
    const example = examples.find((candidate) => candidate.title === title)
    if (!example || !queryEditor) return
    if (queryEditor.getValue().trim()) addTab()
    queryEditor.setValue(example.query)
    variableEditor?.setValue('')
    queryEditor.focus()
  }

  return (
    <select
      className="examples"
      aria-label="Ví dụ / Examples"
      value=""
      disabled={!queryEditor}
      onChange={(event) => open(event.target.value)}
    >
      <option value="" disabled hidden>
        Ví dụ / Examples
      </option>
      {examples.map(({ title }) => (
        <option key={title}>{title}</option>
      ))}
    </select>
  )
}
