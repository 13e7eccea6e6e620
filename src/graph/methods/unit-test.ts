import { byName } from './named-resource.js'

/** `unit_test:name`, `unit_test:package.name` */
export const unitTest = byName(
  'unit_test',
  'Saved queries must be of the form ${unit_test_name} or ${unit_test_package_name.unit_test_name}',
)
