import type { Project } from '../state/site.js'

interface NodePickerProps {
  readonly project: Project
  readonly label: string
  readonly value: string
  onPick(id: string): void
}

/** A field that completes names of resources. */
export function NodePicker({ project, label, value, onPick }: NodePickerProps) {
  return (
    <label>
      {label}
      <input
        list="node-names"
        defaultValue={value}
        key={value}
        spellcheck={false}
        onChange={(event) => {
          const wanted = event.currentTarget.value.trim()
          const node = project.nodes.find(({ name, id }) => name === wanted || id === wanted)
          if (node !== undefined) onPick(node.id)
        }}
      />
      <datalist id="node-names">
        {project.nodes
          .filter(({ type }) => type !== 'test' && type !== 'unit_test')
          .map(({ id, name }) => (
            <option key={id} value={name} />
          ))}
      </datalist>
    </label>
  )
}
