import type { ResourceType } from '../manifest/index.js'

/** Values of `--resource-type` and `--exclude-resource-type`: types, and the words `all` and `default`. */
export interface ResourceTypeArgs {
  readonly resourceTypes?: readonly string[] | undefined
  readonly excludeResourceTypes?: readonly string[] | undefined
}

/**
 * The types of resource a command selects from.
 * @param possible what `all` means for the command
 * @param usual what it takes without being told
 */
export function chooseResourceTypes(
  args: ResourceTypeArgs,
  possible: ReadonlySet<ResourceType>,
  usual: ReadonlySet<ResourceType> = possible,
): Set<ResourceType> {
  const types = new Set<ResourceType>()
  const wanted = args.resourceTypes ?? []
  for (const word of wanted.length === 0 ? ['default'] : wanted) {
    if (word === 'all') for (const type of possible) types.add(type)
    else if (word === 'default') for (const type of usual) types.add(type)
    else types.add(word as ResourceType)
  }
  for (const type of args.excludeResourceTypes ?? []) types.delete(type as ResourceType)
  return types
}
