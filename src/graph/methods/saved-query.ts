import { byName } from './named-resource.js'

/** `saved_query:name`, `saved_query:package.name` */
export const savedQuery = byName(
  'saved_query',
  'Saved queries must be of the form ${saved_query_name} or ${saved_query_package.saved_query_name}',
)
